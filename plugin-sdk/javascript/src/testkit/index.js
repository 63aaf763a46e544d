/** Runs a converter natively, in Node.js, against a host in memory. */

import { readFileSync, readdirSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { runConverter } from '../converter.js';
import { Archive, Refusal } from './archive.js';
import { deriveProject } from './project.js';
import { readTasks } from './reader.js';
import { tabulate } from './tabulate.js';

export { deriveProject } from './project.js';
export { readTasks } from './reader.js';

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
  #tasks;
  #project;
  #shardSize = Infinity;
  #sizes = new Map();
  #bytes = new Map();

  /** @param {string} text an export in V3 form, as a JSON array or as NDJSON. The project is derived from it */
  constructor(text) {
    this.#tasks = readTasks(text);
    this.#project = deriveProject(this.#tasks);
  }

  /**
   * Changes the project: an exporting time, a class without instances, ...
   *
   * @param {Partial<import('../contract.js').Project>} changes
   * @returns {this}
   */
  project(changes) {
    this.#project = { ...this.#project, ...changes };
    return this;
  }

  /**
   * How many tasks one shard holds; all of them unless said.
   *
   * @param {number} tasks
   * @returns {this}
   */
  shardSize(tasks) {
    this.#shardSize = Math.max(tasks, 1);
    return this;
  }

  /**
   * Grants `assets`, and says what a link's size in pixels is. Links that are not given answer `not-found`.
   *
   * @param {string} url
   * @param {number} width
   * @param {number} height
   * @returns {this}
   */
  assetSize(url, width, height) {
    this.#sizes.set(url, [width, height]);
    return this;
  }

  /**
   * Grants `assets`, and says what a link's bytes are.
   *
   * @param {string} url
   * @param {Uint8Array} bytes
   * @returns {this}
   */
  assetBytes(url, bytes) {
    this.#bytes.set(url, bytes);
    return this;
  }

  /**
   * Runs a converter over the whole export, shard after shard.
   *
   * @param {import('../converter.js').Converter} converter
   * @param {string} [options] JSON
   * @returns {Promise<Outcome>}
   */
  async run(converter, options = '{}') {
    const archive = new Archive();
    const outcome = { failure: undefined, files: new Map(), lost: [], logs: [] };
    const shards = [];
    const size = converter.sequential ? Infinity : this.#shardSize;
    for (let start = 0; start < Math.max(this.#tasks.length, 1); start += size) shards.push(this.#tasks.slice(start, start + size));
    for (const [shard, tasks] of shards.entries()) {
      const seen = converter.history ? tasks : tasks.map((task) => ({ ...task, history: [] }));
      outcome.failure = await this.#runShard(converter, options, { shard, tasks: seen, archive, outcome });
      if (outcome.failure !== undefined) break;
    }
    outcome.files = archive.files();
    return outcome;
  }

  async #runShard(converter, options, context) {
    const host = this.#host(context);
    try {
      const failure = await runConverter(converter, options, host);
      return host.refused === undefined ? failure : { tag: 'refused', val: host.refused };
    } catch (thrown) {
      if (thrown instanceof Refusal) return { tag: 'refused', val: thrown.message };
      throw thrown;
    }
  }

  /** @returns {import('../host.js').Host & { isRefusal(thrown: unknown): boolean, refused?: string }} */
  #host({ shard, tasks, archive, outcome }) {
    let next = 0;
    const ask = (known, url) => {
      const isGranted = this.#sizes.size + this.#bytes.size > 0;
      if (known.has(url)) return known.get(url);
      throw Object.assign(new Error(url), { payload: { tag: isGranted ? 'not-found' : 'denied' } });
    };
    return {
      wantsEveryLoss: true,
      isRefusal: (thrown) => thrown instanceof Refusal,
      project: () => structuredClone(this.#project),
      shard: () => shard,
      // Small batches, so that a converter that keeps something of one to the next is seen to.
      nextTables: (_maxBytes, decimals) => tabulate(tasks.slice(next, (next += 2)), decimals),
      create: (path) => archive.create(path),
      add: (path, data) => archive.add(path, data),
      section: (path, position, separator) => archive.section(path, position, separator, shard),
      log: (level, message) => outcome.logs.push({ level, message }),
      progress: () => {},
      lost: (task, object, code, detail) => outcome.lost.push({ task, object, code, detail }),
      lostMore: () => {},
      size: (url) => ask(this.#sizes, url),
      read: (url) => ask(this.#bytes, url),
    };
  }
}

/**
 * How often each code was reported.
 *
 * @param {Outcome} outcome
 * @returns {Record<string, number>}
 */
export function countCodes({ lost }) {
  /** @type {Record<string, number>} */
  const codes = {};
  for (const { code } of lost) codes[code] = (codes[code] ?? 0) + 1;
  return codes;
}

/**
 * The golden tests below a folder: folders with `input.ndjson`, `options.json` (none gives `{}`) and `expected`.
 *
 * @param {string} folder
 * @returns {{ name: string, run(converter: import('../converter.js').Converter, shardSize?: number): Promise<Outcome>, expected(): Map<string, string>, bless(outcome: Outcome): void }[]}
 */
export function goldenTests(folder) {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'input.ndjson')));
  return folders.map(({ name }) => {
    const file = (path) => join(folder, name, path);
    return {
      name,
      run: (converter, shardSize = Infinity) => {
        const options = existsSync(file('options.json')) ? readFileSync(file('options.json'), 'utf8') : '{}';
        return new TestKit(readFileSync(file('input.ndjson'), 'utf8')).shardSize(shardSize).run(converter, options);
      },
      expected: () => (existsSync(file('expected')) ? readFolder(file('expected'), '') : new Map()),
      bless: ({ files }) => {
        for (const [path, bytes] of files) {
          mkdirSync(dirname(file(join('expected', path))), { recursive: true });
          writeFileSync(file(join('expected', path)), bytes);
        }
      },
    };
  });
}

/**
 * The files of an outcome as text, as `expected` of a golden test gives them.
 *
 * @param {Outcome} outcome
 * @returns {Map<string, string>}
 */
export function texts({ files }) {
  return new Map([...files].map(([path, bytes]) => [path, bytes.toString('utf8')]));
}

function readFolder(folder, inside) {
  const found = new Map();
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) readFolder(path, `${inside}${entry.name}/`).forEach((text, name) => found.set(name, text));
    else found.set(`${inside}${entry.name}`, readFileSync(path, 'utf8'));
  }
  return found;
}
