/** Axis-aligned rectangles. */
/** How far outside an image, in pixels, a coordinate still counts as inside: the rounding of the arithmetic that made it. */
export const TOLERANCE: 1e-9;
/** An axis-aligned rectangle by its left, top, right and bottom edge, in pixels. */
export class Extent {
    /**
     * The smallest rectangle around a path; `undefined` for an empty one.
     *
     * @param {ArrayLike<number>} path
     * @returns {Extent | undefined}
     */
    static of(path: ArrayLike<number>): Extent | undefined;
    /**
     * The rectangle of a box.
     *
     * @param {{ x: number, y: number, width: number, height: number }} bounds
     * @returns {Extent}
     */
    static ofBox({ x, y, width, height }: {
        x: number;
        y: number;
        width: number;
        height: number;
    }): Extent;
    /**
     * @param {number} x0 left edge
     * @param {number} y0 top edge
     * @param {number} x1 right edge
     * @param {number} y1 bottom edge
     */
    constructor(x0: number, y0: number, x1: number, y1: number);
    x0: number;
    y0: number;
    x1: number;
    y1: number;
    /**
     * The smallest rectangle around both.
     *
     * @param {Extent} other
     * @returns {Extent}
     */
    union(other: Extent): Extent;
    /** Width in pixels. */
    get width(): number;
    /** Height in pixels. */
    get height(): number;
    /** Area in square pixels. */
    get area(): number;
    /**
     * Whether it lies in an image of this size in pixels, to within a billionth of one.
     *
     * @param {number} width
     * @param {number} height
     * @returns {boolean}
     */
    isInside(width: number, height: number): boolean;
    /**
     * The part of it in an image of this size in pixels. Outside the image it has no width or no height.
     *
     * @param {number} width
     * @param {number} height
     * @returns {Extent}
     */
    clipped(width: number, height: number): Extent;
    /**
     * The four corners as a ring: top-left, top-right, bottom-right, bottom-left.
     *
     * @returns {number[]}
     */
    ring(): number[];
    #private;
}
