/**
 * A text in quotes, escaped as RFC 8259 asks for and no further.
 *
 * @param {string} text
 * @returns {string}
 */
export function formatString(text: string): string;
/**
 * A list of texts.
 *
 * @param {readonly string[]} texts
 * @returns {string}
 */
export function formatStrings(texts: readonly string[]): string;
/**
 * An answer: a text, a list of texts, a flag, a number, or the JSON it came as; `null` when there is none.
 *
 * @param {import('./contract.js').Answer} answer
 * @returns {string}
 */
export function formatAnswer(answer: import("./contract.js").Answer): string;
