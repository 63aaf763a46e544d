/** Fewer points for a ring, by the method of Visvalingam and Whyatt: the point goes first whose triangle with its neighbours is smallest. */
/**
 * The ring with at most `maxPoints` points (at least 3), unchanged if it has no more than that. Takes time in proportion to n log n.
 *
 * @param {ArrayLike<number>} ring
 * @param {number} maxPoints
 * @returns {number[]}
 */
export function simplify(ring: ArrayLike<number>, maxPoints: number): number[];
