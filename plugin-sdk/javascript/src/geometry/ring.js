/** What can be said of one ring. */

/** Coordinates beyond this many pixels from the origin are no annotation. The bound keeps every product of two differences exact enough. */
export const MAX_COORDINATE = 1e9;

/**
 * Whether every number is finite and of a size that can be a pixel coordinate.
 *
 * @param {ArrayLike<number>} numbers
 * @returns {boolean}
 */
export function isUsable(numbers) {
  for (let at = 0; at < numbers.length; at++) {
    // Not-a-number compares as false.
    if (!(Math.abs(numbers[at]) <= MAX_COORDINATE)) return false;
  }
  return true;
}

/**
 * The ring without a repeated closing point, which some tools add. The same object if there is none.
 *
 * @template {number[] | Float64Array} P
 * @param {P} ring
 * @returns {P}
 */
export function openRing(ring) {
  let end = ring.length - (ring.length % 2);
  while (end > 2 && ring[0] === ring[end - 2] && ring[1] === ring[end - 1]) end -= 2;
  return end === ring.length ? ring : /** @type {P} */ (ring.slice(0, end));
}

/**
 * The area of a ring by the shoelace formula, in square pixels: positive when it runs clockwise on screen.
 *
 * @param {ArrayLike<number>} ring
 * @returns {number}
 */
export function signedArea(ring) {
  if (ring.length < 2) return 0;
  // Relative to the first point, so that a small ring far from the origin keeps its digits.
  const x0 = ring[0];
  const y0 = ring[1];
  let x = 0;
  let y = 0;
  let twice = 0;
  for (let at = 2; at + 1 < ring.length; at += 2) {
    const nextX = ring[at] - x0;
    const nextY = ring[at + 1] - y0;
    twice += x * nextY - nextX * y;
    x = nextX;
    y = nextY;
  }
  return twice / 2;
}

/**
 * The area that a ring encloses, in square pixels.
 *
 * @param {ArrayLike<number>} ring
 * @returns {number}
 */
export function area(ring) {
  return Math.abs(signedArea(ring));
}

/**
 * The area of a region without its holes, never negative, in square pixels.
 *
 * @param {ArrayLike<number>} region
 * @param {readonly ArrayLike<number>[]} holes
 * @returns {number}
 */
export function areaWithHoles(region, holes) {
  let cut = 0;
  for (let at = 0; at < holes.length; at++) cut += area(holes[at]);
  return Math.max(area(region) - cut, 0);
}

/**
 * The corners of a rotated box as V3 exports give them, in the order top-left, bottom-left, bottom-right, top-right.
 *
 * @param {number} x of the top-left corner after rotation
 * @param {number} y of the top-left corner after rotation
 * @param {number} width in pixels
 * @param {number} height in pixels
 * @param {number} rotation in degrees, clockwise on screen
 * @returns {number[]} eight numbers
 */
export function rotatedCorners(x, y, width, height, rotation) {
  const radians = rotation * (Math.PI / 180);
  const sin = Math.sin(radians);
  const cos = Math.cos(radians);
  const acrossX = width * cos;
  const acrossY = width * sin;
  const downX = -height * sin;
  const downY = height * cos;
  return [x, y, x + downX, y + downY, x + downX + acrossX, y + downY + acrossY, x + acrossX, y + acrossY];
}
