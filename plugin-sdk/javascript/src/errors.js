/** How a conversion fails. */

/** The options are wrong in a way that their schema cannot say. */
export class OptionError extends Error {
  /**
   * @param {string} pointer a JSON pointer into the options (`/classes/0`), or `''` for the whole
   * @param {string} reason what is wrong there
   */
  constructor(pointer, reason) {
    super(reason);
    this.name = 'OptionError';
    this.pointer = pointer;
  }
}

/** The export cannot be converted at all. */
export class InputError extends Error {
  /** @param {string} reason why not */
  constructor(reason) {
    super(reason);
    this.name = 'InputError';
  }
}

/** Why the host did not give the size or the bytes of an asset. */
export class FetchError extends Error {
  /**
   * @param {'denied' | 'not-found' | 'too-large' | 'unsupported' | 'failed'} code `denied`: not granted, or the link is not on the host's allow-list;
   *   `unsupported`: not a kind of file whose size the host can read
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.name = 'FetchError';
    this.code = code;
  }
}

/**
 * What is told of an exception: its name and message, and below them where it was thrown, the author's own lines only.
 *
 * @param {unknown} thrown
 * @returns {string}
 */
export function describeThrown(thrown) {
  if (!(thrown instanceof Error)) return `${String(thrown)} was thrown, which is not an Error and so does not say where`;
  const frames = String(thrown.stack ?? '')
    .split('\n')
    .map(readFrame)
    .filter((frame) => frame !== undefined && !isOfSdk(frame.place));
  const lines = frames.slice(0, 20).map(({ name, place }) => `    at ${name === '' ? place : `${name} (${place})`}`);
  const cause = thrown.cause === undefined ? '' : `\ncaused by ${describeThrown(thrown.cause)}`;
  return [`${thrown.name}: ${thrown.message}`, ...lines].join('\n') + cause;
}

/** The engine of the sandbox writes `name@file:line:column`, Node.js `    at name (file:line:column)`. */
function readFrame(line) {
  const found = /^\s*at (?:(.*) \()?(.*?:\d+:\d+)\)?$/.exec(line) ?? /^(.*)@(.*?:\d+:\d+)$/.exec(line);
  return found === null ? undefined : { name: found[1] ?? '', place: found[2] };
}

/** Frames between the host and the author, which he can do nothing about. */
function isOfSdk(place) {
  return /(^|\/)sdk\/javascript\/|plugin-sdk\/javascript\/src\/|\.component\.js:|initializer\.js:|^node:/.test(place);
}
