/** The area that an object covers, whatever it was drawn with: the common ground of converters to formats of areas. */

import { Clipper } from './clip.js';
import { Extent } from './extent.js';
import { area, isUsable, openRing } from './ring.js';

/** Areas below this, in square pixels, are none. */
const NO_AREA = 1e-9;

/** Why an object covers no area. */
export class Unusable {
  /**
   * @param {string} code the stable code for `run.lost`
   * @param {string} reason the reason for people
   */
  constructor(code, reason) {
    this.code = code;
    this.reason = reason;
    Object.freeze(this);
  }

  /** A point, a line, a text span: a geometry without area. */
  static UNSUPPORTED = new Unusable('geometry-unsupported', 'has no area');
  /** A coordinate is not finite, or astronomically large. */
  static COORDINATES = new Unusable('coordinates-unusable', 'has a coordinate that is not finite or far beyond any image');
  /** A ring of less than three points. */
  static TOO_FEW_POINTS = new Unusable('too-few-points', 'has less than three points');
  /** Nothing is left after subtracting holes. */
  static ZERO_AREA = new Unusable('zero-area', 'encloses no area');
  /** Nothing of it is in the image, or not all of it where that is asked for. */
  static OUT_OF_BOUNDS = new Unusable('out-of-bounds', 'is outside the image');
}

const { UNSUPPORTED, COORDINATES, TOO_FEW_POINTS, ZERO_AREA, OUT_OF_BOUNDS } = Unusable;

/** The area of one object: zones, each a region with holes cut out of it, as rings. */
export class Shape {
  /** The rings in order, each region followed by its holes. */
  rings = [];
  /** The smallest rectangle around it. */
  extent = new Extent(0, 0, 0, 0);
  /** The area in square pixels: ring areas, those of holes subtracted. */
  area = 0;
  /** Whether some of it was cut off at the edges of the image. */
  isClipped = false;
  /** How many regions had no area or too few points and were left out. */
  droppedParts = 0;
  #drawnSize = undefined;
  #hasExtent = false;
  #clipper = new Clipper();

  /**
   * Takes the area of a geometry.
   *
   * @param {import('../contract.js').Geometry} geometry
   * @param {{ width: number, height: number } | undefined} size of the image in pixels; without it nothing is clipped
   * @param {'clip' | 'keep' | 'drop'} [bounds] what happens to an object that leaves the image: it is cut at the edges, stays as it is, or is refused
   * @returns {Unusable | undefined} why there is no area to take, if there is none; what the shape holds then means nothing
   */
  set(geometry, size, bounds = 'clip') {
    this.rings = [];
    this.extent = new Extent(0, 0, 0, 0);
    this.area = 0;
    this.isClipped = false;
    this.droppedParts = 0;
    this.#drawnSize = undefined;
    this.#hasExtent = false;
    const limits = bounds === 'keep' ? undefined : size;
    const fault = this.#take(geometry, limits);
    if (fault !== undefined) return fault;
    if (this.area <= NO_AREA) return ZERO_AREA;
    return this.isClipped && bounds === 'drop' ? OUT_OF_BOUNDS : undefined;
  }

  #take(geometry, limits) {
    switch (geometry.kind) {
      case 'bounding-box': {
        const { x, y, width, height } = geometry;
        return isUsable([x, y, width, height]) ? this.#setBox(Extent.ofBox(geometry), { width, height }, limits) : COORDINATES;
      }
      case 'rotated-bounding-box':
        return this.#addZone(geometry.corners, [], limits);
      case 'polygon':
        return this.#addZone(geometry.path, [], limits);
      case 'segmentation':
        return this.#setZones(geometry.zones, limits);
      default:
        return UNSUPPORTED;
    }
  }

  #setBox(drawn, size, limits) {
    let extent = drawn;
    // Width and height as they were drawn, which the difference of two edges need not give back exactly.
    this.#drawnSize = size;
    if (limits !== undefined && !drawn.isInside(limits.width, limits.height)) {
      extent = drawn.clipped(limits.width, limits.height);
      this.isClipped = true;
      this.#drawnSize = undefined;
      if (extent.area <= 0 && drawn.area > 0) return OUT_OF_BOUNDS;
    }
    this.area = this.#drawnSize === undefined ? extent.area : size.width * size.height;
    this.extent = extent;
    this.rings.push({ ring: extent.ring(), hole: false });
    return undefined;
  }

  /** A part that is nothing is left out, as long as another one is something. */
  #setZones(zones, limits) {
    let fault = TOO_FEW_POINTS;
    for (let at = 0; at < zones.length; at++) {
      const wrong = this.#addZone(zones[at].region, zones[at].holes, limits);
      if (wrong === COORDINATES) return COORDINATES;
      if (wrong === OUT_OF_BOUNDS) this.isClipped = true;
      else if (wrong !== undefined) this.droppedParts += 1;
      if (wrong !== undefined) fault = wrong;
    }
    return this.rings.length === 0 ? fault : undefined;
  }

  #addZone(region, holes, limits) {
    const kept = this.rings.length;
    const whole = this.#addRing(region, false, limits);
    if (typeof whole !== 'number') return whole;
    let zoneArea = whole;
    const extent = Extent.of(this.rings[kept].ring);
    for (let at = 0; at < holes.length; at++) {
      const cut = this.#addRing(holes[at], true, limits);
      if (cut === COORDINATES) return COORDINATES;
      // A hole that is nothing cuts nothing.
      if (typeof cut === 'number') zoneArea -= cut;
    }
    if (zoneArea <= NO_AREA) {
      this.rings.length = kept;
      return ZERO_AREA;
    }
    this.area += zoneArea;
    this.extent = this.#hasExtent ? this.extent.union(extent) : extent;
    this.#hasExtent = true;
    return undefined;
  }

  /** The area of the ring that is left, or why there is none. */
  #addRing(drawn, hole, limits) {
    if (!isUsable(drawn)) return COORDINATES;
    let ring = openRing(drawn);
    if (ring.length < 6) return TOO_FEW_POINTS;
    let leftArea = area(ring);
    if (leftArea <= NO_AREA) return ZERO_AREA;
    if (limits !== undefined) {
      const left = this.#clipper.ring(ring, limits.width, limits.height);
      if (left === undefined) return OUT_OF_BOUNDS;
      if (left !== ring) {
        ring = left;
        leftArea = area(left);
        this.isClipped = true;
      }
    }
    if (leftArea <= NO_AREA) return OUT_OF_BOUNDS;
    this.rings.push({ ring, hole });
    return leftArea;
  }

  /** The zones: a region, and its holes. */
  get zones() {
    const zones = [];
    for (let at = 0; at < this.rings.length; at++) {
      const { ring, hole } = this.rings[at];
      if (hole) zones[zones.length - 1].holes.push(ring);
      else zones.push({ region: ring, holes: [] });
    }
    return zones;
  }

  /** How many regions it has. */
  get parts() {
    return this.zones.length;
  }

  /** Whether something is cut out of it. */
  get hasHoles() {
    return this.rings.some(({ hole }) => hole);
  }

  /** Left, top, width and height in pixels. Of an unclipped box exactly what was drawn. */
  get boundingBox() {
    const { x0, y0, width, height } = this.extent;
    return this.#drawnSize === undefined ? [x0, y0, width, height] : [x0, y0, this.#drawnSize.width, this.#drawnSize.height];
  }
}
