/** A converter, and the way from the component's exports to it. */

import { InputError, OptionError, describeThrown } from './errors.js';
import { readOptions } from './options.js';
import { Run } from './run.js';

const NO_OPTIONS = { type: 'object', properties: {}, additionalProperties: false };

/**
 * What a converter is and does.
 *
 * @template [Options=any]
 * @typedef {object} Converter
 * @property {string} name kebab-case, at most 64 characters
 * @property {string} version semantic
 * @property {string} title one line for people
 * @property {string} format the name of the target format
 * @property {object} [optionsSchema] the JSON Schema of the options; none unless given. The host checks options against it and draws a form from it
 * @property {readonly 'assets'[]} [grants] wanted rights; `assets` is to ask for sizes and bytes of assets
 * @property {boolean} [sequential] asks for one instance that sees all tasks in order. Slower: such a converter uses one core
 * @property {boolean} [history] asks for `task.history`
 * @property {(options: Options, run: Run) => void | Promise<void>} convert converts the tasks of a run, or of one shard of it. `options` have the defaults of
 *   the schema filled in. It throws only when the run as a whole makes no sense: what cannot be converted of a task is reported with `run.lost` instead.
 *   Nothing of a failed run is published
 */

const KNOWN = new Set(['name', 'version', 'title', 'format', 'optionsSchema', 'grants', 'sequential', 'history', 'convert']);

/**
 * A converter, checked: a plugin's module exports it as `default`.
 *
 * @template [Options=any]
 * @param {Converter<Options>} description
 * @returns {Readonly<Converter<Options>>}
 */
export function converter(description) {
  for (const name of ['name', 'version', 'title', 'format']) {
    if (typeof description[name] !== 'string') throw new TypeError(`converter: ${name} is not a string but ${String(description[name])}`);
  }
  if (typeof description.convert !== 'function') throw new TypeError('converter: convert is not a function');
  for (const name of Object.keys(description)) {
    if (!KNOWN.has(name)) throw new TypeError(`converter: ${name} is not known: there are ${[...KNOWN].join(', ')}`);
  }
  return Object.freeze({ ...description });
}

/**
 * What `describe` answers.
 *
 * @param {Converter} description
 */
export function describeConverter({ name, version, title, format, optionsSchema = NO_OPTIONS, grants = [], sequential = false, history = false }) {
  const parallelism = sequential ? 'sequential' : 'independent-tasks';
  return { name, version, title, format, optionsSchema: JSON.stringify(optionsSchema), grants: [...grants], parallelism, history };
}

/**
 * Runs a converter.
 *
 * @param {Converter} description
 * @param {string} options JSON
 * @param {import('./host.js').Host} host
 * @returns {Promise<undefined | { tag: 'options', val: { pointer: string, reason: string } } | { tag: 'input' | 'failed', val: string }>} the failure, if it
 *   is one
 */
export async function runConverter(description, options, host) {
  const run = new Run(host);
  try {
    await description.convert(readOptions(options, description.optionsSchema ?? NO_OPTIONS), run);
  } catch (thrown) {
    if (host.isRefusal?.(thrown)) throw thrown;
    run.end(false);
    if (thrown instanceof OptionError) return { tag: 'options', val: { pointer: thrown.pointer, reason: thrown.message } };
    if (thrown instanceof InputError) return { tag: 'input', val: thrown.message };
    return { tag: 'failed', val: describeThrown(thrown) };
  }
  const unfinished = run.end(true);
  return unfinished === undefined ? undefined : { tag: 'failed', val: `file ${unfinished} was not finished: call finish on it` };
}
