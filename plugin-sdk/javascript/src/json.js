/** JSON text as the Rust SDK writes it. */

import { format } from './number.js';

/**
 * What RFC 8259 asks to be escaped and `JSON.stringify` escapes in another way or besides: it writes `\b` and `\f` for two control characters,
 * and escapes halves of surrogate pairs, which no text from a host holds.
 */
const OTHERWISE_ESCAPED = /[\b\f]/;

/**
 * A text in quotes, escaped as RFC 8259 asks for and no further.
 *
 * @param {string} text
 * @returns {string}
 */
export function formatString(text) {
  const quoted = JSON.stringify(text);
  if (!OTHERWISE_ESCAPED.test(text)) return quoted;
  return quoted.replace(/\\(.)/g, (escape, letter) => (letter === 'b' ? '\\u0008' : letter === 'f' ? '\\u000c' : escape));
}

/**
 * A list of texts.
 *
 * @param {readonly string[]} texts
 * @returns {string}
 */
export function formatStrings(texts) {
  return `[${texts.map(formatString).join(',')}]`;
}

/**
 * An answer: a text, a list of texts, a flag, a number, or the JSON it came as; `null` when there is none.
 *
 * @param {import('./contract.js').Answer} answer
 * @returns {string}
 */
export function formatAnswer(answer) {
  if (answer === null) return 'null';
  if (typeof answer === 'string') return formatString(answer);
  if (typeof answer === 'number') return format(answer);
  if (typeof answer === 'boolean') return answer ? 'true' : 'false';
  return 'json' in answer ? answer.json : formatStrings(answer);
}
