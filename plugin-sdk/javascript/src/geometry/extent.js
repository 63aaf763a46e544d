/** Axis-aligned rectangles. */

/** How far outside an image, in pixels, a coordinate still counts as inside: the rounding of the arithmetic that made it. */
export const TOLERANCE = 1e-9;

/** An axis-aligned rectangle by its left, top, right and bottom edge, in pixels. */
export class Extent {
  /**
   * @param {number} x0 left edge
   * @param {number} y0 top edge
   * @param {number} x1 right edge
   * @param {number} y1 bottom edge
   */
  constructor(x0, y0, x1, y1) {
    this.x0 = x0;
    this.y0 = y0;
    this.x1 = x1;
    this.y1 = y1;
  }

  /**
   * The smallest rectangle around a path; `undefined` for an empty one.
   *
   * @param {ArrayLike<number>} path
   * @returns {Extent | undefined}
   */
  static of(path) {
    if (path.length < 2) return undefined;
    const extent = new Extent(path[0], path[1], path[0], path[1]);
    for (let at = 2; at + 1 < path.length; at += 2) extent.#include(path[at], path[at + 1]);
    return extent;
  }

  /**
   * The rectangle of a box.
   *
   * @param {{ x: number, y: number, width: number, height: number }} bounds
   * @returns {Extent}
   */
  static ofBox({ x, y, width, height }) {
    return new Extent(x, y, x + width, y + height);
  }

  #include(x, y) {
    // Comparisons, as `Math.min` would take not-a-number over.
    if (x < this.x0) this.x0 = x;
    if (x > this.x1) this.x1 = x;
    if (y < this.y0) this.y0 = y;
    if (y > this.y1) this.y1 = y;
  }

  /**
   * The smallest rectangle around both.
   *
   * @param {Extent} other
   * @returns {Extent}
   */
  union(other) {
    const extent = new Extent(this.x0, this.y0, this.x1, this.y1);
    extent.#include(other.x0, other.y0);
    extent.#include(other.x1, other.y1);
    return extent;
  }

  /** Width in pixels. */
  get width() {
    return this.x1 - this.x0;
  }

  /** Height in pixels. */
  get height() {
    return this.y1 - this.y0;
  }

  /** Area in square pixels. */
  get area() {
    return this.width * this.height;
  }

  /**
   * Whether it lies in an image of this size in pixels, to within a billionth of one.
   *
   * @param {number} width
   * @param {number} height
   * @returns {boolean}
   */
  isInside(width, height) {
    return this.x0 >= -TOLERANCE && this.y0 >= -TOLERANCE && this.x1 <= width + TOLERANCE && this.y1 <= height + TOLERANCE;
  }

  /**
   * The part of it in an image of this size in pixels. Outside the image it has no width or no height.
   *
   * @param {number} width
   * @param {number} height
   * @returns {Extent}
   */
  clipped(width, height) {
    return new Extent(clamp(this.x0, width), clamp(this.y0, height), clamp(this.x1, width), clamp(this.y1, height));
  }

  /**
   * The four corners as a ring: top-left, top-right, bottom-right, bottom-left.
   *
   * @returns {number[]}
   */
  ring() {
    return [this.x0, this.y0, this.x1, this.y0, this.x1, this.y1, this.x0, this.y1];
  }
}

/** From 0 to `end`. */
function clamp(number, end) {
  return number < 0 ? 0 : number > end ? end : number;
}
