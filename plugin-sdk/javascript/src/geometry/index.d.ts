export { bridge } from "./bridge.js";
export { Clipper } from "./clip.js";
export { Extent } from "./extent.js";
export { simplify } from "./simplify.js";
export { MAX_COORDINATE, area, areaWithHoles, isUsable, openRing, rotatedCorners, signedArea } from "./ring.js";
export { Shape, Unusable } from "./shape.js";
