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
    ring<P extends number[] | Float64Array>(ring: P, width: number, height: number): P | number[] | undefined;
}
