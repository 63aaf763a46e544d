/**
 * A file being written: buffered, so that rows can be written in small pieces.
 *
 * Call `finish` at the end; a run that leaves a file without it fails. There are no errors to handle: a host that cannot or must not take the data ends
 * the run.
 */
export class File {
    /**
     * For `Run`, which makes them.
     *
     * @param {{ write(data: Uint8Array): void, finish(): void }} host
     * @param {string} path
     * @param {Map<File, string>} open files that are not finished
     */
    constructor(host: {
        write(data: Uint8Array): void;
        finish(): void;
    }, path: string, open: Map<File, string>);
    /**
     * Appends text, as UTF-8, or bytes.
     *
     * @param {string | Uint8Array} data
     */
    write(data: string | Uint8Array): void;
    /** Sends what is left and closes the file. */
    finish(): void;
    #private;
}
