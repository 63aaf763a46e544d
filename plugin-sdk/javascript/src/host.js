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
export function sandboxHost({ source, archive, assets, diagnostics }) {
  return {
    wantsEveryLoss: false,
    project: () => plain(source.getProject()),
    shard: source.shard,
    nextTables: source.nextTables,
    create: archive.create,
    add: archive.add,
    section: archive.section,
    log: diagnostics.log,
    progress: (done) => diagnostics.progress(BigInt(done)),
    lost: (task, object, code, detail) => diagnostics.lost(BigInt(task), object, code, detail),
    lostMore: (code, count) => diagnostics.lostMore(code, BigInt(count)),
    size: assets.size,
    read: assets.read,
  };
}

/** A value of the contract with numbers for the integers of 64 bits, and `null` for what is absent. */
function plain(value) {
  if (typeof value === 'bigint') return Number(value);
  if (value === undefined) return null;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
  return value;
}
