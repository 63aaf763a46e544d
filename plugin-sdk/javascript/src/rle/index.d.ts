export { RleError } from "./error.js";
/** A mask as run lengths. */
export class Rle {
    /**
     * The mask of one ring, by the rule of the COCO tools.
     *
     * @param {ArrayLike<number>} ring
     * @param {number} width of the image, in pixels
     * @param {number} height of the image, in pixels
     * @returns {Rle}
     * @throws {RleError} when the image or the ring is beyond what a mask can hold
     */
    static fromRing(ring: ArrayLike<number>, width: number, height: number): Rle;
    /**
     * The mask of regions without their holes, united over all zones. No zones give an empty mask.
     *
     * @param {readonly { region: ArrayLike<number>, holes: readonly ArrayLike<number>[] }[]} zones
     * @param {number} width of the image, in pixels
     * @param {number} height of the image, in pixels
     * @returns {Rle}
     * @throws {RleError} as `fromRing`; the limit on crossings counts all rings together
     */
    static fromZones(zones: readonly {
        region: ArrayLike<number>;
        holes: readonly ArrayLike<number>[];
    }[], width: number, height: number): Rle;
    /**
     * Reads a compressed text.
     *
     * @param {string} text
     * @param {number} width of the image, in pixels
     * @param {number} height of the image, in pixels
     * @returns {Rle}
     * @throws {RleError} when the text does not add up to an image of this size
     */
    static fromCompressed(text: string, width: number, height: number): Rle;
    /**
     * @param {number} width of the image, in pixels
     * @param {number} height of the image, in pixels
     * @param {readonly number[]} counts the run lengths
     */
    constructor(width: number, height: number, counts: readonly number[]);
    width: number;
    height: number;
    counts: readonly number[];
    /** The compressed text. Its characters are ASCII from `0` to `o`, among them the backslash, which JSON escapes. */
    toCompressed(): string;
    /** How many pixels are set. */
    get area(): number;
    /**
     * What is set in one of the two masks, which must be of the same image.
     *
     * @param {Rle} other
     * @returns {Rle}
     */
    union(other: Rle): Rle;
    /**
     * What is set in this mask and not in the other, which must be of the same image.
     *
     * @param {Rle} other
     * @returns {Rle}
     */
    subtract(other: Rle): Rle;
    /**
     * Every pixel, column by column: 1 where it is set. For tests and small masks.
     *
     * @returns {Uint8Array}
     */
    pixels(): Uint8Array;
    #private;
}
