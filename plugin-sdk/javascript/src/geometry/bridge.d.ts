/**
 * Joins rings, each with at least three points, into one with at most `maxPoints` points. Outer rings are made to run clockwise on screen and
 * holes the other way round; rings are simplified as far as the room asks for.
 *
 * @param {readonly { ring: ArrayLike<number>, hole: boolean }[]} rings
 * @param {number} maxPoints
 * @returns {{ ring: number[], dropped: number }} the ring, and how many rings were left out because there is no room for them: the smallest ones
 */
export function bridge(rings: readonly {
    ring: ArrayLike<number>;
    hole: boolean;
}[], maxPoints: number): {
    ring: number[];
    dropped: number;
};
