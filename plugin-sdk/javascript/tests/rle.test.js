import assert from 'node:assert/strict';
import { test } from 'node:test';

import { rle } from '../src/index.js';
import { numbers, vectors } from './vectors.js';

const { Rle, RleError } = rle;
const known = vectors('rle');

/** What is made, or the code of the error. */
function outcome(make, show) {
  try {
    return show(make());
  } catch (error) {
    assert.ok(error instanceof RleError, error);
    return error.code;
  }
}

for (const section of ['zones', 'hostile']) {
  test(`masks of zones are as in Rust: ${section}`, () => {
    for (const [zones, width, height, mask] of known[section]) {
      const drawn = zones.map(([region, holes]) => ({ region: numbers(region), holes: holes.map(numbers) }));
      const make = () => (section === 'hostile' && drawn.length > 0 ? Rle.fromRing(drawn[0].region, width, height) : Rle.fromZones(drawn, width, height));
      assert.deepEqual(outcome(make, (made) => [made.toCompressed(), made.area]), mask, JSON.stringify([width, height]));
    }
  });
}

test('masks are united and subtracted as in Rust', () => {
  for (const [a, b, width, height, union, difference] of known.pair) {
    const [one, other] = [a, b].map((text) => Rle.fromCompressed(text, width, height));
    assert.equal(one.union(other).toCompressed(), union);
    assert.equal(one.subtract(other).toCompressed(), difference);
    const pixels = one.pixels().map((set, at) => set & ~other.pixels()[at]);
    assert.deepEqual(one.subtract(other).pixels(), pixels);
  }
});

test('compressed texts are read as in Rust', () => {
  for (const [text, width, height, counts] of known.read) assert.deepEqual(outcome(() => Rle.fromCompressed(text, width, height), (made) => made.counts), counts, text);
});
