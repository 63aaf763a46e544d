/** Why an object covers no area. */
export class Unusable {
    /** A point, a line, a text span: a geometry without area. */
    static UNSUPPORTED: Unusable;
    /** A coordinate is not finite, or astronomically large. */
    static COORDINATES: Unusable;
    /** A ring of less than three points. */
    static TOO_FEW_POINTS: Unusable;
    /** Nothing is left after subtracting holes. */
    static ZERO_AREA: Unusable;
    /** Nothing of it is in the image, or not all of it where that is asked for. */
    static OUT_OF_BOUNDS: Unusable;
    /**
     * @param {string} code the stable code for `run.lost`
     * @param {string} reason the reason for people
     */
    constructor(code: string, reason: string);
    code: string;
    reason: string;
}
/** The area of one object: zones, each a region with holes cut out of it, as rings. */
export class Shape {
    /** The rings in order, each region followed by its holes. */
    rings: any[];
    /** The smallest rectangle around it. */
    extent: Extent;
    /** The area in square pixels: ring areas, those of holes subtracted. */
    area: number;
    /** Whether some of it was cut off at the edges of the image. */
    isClipped: boolean;
    /** How many regions had no area or too few points and were left out. */
    droppedParts: number;
    /**
     * Takes the area of a geometry.
     *
     * @param {import('../contract.js').Geometry} geometry
     * @param {{ width: number, height: number } | undefined} size of the image in pixels; without it nothing is clipped
     * @param {'clip' | 'keep' | 'drop'} [bounds] what happens to an object that leaves the image: it is cut at the edges, stays as it is, or is refused
     * @returns {Unusable | undefined} why there is no area to take, if there is none; what the shape holds then means nothing
     */
    set(geometry: import("../contract.js").Geometry, size: {
        width: number;
        height: number;
    } | undefined, bounds?: "clip" | "keep" | "drop"): Unusable | undefined;
    /** The zones: a region, and its holes. */
    get zones(): {
        region: any;
        holes: any[];
    }[];
    /** How many regions it has. */
    get parts(): number;
    /** Whether something is cut out of it. */
    get hasHoles(): boolean;
    /** Left, top, width and height in pixels. Of an unclipped box exactly what was drawn. */
    get boundingBox(): any[];
    #private;
}
import { Extent } from './extent.js';
