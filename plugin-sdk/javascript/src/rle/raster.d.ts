/** How many pixels an image has. */
export function pixelCount(width: any, height: any): number;
/** Finds the crossings of rings in one image. */
export class Crossings {
    constructor(width: any, height: any);
    /** The run lengths of a ring. */
    counts(ring: any): number[];
    #private;
}
