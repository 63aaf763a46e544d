/** What is wrong with a path, if anything. */
export function fault(path: any): any;
/** The form in which two paths are the same file on some system. */
export function sameFileKey(path: any): any;
/** A portable relative path made from a free text, possibly empty. Leaves room for a suffix of 100 bytes in each name. */
export function sanitise(text: any): any;
/** A path without the last suffix of its name, and that suffix with its dot. */
export function splitExtension(path: any): any[];
