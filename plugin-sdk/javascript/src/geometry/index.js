/**
 * Geometry that converters share. A path or ring is flat (x0, y0, x1, y1, ...), an array or a `Float64Array`, in pixels, with y downwards;
 * rings are open.
 *
 * The functions are safe against whatever a path holds, but what they compute from coordinates that are not finite or astronomically large
 * means nothing: ask `isUsable` first, and report the object as lost if the answer is no. They give the same results as those of the Rust
 * SDK, bit for bit.
 */

export { bridge } from './bridge.js';
export { Clipper } from './clip.js';
export { Extent } from './extent.js';
export { MAX_COORDINATE, area, areaWithHoles, isUsable, openRing, rotatedCorners, signedArea } from './ring.js';
export { Shape, Unusable } from './shape.js';
export { simplify } from './simplify.js';
