/** Which paths are portable: the archive's rule, and the way to make a portable path from a free text. */

/** The longest path and the longest name in it, in bytes (contract, `archive`). */
const MAX_PATH = 1024;
const MAX_NAME = 255;
/** What a long name is cut to, in bytes: a suffix still fits in where it is taken. */
const MAX_STEM = 180;
/** The longest path that is made here, in bytes. */
const MAX_MADE = 600;
/** The longest extension that a name keeps when it is cut, in bytes. */
const MAX_EXTENSION = 16;
/** What Windows or a shell would stumble over, marks that turn the writing direction, and line breaks that are not control characters. */
const FORBIDDEN = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\\:<>"|?*]/u;
const EVERY_FORBIDDEN = new RegExp(FORBIDDEN, 'gu');
/** Names that Windows reserves, with any extension. */
const RESERVED = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[1-9¹²³])$/u;

const { byteLength } = Buffer;

/** What is wrong with a path, if anything. */
export function fault(path) {
  if (byteLength(path) > MAX_PATH) return `is ${byteLength(path)} bytes long, ${MAX_PATH} are allowed`;
  return path.split('/').map(nameFault).find((found) => found !== undefined);
}

/** The form in which two paths are the same file on some system. */
export function sameFileKey(path) {
  // Upper case first: some letters are one only there (ß and SS, final and other sigma). Then letter by letter, because a whole word would end with another sigma.
  const lower = Array.from(path.normalize('NFC').toUpperCase(), (letter) => letter.toLowerCase());
  return lower.join('').normalize('NFC');
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
  // `trimEnd` would take a byte order mark for a space too.
  return RESERVED.test(name.split('.')[0].replace(/\p{White_Space}+$/u, '').toLowerCase());
}

/** A portable relative path made from a free text; empty when nothing is left. */
export function sanitise(text) {
  const names = text.split(/[/\\]/).filter((name) => !['', '.', '..'].includes(name)).map(sanitiseName);
  // Of a very long path the end tells most.
  let first = names.length;
  for (let length = 0; first > 0; first--) {
    length += byteLength(names[first - 1]) + 1;
    if (length > MAX_MADE) break;
  }
  return names.slice(first).join('/');
}

function sanitiseName(name) {
  const clean = name.replace(EVERY_FORBIDDEN, '_').replace(/[. ]+$/, '_');
  // What is left of a long name may be nothing, or reserved.
  const short = shorten(clean);
  return short === '' || isReserved(short) ? `_${short}` : short;
}

/** Cuts a name in front of its extension. */
function shorten(name) {
  if (byteLength(name) <= MAX_STEM) return name;
  const [stem, suffix] = splitExtension(name);
  const extension = byteLength(suffix) <= MAX_EXTENSION ? suffix : '';
  const bytes = Buffer.from(stem);
  let end = Math.min(MAX_STEM - byteLength(extension), bytes.length);
  // Not within a character.
  while ((bytes[end] & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end).replace(/[. ]+$/, '') + extension;
}

/** A path without the last suffix of its name, and that suffix with its dot. `.nii.gz` is one suffix. */
export function splitExtension(path) {
  const nameAt = path.lastIndexOf('/') + 1;
  const suffix = /(?<=.)(\.nii\.gz|\.[^.]*)$/is.exec(path.slice(nameAt))?.[0] ?? '';
  return [path.slice(0, path.length - suffix.length), suffix];
}
