/** What the code that is generated from the contract is made of. */
/** A path: a view of the batch's numbers. */
export function path(numbers: any, at: any): any;
/** A list of paths. */
export function paths({ words, numbers }: {
    words: any;
    numbers: any;
}, list: any): any[];
/** A list of texts. */
export function strings({ words, texts }: {
    words: any;
    texts: any;
}, list: any): any[];
/** A list of records of numbers with these names. */
export function numericList(numbers: any, list: any, names: any): {}[];
/**
 * Lets records be shown: by `JSON.stringify`, and where Node.js prints a value. Without it they would show the tables that they read.
 *
 * @param {Record<string, [Function, string[]]>} types classes and the names of their fields
 */
export function describeRows(types: Record<string, [Function, string[]]>): void;
