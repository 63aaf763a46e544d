/** A JSON object whose known keys are taken out one by one; what stays is unknown. */

import { parseIso } from '../time.js';

/** The object. */
export class Fields {
  #map;
  #what;

  constructor(value, what) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${what} is not an object but ${JSON.stringify(value)}`);
    this.#map = new Map(Object.entries(value));
    this.#what = what;
  }

  /** Takes a key out; `null` counts as absent. */
  take(key) {
    const value = this.#map.get(key);
    this.#map.delete(key);
    return value ?? undefined;
  }

  put(key, value) {
    this.#map.set(key, value);
  }

  firstKey() {
    return this.#map.keys().next().value;
  }

  #wrong(key, wanted, value) {
    return new Error(`\`${key}\` of ${this.#what} is not ${wanted} but ${JSON.stringify(value)}`);
  }

  optionalText(key) {
    const value = this.take(key);
    if (value === undefined) return null;
    // Ids were numbers once.
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    throw this.#wrong(key, 'a text', value);
  }

  text(key) {
    return this.optionalText(key) ?? '';
  }

  number(key) {
    const value = this.take(key);
    if (value === undefined) return null;
    if (typeof value === 'number') return value;
    throw this.#wrong(key, 'a number', value);
  }

  neededNumber(key) {
    const number = this.number(key);
    if (number === null) throw new Error(`\`${key}\` of ${this.#what} is missing`);
    return number;
  }

  /** A whole number. */
  count(key) {
    const number = this.number(key);
    if (number === null || (Number.isSafeInteger(number) && number >= 0)) return number;
    throw new Error(`\`${key}\` of ${this.#what} is not a whole number but ${number}`);
  }

  flag(key) {
    return this.take(key) === true;
  }

  /** An instant, as milliseconds or as ISO 8601: both occur. */
  time(key) {
    const value = this.take(key);
    if (value === undefined) return null;
    if (typeof value === 'number') return Math.trunc(value);
    const instant = typeof value === 'string' ? parseIso(value) : undefined;
    if (instant === undefined) throw this.#wrong(key, 'an instant', value);
    return instant;
  }

  list(key) {
    const value = this.take(key);
    if (value === undefined) return [];
    if (Array.isArray(value)) return value;
    throw this.#wrong(key, 'a list', value);
  }

  /** A list of texts; `null` members are left out, as they occur in batches. */
  texts(key) {
    return this.list(key)
      .filter((item) => item !== null)
      .map((item) => {
        if (typeof item !== 'string') throw this.#wrong(key, 'a list of texts', item);
        return item;
      });
  }

  /** What was not taken; `undefined` if there is nothing. */
  rest() {
    return this.#map.size === 0 ? undefined : Object.fromEntries(this.#map);
  }

  /** The same as JSON. */
  extra() {
    const rest = this.rest();
    return rest === undefined ? null : JSON.stringify(rest);
  }
}
