/** What is wrong with a path, if anything. */
export function fault(path: any): any;
/** The form in which two paths are the same file on some system. */
export function sameFileKey(path: any): string;
/** A portable relative path made from a free text; empty when nothing is left. */
export function sanitise(text: any): any;
/** A path without the last suffix of its name, and that suffix with its dot. `.nii.gz` is one suffix. */
export function splitExtension(path: any): any[];
