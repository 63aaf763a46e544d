/** The archive in memory, with the contract's rules. */

import { fault, sameFileKey } from './portable.js';

/** A call that breaks a rule of the contract; a host ends the run with such a message, and a converter never sees it. */
export class Refusal extends Error {
  constructor(message) {
    super(message);
    this.name = 'Refusal';
  }
}

/** The files of a run. */
export class Archive {
  #files = new Map();
  #joined = new Map();
  /** The path under which each name was first used, by its case-folded form. */
  #names = new Map();

  create(path) {
    this.#claim('create', path);
    return this.#open(path, (data) => this.#files.set(path, data));
  }

  add(path, data) {
    this.#claim('add', path);
    this.#files.set(path, Buffer.from(data));
  }

  section(path, position, separator, shard) {
    if (separator.length > 16) throw new Refusal(`section: separator of \`${path}\` is ${separator.length} bytes long, 16 are allowed`);
    if (!this.#joined.has(path)) {
      this.#claim('section', path);
      this.#joined.set(path, new Map());
    }
    const sections = this.#joined.get(path);
    const section = sections.get(position) ?? { separator: Buffer.from(separator), lastShard: -1, parts: [] };
    sections.set(position, section);
    if (!section.separator.equals(separator)) {
      throw new Refusal(`section: separator of section ${position} of \`${path}\` differs from the one of an earlier call`);
    }
    if (section.lastShard === shard) throw new Refusal(`section: section ${position} of \`${path}\` is started twice in shard ${shard}`);
    section.lastShard = shard;
    return this.#open(path, (data) => {
      if (data.length > 0 && section.parts.length > 0) section.parts.push(section.separator);
      if (data.length > 0) section.parts.push(data);
    });
  }

  /** Every file by path, joined ones put together. */
  files() {
    const files = new Map(this.#files);
    for (const [path, sections] of this.#joined) {
      const ordered = [...sections].sort(([a], [b]) => a - b);
      files.set(path, Buffer.concat(ordered.flatMap(([, section]) => section.parts)));
    }
    return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #open(path, close) {
    const parts = [];
    let isOpen = true;
    return {
      write: (data) => {
        if (!isOpen) throw new Refusal(`write: \`${path}\` is finished`);
        parts.push(Buffer.from(data));
      },
      finish: () => {
        if (!isOpen) throw new Refusal('finish: no such open file');
        isOpen = false;
        close(Buffer.concat(parts));
      },
    };
  }

  #claim(call, path) {
    const wrong = fault(path);
    if (wrong !== undefined) throw new Refusal(`${call}: path \`${path}\` ${wrong}`);
    const key = sameFileKey(path);
    const earlier = this.#names.get(key);
    if (earlier === path) throw new Refusal(`${call}: path \`${path}\` is already used`);
    if (earlier !== undefined) throw new Refusal(`${call}: path \`${path}\` is the same file as \`${earlier}\` on some systems`);
    this.#names.set(key, path);
  }
}
