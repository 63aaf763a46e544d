import assert from 'node:assert/strict';
import { test } from 'node:test';

import { geometry } from '../src/index.js';
import { allBits, bits, numbers, vectors } from './vectors.js';

const SIZE = { width: 200, height: 120 };

test('rings and rectangles are as in Rust', () => {
  const known = vectors('geometry');
  for (const [path, isUsable, open, area, extent] of known.basics) {
    const ring = numbers(path);
    assert.equal(geometry.isUsable(ring), isUsable, path);
    assert.equal(allBits(geometry.openRing(ring)), open, path);
    assert.equal(bits(geometry.signedArea(ring)), area, path);
    const around = geometry.Extent.of(ring);
    assert.equal(around === undefined, extent === null, path);
    if (around === undefined) continue;
    assert.equal(allBits([around.x0, around.y0, around.x1, around.y1, around.area]), extent[0], path);
    assert.equal(around.isInside(SIZE.width, SIZE.height), extent[1], path);
    assert.equal(allBits(around.clipped(SIZE.width, SIZE.height).ring()), extent[2], path);
  }
  for (const [path, what, left] of known.clip) {
    const ring = numbers(path);
    const clipped = new geometry.Clipper().ring(ring, SIZE.width, SIZE.height);
    assert.equal(clipped === undefined ? 'outside' : clipped === ring ? 'inside' : 'cut', what, path);
    if (what === 'cut') assert.equal(allBits(clipped), left, path);
  }
  for (const [rings, area] of known.holes) {
    const [region, ...holes] = rings.map(numbers);
    assert.equal(bits(geometry.areaWithHoles(region, holes)), area);
  }
  for (const [given, corners] of known['rotated-corners']) {
    const [x, y, width, height, rotation] = numbers(given);
    const found = geometry.rotatedCorners(x, y, width, height, rotation);
    numbers(corners).forEach((corner, at) => assert.ok(Math.abs(corner - found[at]) < 1e-12, `${given}: ${found}`));
  }
});

test('rings are simplified and bridged as in Rust', () => {
  const known = vectors('rings');
  for (const [ring, most, left] of known.simplify) {
    assert.equal(allBits(geometry.simplify(numbers(ring), most)), left);
    // A path of a task is a typed array.
    assert.equal(allBits(geometry.simplify(Float64Array.from(numbers(ring)), most)), left);
  }
  for (const [rings, room, joined, dropped] of known.bridge) {
    const found = geometry.bridge(rings.map(([ring, hole]) => ({ ring: numbers(ring), hole })), room);
    assert.deepEqual([allBits(found.ring), found.dropped], [joined, dropped]);
  }
});

function described([kind, given]) {
  switch (kind) {
    case 'box': {
      const [x, y, width, height] = numbers(given);
      return { kind: 'bounding-box', x, y, width, height };
    }
    case 'rotated':
      return { kind: 'rotated-bounding-box', corners: Float64Array.from(numbers(given)), width: 1, height: 1, rotation: 0 };
    case 'polygon':
      return { kind: 'polygon', path: Float64Array.from(numbers(given)) };
    case 'segmentation':
      return { kind: 'segmentation', zones: given.map(([region, holes]) => ({ region: numbers(region), holes: holes.map(numbers) })) };
    default:
      return { kind: 'point', x: 0, y: 0 };
  }
}

test('shapes are as in Rust', () => {
  const shape = new geometry.Shape();
  for (const [given, bounds, isSized, expected] of vectors('shape').shape) {
    const fault = shape.set(described(given), isSized ? SIZE : undefined, bounds);
    if (typeof expected === 'string') {
      assert.equal(fault?.code, expected, JSON.stringify(given));
      continue;
    }
    assert.equal(fault, undefined, JSON.stringify(given));
    const found = {
      rings: shape.rings.map(({ ring, hole }) => [allBits(ring), hole]),
      area: bits(shape.area),
      box: allBits(shape.boundingBox),
      clipped: shape.isClipped,
      dropped: shape.droppedParts,
      parts: shape.parts,
      holes: shape.hasHoles,
      zones: shape.zones.map(({ holes }) => holes.length),
    };
    assert.deepEqual(found, expected, JSON.stringify(given));
  }
});
