/** A run as a converter sees it: tasks in, files and reports out. */

import { tasks } from './decoder.js';
import { FetchError } from './errors.js';
import { File } from './file.js';
import { Losses } from './losses.js';
import { utf8 } from './utf8.js';

/** Bytes of packed tasks in a batch: enough that calls do not count, and few enough that its objects die young. */
const BATCH = 256 * 1024;
/** Where the list of tasks lies in the tables. */
const ROOT = 1;

/** One run of the converter, or one shard of it. */
export class Run {
  #host;
  #project;
  #losses = new Losses();
  #open = new Map();
  #tasks = undefined;

  /**
   * For the SDK, which makes it.
   *
   * @param {import('./host.js').Host} host
   */
  constructor(host) {
    this.#host = host;
    this.#project = host.project();
  }

  /**
   * The project: its ontology in project order, its stages and batches. The same in every shard.
   *
   * @returns {import('./contract.js').Project}
   */
  get project() {
    return this.#project;
  }

  /**
   * Which shard of the run this is, from 0. What belongs once into the output is written by shard 0, which always exists.
   *
   * @returns {number}
   */
  get shard() {
    return this.#host.shard();
  }

  /**
   * Whether this is the shard that writes what belongs once into the output.
   *
   * @returns {boolean}
   */
  get isFirstShard() {
    return this.shard === 0;
  }

  /**
   * The tasks of this shard in export order. Reports progress by itself. Called again, it goes on where it was left.
   *
   * With `decimals` (0 to 15) the coordinates of geometries come rounded to so many decimals, as `number.rounded` would: the host rounds many times faster
   * than the engine of the sandbox. A number that is rounded to at most six decimals, and below 10^15, is in text what `number.formatRounded` writes.
   *
   * @param {{ decimals?: number }} [options]
   * @returns {IterableIterator<import('./contract.js').Task>}
   */
  tasks(options = {}) {
    const { decimals } = options;
    if (decimals !== undefined && !(Number.isInteger(decimals) && decimals >= 0 && decimals <= 15)) {
      throw new TypeError(`run.tasks: decimals is not a whole number from 0 to 15 but ${String(decimals)}`);
    }
    // One for the run: what was pulled and not read yet comes next.
    this.#tasks ??= new Tasks(this.#host);
    this.#tasks.decimals = decimals;
    return this.#tasks;
  }

  /**
   * Starts a file of this shard's own; several can be open at once.
   *
   * @param {string} path relative, with `/` between folders, portable, and used once in the export, whichever shard writes it
   * @returns {File}
   */
  create(path) {
    return new File(this.#host.create(path), path, this.#open);
  }

  /**
   * Writes a whole small file.
   *
   * @param {string} path as for `create`
   * @param {string | Uint8Array} data text, which is written as UTF-8, or bytes
   */
  add(path, data) {
    this.#host.add(path, typeof data === 'string' ? utf8(data) : data);
  }

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
  section(path, position, separator = '') {
    return new File(this.#host.section(path, position, utf8(separator)), path, this.#open);
  }

  /**
   * Reports something that the converted export does not hold, or holds only approximately. Dropping something silently is a fault.
   *
   * @param {number} task the task's `index`
   * @param {string | null} object an object id, or `null` when the whole task is meant
   * @param {string} code stable kebab-case of at most 64 characters
   * @param {string | (() => string)} detail for people. Of each code the first hundred are told in full and the others counted; the text that a function
   *   makes is not made for those
   */
  lost(task, object, code, detail) {
    if (!this.#losses.count(code) && !this.#host.wantsEveryLoss) return;
    if (!Number.isSafeInteger(task) || task < 0) throw new TypeError(`run.lost: the task is not an index but ${String(task)}: give task.index`);
    if (typeof code !== 'string') throw new TypeError(`run.lost: the code is not a string but ${String(code)}`);
    this.#host.lost(task, object ?? undefined, code, String(typeof detail === 'function' ? detail() : detail));
  }

  /**
   * A message for the job's log.
   *
   * @param {'debug' | 'info' | 'warning' | 'error'} level
   * @param {string} message
   */
  log(level, message) {
    this.#host.log(level, String(message));
  }

  /**
   * Tasks converted so far in this shard. `tasks` already reports this; only for converters that work after the last task.
   *
   * @param {number} done
   */
  progress(done) {
    this.#host.progress(done);
  }

  /**
   * Width and height in pixels of an image, measured by the host.
   *
   * @param {string} url
   * @returns {{ width: number, height: number }}
   * @throws {FetchError} with the code `denied` unless an admin granted `assets` to the plugin, and for whatever keeps the host from fetching the link
   */
  assetSize(url) {
    const [width, height] = fetched(url, () => this.#host.size(url));
    return { width, height };
  }

  /**
   * The bytes of a brush mask or another small file, fetched by the host.
   *
   * @param {string} url
   * @returns {Uint8Array}
   * @throws {FetchError} as `assetSize`
   */
  assetBytes(url) {
    return fetched(url, () => {
      const bytes = this.#host.read(url);
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    });
  }

  /**
   * For the SDK: what has to be told when the converter is done. The path of a file that it did not finish, if there is one.
   *
   * @param {boolean} isConverted whether it returned
   * @returns {string | undefined}
   */
  end(isConverted) {
    if (!this.#host.wantsEveryLoss) this.#losses.takeUntold().forEach(({ code, more }) => this.#host.lostMore(code, more));
    return isConverted ? this.#open.values().next().value : undefined;
  }
}

/** What a host answers, its refusals as exceptions. */
function fetched(url, ask) {
  try {
    return ask();
  } catch (error) {
    const refusal = error?.payload;
    if (refusal?.tag === undefined) throw error;
    throw new FetchError(refusal.tag, `${url}: ${refusal.val ?? refusal.tag}`);
  }
}

/** The tasks of a shard, pulled from the host in batches. Not a generator: resuming one takes an interpreter longer than this. */
class Tasks {
  decimals = undefined;
  #host;
  #batch = [];
  #at = 0;
  #done = 0;
  #isEnded = false;

  constructor(host) {
    this.#host = host;
  }

  [Symbol.iterator]() {
    return this;
  }

  next() {
    if (this.#at === this.#batch.length && !this.#pull()) return { value: undefined, done: true };
    return { value: this.#batch[this.#at++], done: false };
  }

  #pull() {
    if (this.#isEnded) return false;
    this.#done += this.#batch.length;
    if (this.#done > 0) this.#host.progress(this.#done);
    const { words, numbers: given, texts } = this.#host.nextTables(BATCH, this.decimals);
    // What the host gives comes from another realm, where `instanceof Float64Array` would be false for a converter.
    const numbers = new Float64Array(given.buffer, given.byteOffset, given.length);
    this.#batch = tasks({ words, numbers, texts: JSON.parse(texts) }, ROOT);
    this.#at = 0;
    this.#isEnded = this.#batch.length === 0;
    return !this.#isEnded;
  }
}
