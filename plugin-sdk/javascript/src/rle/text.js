/** The compressed text of run lengths: five bits to a character, the difference to the run before the previous one from the fourth run on. */

import { RleError } from './error.js';

/** The text of run lengths. */
export function compress(counts) {
  const codes = [];
  for (let at = 0; at < counts.length; at++) {
    let rest = counts[at] - (at > 2 ? counts[at - 2] : 0);
    for (;;) {
      // Differences have 33 bits, which the engine's shifts do not.
      const bits = ((rest % 32) + 32) % 32;
      rest = Math.floor(rest / 32);
      // The top bit of the last group is the sign.
      const done = rest === (bits & 0x10 ? -1 : 0);
      codes.push(48 + bits + (done ? 0 : 0x20));
      if (done) break;
    }
  }
  let text = '';
  // A call takes so many arguments and no more.
  for (let at = 0; at < codes.length; at += 8192) text += String.fromCharCode.apply(null, codes.slice(at, at + 8192));
  return text;
}

/** The run lengths of a text. */
export function decompress(text) {
  const counts = [];
  let value = 0;
  let scale = 1;
  for (let at = 0; at < text.length; at++) {
    const group = text.charCodeAt(at) - 48;
    if (group < 0 || group >= 64 || scale >= 2 ** 40) throw RleError.malformed();
    value += (group & 0x1f) * scale;
    scale *= 32;
    if (group & 0x20) continue;
    if (group & 0x10) value -= scale;
    if (counts.length > 2) value += counts[counts.length - 2];
    if (value < 0 || value > 0xffff_ffff) throw RleError.malformed();
    counts.push(value);
    value = 0;
    scale = 1;
  }
  if (scale !== 1) throw RleError.malformed();
  return counts;
}
