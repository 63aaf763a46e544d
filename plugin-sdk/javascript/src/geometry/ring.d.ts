/**
 * Whether every number is finite and of a size that can be a pixel coordinate.
 *
 * @param {ArrayLike<number>} numbers
 * @returns {boolean}
 */
export function isUsable(numbers: ArrayLike<number>): boolean;
/**
 * The ring without a repeated closing point, which some tools add. The same object if there is none.
 *
 * @template {number[] | Float64Array} P
 * @param {P} ring
 * @returns {P}
 */
export function openRing<P extends number[] | Float64Array>(ring: P): P;
/**
 * The area of a ring by the shoelace formula, in square pixels: positive when it runs clockwise on screen.
 *
 * @param {ArrayLike<number>} ring
 * @returns {number}
 */
export function signedArea(ring: ArrayLike<number>): number;
/**
 * The area that a ring encloses, in square pixels.
 *
 * @param {ArrayLike<number>} ring
 * @returns {number}
 */
export function area(ring: ArrayLike<number>): number;
/**
 * The area of a region without its holes, never negative, in square pixels.
 *
 * @param {ArrayLike<number>} region
 * @param {readonly ArrayLike<number>[]} holes
 * @returns {number}
 */
export function areaWithHoles(region: ArrayLike<number>, holes: readonly ArrayLike<number>[]): number;
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
export function rotatedCorners(x: number, y: number, width: number, height: number, rotation: number): number[];
/** What can be said of one ring. */
/** Coordinates beyond this many pixels from the origin are no annotation. The bound keeps every product of two differences exact enough. */
export const MAX_COORDINATE: 1000000000;
