/**
 * What is told of an exception: its name and message, and below them where it was thrown, the author's own lines only.
 *
 * @param {unknown} thrown
 * @returns {string}
 */
export function describeThrown(thrown: unknown): string;
/** How a conversion fails. */
/** The options are wrong in a way that their schema cannot say. */
export class OptionError extends Error {
    /**
     * @param {string} pointer a JSON pointer into the options (`/classes/0`), or `''` for the whole
     * @param {string} reason what is wrong there
     */
    constructor(pointer: string, reason: string);
    pointer: string;
}
/** The export cannot be converted at all. */
export class InputError extends Error {
    /** @param {string} reason why not */
    constructor(reason: string);
}
/** Why the host did not give the size or the bytes of an asset. */
export class FetchError extends Error {
    /**
     * @param {'denied' | 'not-found' | 'too-large' | 'unsupported' | 'failed'} code `denied`: not granted, or the link is not on the host's allow-list;
     *   `unsupported`: not a kind of file whose size the host can read
     * @param {string} message
     */
    constructor(code: "denied" | "not-found" | "too-large" | "unsupported" | "failed", message: string);
    code: "denied" | "not-found" | "too-large" | "unsupported" | "failed";
}
