/** Which paths are portable: the archive's rule, and the way to make a portable path from a free text. */

/** The longest path and the longest name in it, in bytes (contract, `archive`). */
const MAX_PATH = 1024;
const MAX_NAME = 255;
// eslint-disable-next-line no-control-regex
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\\:<>"|?*/]/u;
/** Names that Windows reserves, with any extension. */
const RESERVED = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])$/u;
const encoder = new TextEncoder();

function byteLength(text) {
  return encoder.encode(text).length;
}

/** What is wrong with a path, if anything. */
export function fault(path) {
  if (byteLength(path) > MAX_PATH) return `is ${byteLength(path)} bytes long, ${MAX_PATH} are allowed`;
  return path.split('/').map(nameFault).find((found) => found !== undefined);
}

/** The form in which two paths are the same file on some system. */
export function sameFileKey(path) {
  return path.normalize('NFC').toLowerCase().normalize('NFC');
}

function nameFault(name) {
  if (name === '') return 'has an empty name in it';
  if (name === '.' || name === '..') return `has \`${name}\` in it`;
  if (byteLength(name) > MAX_NAME) return `has a name of ${byteLength(name)} bytes in it, ${MAX_NAME} are allowed`;
  const bad = FORBIDDEN.exec(name);
  if (bad !== null) return `has the character ${JSON.stringify(bad[0])} in it`;
  if (/[. ]$/.test(name)) return `has the name \`${name}\` in it, which ends with a dot or a space`;
  return isReserved(name) ? `has the name \`${name}\` in it, which Windows reserves` : undefined;
}

function isReserved(name) {
  return RESERVED.test(name.split('.')[0].trimEnd().toLowerCase());
}

/** A portable relative path made from a free text, possibly empty. Leaves room for a suffix of 100 bytes in each name. */
export function sanitise(text) {
  const names = text.split('/').filter((name) => name !== '' && name !== '.').map(sanitiseName);
  const path = names.join('/');
  return byteLength(path) > MAX_PATH - 2 * MAX_NAME ? (names.at(-1) ?? '') : path;
}

function sanitiseName(name) {
  let clean = [...name.normalize('NFC')].map((character) => (FORBIDDEN.test(character) ? '_' : character)).join('');
  clean = clean.replace(/[. ]+$/, (tail) => '_'.repeat(tail.length));
  if (isReserved(clean)) clean = `_${clean}`;
  const [stem, extension] = splitExtension(clean);
  const room = MAX_NAME - 100 - Math.min(byteLength(extension), 20);
  if (byteLength(stem) <= room) return clean;
  let cut = '';
  for (const character of stem) {
    if (byteLength(cut + character) > room) break;
    cut += character;
  }
  return cut.replace(/[. ]+$/, '') + (byteLength(extension) <= 20 ? extension : '');
}

/** A path without the last suffix of its name, and that suffix with its dot. */
export function splitExtension(path) {
  const nameAt = path.lastIndexOf('/') + 1;
  const dot = path.slice(nameAt).lastIndexOf('.');
  return dot > 0 ? [path.slice(0, nameAt + dot), path.slice(nameAt + dot)] : [path, ''];
}
