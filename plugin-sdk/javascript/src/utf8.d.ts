/**
 * Gives the bytes of a text, piece by piece, to a function that uses them before it returns.
 *
 * @param {string} text
 * @param {(bytes: Uint8Array) => void} use
 */
export function eachPiece(text: string, use: (bytes: Uint8Array) => void): void;
/**
 * The bytes of a text.
 *
 * @param {string} text
 * @returns {Uint8Array}
 */
export function utf8(text: string): Uint8Array;
