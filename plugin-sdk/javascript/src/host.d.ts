/**
 * What a converter runs on: the host behind the sandbox, or the one in memory of the test kit.
 *
 * @typedef {object} HostFile
 * @property {(data: Uint8Array) => void} write
 * @property {() => void} finish
 *
 * @typedef {object} Host
 * @property {boolean} wantsEveryLoss whether losses are told beyond the first ones of a code
 * @property {(thrown: unknown) => boolean} [isRefusal] whether an exception is the host's, which ends the run
 * @property {() => import('./contract.js').Project} project
 * @property {() => number} shard
 * @property {(maxBytes: number, decimals?: number) => { words: Uint32Array, numbers: Float64Array, texts: string }} nextTables
 * @property {(path: string) => HostFile} create
 * @property {(path: string, data: Uint8Array) => void} add
 * @property {(path: string, position: number, separator: Uint8Array) => HostFile} section
 * @property {(level: string, message: string) => void} log
 * @property {(done: number) => void} progress
 * @property {(task: number, object: string | undefined, code: string, detail: string) => void} lost
 * @property {(code: string, count: number) => void} lostMore
 * @property {(url: string) => [number, number]} size
 * @property {(url: string) => Uint8Array} read
 */
/**
 * The host behind the sandbox.
 *
 * @param {{ source: any, archive: any, assets: any, diagnostics: any }} imports the contract's interfaces, as the component is given them
 * @returns {Host}
 */
export function sandboxHost({ source, archive, assets, diagnostics }: {
    source: any;
    archive: any;
    assets: any;
    diagnostics: any;
}): Host;
/**
 * What a converter runs on: the host behind the sandbox, or the one in memory of the test kit.
 */
export type HostFile = {
    write: (data: Uint8Array) => void;
    finish: () => void;
};
/**
 * What a converter runs on: the host behind the sandbox, or the one in memory of the test kit.
 */
export type Host = {
    /**
     * whether losses are told beyond the first ones of a code
     */
    wantsEveryLoss: boolean;
    /**
     * whether an exception is the host's, which ends the run
     */
    isRefusal?: (thrown: unknown) => boolean;
    project: () => import("./contract.js").Project;
    shard: () => number;
    nextTables: (maxBytes: number, decimals?: number) => {
        words: Uint32Array;
        numbers: Float64Array;
        texts: string;
    };
    create: (path: string) => HostFile;
    add: (path: string, data: Uint8Array) => void;
    section: (path: string, position: number, separator: Uint8Array) => HostFile;
    log: (level: string, message: string) => void;
    progress: (done: number) => void;
    lost: (task: number, object: string | undefined, code: string, detail: string) => void;
    lostMore: (code: string, count: number) => void;
    size: (url: string) => [number, number];
    read: (url: string) => Uint8Array;
};
