/** Cutting rings at the edges of the image: Sutherland and Hodgman, one edge after the other. */

import { Extent } from './extent.js';
import { openRing } from './ring.js';

/** Clips rings. */
export class Clipper {
  /**
   * What is left of a ring with usable coordinates in an image of this size in pixels: the ring itself when all of it is inside (to within a
   * billionth of a pixel), a new one when it is cut, `undefined` when nothing is left, or nothing with an area. A ring that left the image and
   * came back stays one ring, joined along the edge by stretches without area.
   *
   * @template {number[] | Float64Array} P
   * @param {P} ring
   * @param {number} width
   * @param {number} height
   * @returns {P | number[] | undefined}
   */
  ring(ring, width, height) {
    const extent = Extent.of(ring);
    if (extent === undefined) return undefined;
    if (extent.isInside(width, height)) return ring;
    if (extent.x0 >= width || extent.y0 >= height || extent.x1 <= 0 || extent.y1 <= 0) return undefined;
    /** @type {number[] | P} */
    let left = ring;
    if (extent.x0 < 0) left = cut(left, 0, 0, 1);
    if (extent.x1 > width) left = cut(left, 0, width, -1);
    if (extent.y0 < 0) left = cut(left, 1, 0, 1);
    if (extent.y1 > height) left = cut(left, 1, height, -1);
    left = openRing(left);
    return left.length >= 6 ? left : undefined;
  }
}

/** Keeps the side of an edge on which `(coordinate - edge) * side` is not negative. `axis` is 0 for x and 1 for y. */
function cut(from, axis, edge, side) {
  const to = [];
  const end = from.length - (from.length % 2);
  if (end < 2) return to;
  let before = [from[from.length - 2], from[from.length - 1]];
  let depthBefore = (before[axis] - edge) * side;
  for (let at = 0; at < end; at += 2) {
    const point = [from[at], from[at + 1]];
    const depth = (point[axis] - edge) * side;
    if (depth < 0 !== depthBefore < 0) {
      const part = depthBefore / (depthBefore - depth);
      const across = before[1 - axis] + (point[1 - axis] - before[1 - axis]) * part;
      if (axis === 0) push(to, edge, across);
      else push(to, across, edge);
    }
    if (depth >= 0) push(to, point[0], point[1]);
    before = point;
    depthBefore = depth;
  }
  return to;
}

/** Appends a point unless it repeats the last one, as a crossing at a corner would. */
function push(ring, x, y) {
  if (ring.length < 2 || ring[ring.length - 2] !== x || ring[ring.length - 1] !== y) ring.push(x, y);
}
