/**
 * How often each code was reported.
 *
 * @param {Outcome} outcome
 * @returns {Record<string, number>}
 */
export function countCodes({ lost }: Outcome): Record<string, number>;
/**
 * The golden tests below a folder: folders with `input.ndjson`, `options.json` (none gives `{}`) and `expected`.
 *
 * @param {string} folder
 * @returns {{ name: string, run(converter: import('../converter.js').Converter, shardSize?: number): Promise<Outcome>, expected(): Map<string, string>, bless(outcome: Outcome): void }[]}
 */
export function goldenTests(folder: string): {
    name: string;
    run(converter: import("../converter.js").Converter, shardSize?: number): Promise<Outcome>;
    expected(): Map<string, string>;
    bless(outcome: Outcome): void;
}[];
/**
 * The files of an outcome as text, as `expected` of a golden test gives them.
 *
 * @param {Outcome} outcome
 * @returns {Map<string, string>}
 */
export function texts({ files }: Outcome): Map<string, string>;
export { deriveProject } from "./project.js";
export { readTasks } from "./reader.js";
/**
 * What a run left behind.
 *
 * @typedef {object} Outcome
 * @property {undefined | { tag: 'options', val: { pointer: string, reason: string } } | { tag: 'input' | 'failed' | 'refused', val: string }} failure how the run
 *   failed, if it did: as the converter said, or because it broke a rule of the contract (`refused`). The files are there either way; a real host publishes none
 *   of a run that failed
 * @property {Map<string, Buffer>} files every file by path, joined files put together
 * @property {{ task: number, object: string | undefined, code: string, detail: string }[]} lost what was reported as lost, in order
 * @property {{ level: string, message: string }[]} logs what was logged, in order
 */
/** An export to run converters on. */
export class TestKit {
    /** @param {string} text an export in V3 form, as a JSON array or as NDJSON. The project is derived from it */
    constructor(text: string);
    /**
     * Changes the project: an exporting time, a class without instances, ...
     *
     * @param {Partial<import('../contract.js').Project>} changes
     * @returns {this}
     */
    project(changes: Partial<import("../contract.js").Project>): this;
    /**
     * How many tasks one shard holds; all of them unless said.
     *
     * @param {number} tasks
     * @returns {this}
     */
    shardSize(tasks: number): this;
    /**
     * Grants `assets`, and says what a link's size in pixels is. Links that are not given answer `not-found`.
     *
     * @param {string} url
     * @param {number} width
     * @param {number} height
     * @returns {this}
     */
    assetSize(url: string, width: number, height: number): this;
    /**
     * Grants `assets`, and says what a link's bytes are.
     *
     * @param {string} url
     * @param {Uint8Array} bytes
     * @returns {this}
     */
    assetBytes(url: string, bytes: Uint8Array): this;
    /**
     * Runs a converter over the whole export, shard after shard.
     *
     * @param {import('../converter.js').Converter} converter
     * @param {string} [options] JSON
     * @returns {Promise<Outcome>}
     */
    run(converter: import("../converter.js").Converter, options?: string): Promise<Outcome>;
    #private;
}
/**
 * What a run left behind.
 */
export type Outcome = {
    /**
     * how the run
     * failed, if it did: as the converter said, or because it broke a rule of the contract (`refused`). The files are there either way; a real host publishes none
     * of a run that failed
     */
    failure: undefined | {
        tag: "options";
        val: {
            pointer: string;
            reason: string;
        };
    } | {
        tag: "input" | "failed" | "refused";
        val: string;
    };
    /**
     * every file by path, joined files put together
     */
    files: Map<string, Buffer>;
    /**
     * what was reported as lost, in order
     */
    lost: {
        task: number;
        object: string | undefined;
        code: string;
        detail: string;
    }[];
    /**
     * what was logged, in order
     */
    logs: {
        level: string;
        message: string;
    }[];
};
