/**
 * From a ring to run lengths, by the rule of the COCO tools.
 *
 * The rule, found by their authors: coordinates are multiplied by five and rounded; the outline is walked on that fine grid; wherever it
 * passes from the third to the fourth of a pixel column's five fine columns it crosses that column, at a height that is rounded to a pixel;
 * between its crossings a column is alternately empty and set. The tools visit every fine point of the outline. Only the crossings matter, and
 * where they are can be computed, so that the work here depends on the pixel columns that an edge passes, not on its length.
 */

import { RleError } from './error.js';

/** Fine columns and rows in a pixel. */
const FINE = 5;
/** Fine coordinates up to here are exact in every step of the arithmetic below. */
const MAX_COORDINATE = 1e7;
/**
 * The most places at which outlines may cross pixel columns in one mask. A mask of real drawing has some thousands; beyond this the outline
 * is made to hurt, and the numbers alone would fill a sandbox.
 */
const MAX_CROSSINGS = 1 << 22;

const { abs, ceil, floor, max, min, trunc } = Math;

/** How many pixels an image has. */
export function pixelCount(width, height) {
  const pixels = width * height;
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0 && pixels <= 0xffff_ffff)) throw RleError.imageSize();
  return pixels;
}

/** Finds the crossings of rings in one image. */
export class Crossings {
  #width;
  #height;
  #pixels;
  #budget = MAX_CROSSINGS;

  constructor(width, height) {
    this.#pixels = pixelCount(width, height);
    this.#width = width;
    this.#height = height;
  }

  /** The run lengths of a ring. */
  counts(ring) {
    for (let at = 0; at < ring.length; at++) if (!(abs(ring[at]) <= MAX_COORDINATE)) throw RleError.coordinate();
    /** Positions in column order. */
    const list = [];
    const end = ring.length - (ring.length % 2);
    if (end > 0) {
      let fromX = fine(ring[end - 2]);
      let fromY = fine(ring[end - 1]);
      for (let at = 0; at < end; at += 2) {
        const toX = fine(ring[at]);
        const toY = fine(ring[at + 1]);
        this.#edge(list, fromX, fromY, toX, toY);
        fromX = toX;
        fromY = toY;
      }
    }
    list.push(this.#pixels);
    // Typed arrays are sorted as numbers, by native code.
    return runs(Float64Array.from(list).sort());
  }

  #edge(list, fromX, fromY, toX, toY) {
    const dx = abs(toX - fromX);
    const dy = abs(toY - fromY);
    if (dx === 0) return;
    // The rule walks an edge upwards along its longer side, whichever way it was drawn.
    const backwards = dx >= dy ? fromX > toX : fromY > toY;
    const startX = backwards ? toX : fromX;
    const startY = backwards ? toY : fromY;
    const endX = backwards ? fromX : toX;
    const endY = backwards ? fromY : toY;
    // Pixel columns whose crossing lies between the two ends, in the image.
    const first = ceil(max(min(startX, endX) - 2, 0) / 5);
    const last = min(floor((max(startX, endX) - 3) / 5), this.#width - 1);
    if (first > last) return;
    this.#budget -= last - first + 1;
    if (this.#budget < 0) throw RleError.tooComplex();
    if (dx >= dy) {
      const slope = (endY - startY) / dx;
      for (let column = first; column <= last; column++) {
        const step = 5 * column + 3 - startX;
        const row = trunc(startY + slope * step + 0.5);
        const rowBefore = trunc(startY + slope * (step - 1) + 0.5);
        this.#cross(list, column, min(row, rowBefore));
      }
    } else {
      const slope = (endX - startX) / dy;
      const grows = slope > 0;
      for (let column = first; column <= last; column++) {
        // The first step at which the outline is on the far side of the crossing: computed, then put right, as both the division here and
        // the rule's own arithmetic round.
        const wanted = 5 * column + 3;
        let step = min(max(ceil((wanted - 0.5 - startX) / slope), 1), dy);
        while (step > 1 && trunc(startX + slope * (step - 1) + 0.5) >= wanted === grows) step -= 1;
        while (step < dy && trunc(startX + slope * step + 0.5) >= wanted !== grows) step += 1;
        this.#cross(list, column, startY + step - 1);
      }
    }
  }

  /** Notes a crossing of a pixel column at a fine row. */
  #cross(list, column, fineRow) {
    // (fineRow + 0.5) / 5 - 0.5, rounded up, and kept to the image.
    const row = fineRow <= 2 ? 0 : min(floor((fineRow + 2) / 5), this.#height);
    list.push(column * this.#height + row);
  }
}

/** The fine coordinate of a coordinate. It is cut towards zero, as the rule has it. */
function fine(coordinate) {
  return trunc(FINE * coordinate + 0.5);
}

/** Run lengths from sorted positions at which the value changes; two changes at one place are none. */
function runs(changes) {
  const counts = [];
  let before = 0;
  let joined = false;
  for (let at = 0; at < changes.length; at++) {
    const run = changes[at] - before;
    before = changes[at];
    if (joined) {
      counts[counts.length - 1] += run;
      joined = false;
    } else if (run > 0 || at === 0) {
      counts.push(run);
    } else {
      joined = true;
    }
  }
  return counts;
}
