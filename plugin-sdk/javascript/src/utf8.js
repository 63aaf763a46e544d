/** Text as UTF-8. */

const encoder = new TextEncoder();
/** Room for a text that is encoded. The engine of the sandbox encodes into memory that is there six times faster than into new memory. */
const ROOM = 256 * 1024;
let room;

/**
 * Gives the bytes of a text, piece by piece, to a function that uses them before it returns.
 *
 * @param {string} text
 * @param {(bytes: Uint8Array) => void} use
 */
export function eachPiece(text, use) {
  room ??= new Uint8Array(ROOM);
  let rest = text;
  // Makes one piece of memory of a text that was put together of many, which the engine would go through one by one.
  rest.startsWith('.');
  while (rest !== '') {
    const { read, written } = encoder.encodeInto(rest, room);
    use(room.subarray(0, written));
    rest = read === rest.length ? '' : rest.slice(read);
  }
}

/**
 * The bytes of a text.
 *
 * @param {string} text
 * @returns {Uint8Array}
 */
export function utf8(text) {
  return encoder.encode(text);
}
