/** One run of the converter, or one shard of it. */
export class Run {
    /**
     * For the SDK, which makes it.
     *
     * @param {import('./host.js').Host} host
     */
    constructor(host: import("./host.js").Host);
    /**
     * The project: its ontology in project order, its stages and batches. The same in every shard.
     *
     * @returns {import('./contract.js').Project}
     */
    get project(): import("./contract.js").Project;
    /**
     * Which shard of the run this is, from 0. What belongs once into the output is written by shard 0, which always exists.
     *
     * @returns {number}
     */
    get shard(): number;
    /**
     * Whether this is the shard that writes what belongs once into the output.
     *
     * @returns {boolean}
     */
    get isFirstShard(): boolean;
    /**
     * The tasks of this shard in export order. Reports progress by itself. Called again, it goes on where it was left.
     *
     * With `decimals` (0 to 15) the coordinates of geometries come rounded to so many decimals, as `number.rounded` would: the host rounds many times faster
     * than the engine of the sandbox. A number that is rounded to at most six decimals, and below 10^15, is in text what `number.formatRounded` writes.
     *
     * @param {{ decimals?: number }} [options]
     * @returns {IterableIterator<import('./contract.js').Task>}
     */
    tasks(options?: {
        decimals?: number;
    }): IterableIterator<import("./contract.js").Task>;
    /**
     * Starts a file of this shard's own; several can be open at once.
     *
     * @param {string} path relative, with `/` between folders, portable, and used once in the export, whichever shard writes it
     * @returns {File}
     */
    create(path: string): File;
    /**
     * Writes a whole small file.
     *
     * @param {string} path as for `create`
     * @param {string | Uint8Array} data text, which is written as UTF-8, or bytes
     */
    add(path: string, data: string | Uint8Array): void;
    /**
     * Starts this shard's contribution to a section of the joined file at `path`.
     *
     * The joined file is its sections in ascending order of `position`; a section is what the shards wrote into it, in shard order, with `separator` between
     * contributions that are not empty. Within its own contribution a converter writes separators itself.
     *
     * @param {string} path as for `create`, the same in every shard
     * @param {number} position
     * @param {string} [separator] at most 16 bytes, the same in every call
     * @returns {File}
     */
    section(path: string, position: number, separator?: string): File;
    /**
     * Reports something that the converted export does not hold, or holds only approximately. Dropping something silently is a fault.
     *
     * @param {number} task the task's `index`
     * @param {string | null} object an object id, or `null` when the whole task is meant
     * @param {string} code stable kebab-case of at most 64 characters
     * @param {string | (() => string)} detail for people. Of each code the first hundred are told in full and the others counted; the text that a function
     *   makes is not made for those
     */
    lost(task: number, object: string | null, code: string, detail: string | (() => string)): void;
    /**
     * A message for the job's log.
     *
     * @param {'debug' | 'info' | 'warning' | 'error'} level
     * @param {string} message
     */
    log(level: "debug" | "info" | "warning" | "error", message: string): void;
    /**
     * Tasks converted so far in this shard. `tasks` already reports this; only for converters that work after the last task.
     *
     * @param {number} done
     */
    progress(done: number): void;
    /**
     * Width and height in pixels of an image, measured by the host.
     *
     * @param {string} url
     * @returns {{ width: number, height: number }}
     * @throws {FetchError} with the code `denied` unless an admin granted `assets` to the plugin, and for whatever keeps the host from fetching the link
     */
    assetSize(url: string): {
        width: number;
        height: number;
    };
    /**
     * The bytes of a brush mask or another small file, fetched by the host.
     *
     * @param {string} url
     * @returns {Uint8Array}
     * @throws {FetchError} as `assetSize`
     */
    assetBytes(url: string): Uint8Array;
    /**
     * For the SDK: what has to be told when the converter is done. The path of a file that it did not finish, if there is one.
     *
     * @param {boolean} isConverted whether it returned
     * @returns {string | undefined}
     */
    end(isConverted: boolean): string | undefined;
    #private;
}
import { File } from './file.js';
