/**
 * Masks as run lengths, in the form of COCO.
 *
 * Column by column, from the top: first how many pixels are empty, then how many are set, and so on; the numbers add up to the image. The
 * results are those of the Rust SDK, and so those of the COCO tools, bit for bit.
 */

import { Crossings, pixelCount } from './raster.js';
import { RleError } from './error.js';
import { compress, decompress } from './text.js';

export { RleError } from './error.js';

/** A mask as run lengths. */
export class Rle {
  /**
   * @param {number} width of the image, in pixels
   * @param {number} height of the image, in pixels
   * @param {readonly number[]} counts the run lengths
   */
  constructor(width, height, counts) {
    this.width = width;
    this.height = height;
    this.counts = counts;
  }

  /**
   * The mask of one ring, by the rule of the COCO tools.
   *
   * @param {ArrayLike<number>} ring
   * @param {number} width of the image, in pixels
   * @param {number} height of the image, in pixels
   * @returns {Rle}
   * @throws {RleError} when the image or the ring is beyond what a mask can hold
   */
  static fromRing(ring, width, height) {
    return new Rle(width, height, new Crossings(width, height).counts(ring));
  }

  /**
   * The mask of regions without their holes, united over all zones. No zones give an empty mask.
   *
   * @param {readonly { region: ArrayLike<number>, holes: readonly ArrayLike<number>[] }[]} zones
   * @param {number} width of the image, in pixels
   * @param {number} height of the image, in pixels
   * @returns {Rle}
   * @throws {RleError} as `fromRing`; the limit on crossings counts all rings together
   */
  static fromZones(zones, width, height) {
    const crossings = new Crossings(width, height);
    const masks = [];
    for (let at = 0; at < zones.length; at++) {
      const { region, holes } = zones[at];
      let mask = new Rle(width, height, crossings.counts(region));
      const cut = [];
      for (let hole = 0; hole < holes.length; hole++) cut.push(new Rle(width, height, crossings.counts(holes[hole])));
      if (cut.length > 0) mask = mask.subtract(unionAll(cut));
      masks.push(mask);
    }
    return masks.length > 0 ? unionAll(masks) : new Rle(width, height, [pixelCount(width, height)]);
  }

  /**
   * Reads a compressed text.
   *
   * @param {string} text
   * @param {number} width of the image, in pixels
   * @param {number} height of the image, in pixels
   * @returns {Rle}
   * @throws {RleError} when the text does not add up to an image of this size
   */
  static fromCompressed(text, width, height) {
    const counts = decompress(text);
    let total = 0;
    for (let at = 0; at < counts.length; at++) total += counts[at];
    if (total !== pixelCount(width, height)) throw RleError.malformed();
    return new Rle(width, height, counts);
  }

  /** The compressed text. Its characters are ASCII from `0` to `o`, among them the backslash, which JSON escapes. */
  toCompressed() {
    return compress(this.counts);
  }

  /** How many pixels are set. */
  get area() {
    let area = 0;
    for (let at = 1; at < this.counts.length; at += 2) area += this.counts[at];
    return area;
  }

  /**
   * What is set in one of the two masks, which must be of the same image.
   *
   * @param {Rle} other
   * @returns {Rle}
   */
  union(other) {
    return this.#combine(other, (a, b) => a || b);
  }

  /**
   * What is set in this mask and not in the other, which must be of the same image.
   *
   * @param {Rle} other
   * @returns {Rle}
   */
  subtract(other) {
    return this.#combine(other, (a, b) => a && !b);
  }

  #combine(other, isSet) {
    const a = new Runs(this.counts);
    const b = new Runs(other.counts);
    const counts = [];
    let value = false;
    let run = 0;
    while (a.fill() && b.fill()) {
      const step = Math.min(a.left, b.left);
      const set = isSet(a.value, b.value);
      if (set !== value) {
        counts.push(run);
        value = set;
        run = 0;
      }
      run += step;
      a.left -= step;
      b.left -= step;
    }
    counts.push(run);
    return new Rle(this.width, this.height, counts);
  }

  /**
   * Every pixel, column by column: 1 where it is set. For tests and small masks.
   *
   * @returns {Uint8Array}
   */
  pixels() {
    const pixels = new Uint8Array(pixelCount(this.width, this.height));
    let start = 0;
    for (let at = 0; at < this.counts.length; at++) {
      const end = start + this.counts[at];
      if (at % 2 === 1) pixels.fill(1, start, end);
      start = end;
    }
    return pixels;
  }
}

/** Unites pairwise, so that many masks cost their total length times the logarithm of their number. */
function unionAll(all) {
  let masks = all;
  while (masks.length > 1) {
    const united = [];
    for (let at = 0; at < masks.length; at += 2) united.push(at + 1 < masks.length ? masks[at].union(masks[at + 1]) : masks[at]);
    masks = united;
  }
  return masks[0];
}

/** Runs being walked through. */
class Runs {
  value = true;
  left = 0;
  #counts;
  #at = 0;

  constructor(counts) {
    this.#counts = counts;
  }

  /** Goes on to the next run that is not empty, if the current one is used up. Whether there is one. */
  fill() {
    while (this.left === 0) {
      if (this.#at === this.#counts.length) return false;
      this.left = this.#counts[this.#at];
      this.#at += 1;
      this.value = !this.value;
    }
    return true;
  }
}
