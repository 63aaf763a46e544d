/**
 * Tasks as the tables that a host gives: so that a converter reads, natively too, with the code that it reads with in the sandbox. The rules stand beside
 * `next-tables` in the contract.
 */

import { rounded } from '../number.js';
import { SCHEMA } from './schema.js';

/**
 * The tables of some tasks.
 *
 * @param {readonly object[]} tasks
 * @param {number} [decimals] what coordinates are rounded to
 * @returns {{ words: Uint32Array, numbers: Float64Array, texts: string }}
 */
export function tabulate(tasks, decimals) {
  const writer = new Writer(decimals);
  writer.list('task', tasks);
  return { words: Uint32Array.from(writer.words), numbers: Float64Array.from(writer.numbers), texts: JSON.stringify(writer.texts) };
}

class Writer {
  words = [0];
  numbers = [0];
  texts = [null];
  #known = new Map();
  #decimals;
  #isGeometry = false;

  constructor(decimals) {
    this.#decimals = decimals;
  }

  /** Writes a list of words or numbers, and says where it lies. */
  list(type, items) {
    if (isNumeric(type)) {
      const place = this.#number(items.length);
      for (const item of items) this.#numeric(type, item);
      return place;
    }
    const record = SCHEMA[type]?.record;
    const width = record === undefined ? 1 : widthOf(record);
    const place = this.#reserve(1 + items.length * width);
    this.words[place] = items.length;
    items.forEach((item, at) => {
      const element = place + 1 + at * width;
      if (record === undefined) this.#field(type, item, element);
      else this.#fields(record, item, element);
    });
    return place;
  }

  #reserve(count) {
    const place = this.words.length;
    for (let left = count; left > 0; left--) this.words.push(0);
    return place;
  }

  #number(number) {
    return this.numbers.push(number) - 1;
  }

  #coordinate(number) {
    return this.#number(this.#isGeometry && this.#decimals !== undefined ? rounded(number, this.#decimals) + 0 : number);
  }

  #text(text) {
    if (!this.#known.has(text)) this.#known.set(text, this.texts.push(text) - 1);
    return this.#known.get(text);
  }

  #numeric(type, value) {
    if (type === 'f64') this.#coordinate(value);
    else for (const [name] of SCHEMA[type].record) this.#coordinate(value[name]);
  }

  #fields(record, value, start) {
    let place = start;
    for (const [name, type] of record) {
      this.#field(type, value[name], place);
      place += wordsOf(type);
    }
  }

  #field(type, value, place) {
    if (type.option !== undefined) {
      if (value !== null && value !== undefined) this.#field(type.option, value, place);
    } else if (type.list !== undefined) {
      if (value.length > 0) this.words[place] = this.list(type.list, value);
    } else if (type === 'string') {
      this.words[place] = this.#text(value);
    } else if (type === 'bool') {
      this.words[place] = value ? 1 : 0;
    } else if (type === 'integer') {
      this.words[place] = this.#number(value);
    } else if (type === 'f64') {
      this.words[place] = this.#coordinate(value);
    } else {
      this.#defined(type, value, place);
    }
  }

  #defined(name, value, place) {
    const { record, cases, enum: names } = SCHEMA[name];
    if (names !== undefined) {
      this.words[place] = names.indexOf(value);
    } else if (cases !== undefined) {
      this.#variant(name, cases, value, place);
    } else if (isNumeric(name)) {
      this.words[place] = this.numbers.length;
      this.#numeric(name, value);
    } else {
      const row = this.#reserve(widthOf(record));
      this.words[place] = row;
      this.#fields(record, value, row);
    }
  }

  #variant(name, cases, value, place) {
    const [number, payload] = name === 'answer' ? answerCase(value) : taggedCase(cases, value);
    this.words[place] = number;
    if (cases[number].payload === undefined) return;
    const outer = this.#isGeometry;
    this.#isGeometry ||= name === 'geometry';
    this.#field(cases[number].payload, payload, place + 1);
    this.#isGeometry = outer;
  }
}

function isNumeric(type) {
  return type === 'f64' || SCHEMA[type]?.isNumeric === true;
}

function wordsOf(type) {
  return SCHEMA[type]?.cases?.some(({ payload }) => payload !== undefined) ? 2 : 1;
}

function widthOf(record) {
  return record.reduce((sum, [, type]) => sum + wordsOf(type), 0);
}

/** The number of an object's case, and what its payload is: itself, or one of its fields. */
function taggedCase(cases, value) {
  const number = cases.findIndex(({ kind }) => kind === value.kind);
  if (number < 0) throw new Error(`there is no kind ${String(value.kind)}`);
  const { field } = cases[number];
  return [number, field === undefined ? value : value[field]];
}

function answerCase(value) {
  if (value === null) return [0];
  if (typeof value === 'string') return [1, value];
  if (Array.isArray(value)) return [2, value];
  if (typeof value === 'boolean') return [3, value];
  return typeof value === 'number' ? [4, value] : [5, value.json];
}
