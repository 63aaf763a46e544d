import assert from 'node:assert/strict';
import { test } from 'node:test';

import { number } from '../src/index.js';
import { Random, bits, crc32, number as fromBits, vectors } from './vectors.js';

const known = vectors('number');

test('numbers are written as in Rust', () => {
  for (const [given, text] of known.f64) assert.equal(number.format(fromBits(given)), text, given);
  for (const [given, decimals, text] of known.rounded) assert.equal(number.formatRounded(fromBits(given), decimals), text, `${given} ${decimals}`);
  for (const [given, decimals, value] of known.value) assert.equal(bits(number.rounded(fromBits(given), decimals)), value, `${given} ${decimals}`);
  for (const [given, text, millionths] of known.unit) {
    assert.equal(number.formatUnit(fromBits(given)), text, given);
    assert.equal(number.millionths(fromBits(given)), millionths, given);
  }
});

const WRITERS = {
  f64: (value) => number.format(value),
  rounded: (value, decimals) => number.formatRounded(value, decimals),
  'six-decimals': (value) => number.formatRounded(value, 6),
  unit: (value) => number.formatUnit(value),
  'shortest-of-rounded': (value, decimals) => number.format(number.rounded(value, decimals)),
};

for (const [name, seed, cases, digest] of known.digest) {
  test(`${cases} numbers are written as in Rust: ${name}`, () => {
    const random = new Random(seed);
    let crc = 0;
    for (let left = cases; left > 0; left--) {
      const value = random.number();
      crc = crc32(crc, `${WRITERS[name](value, random.below(17))}\n`);
    }
    assert.equal(crc, digest);
  });
}

test('what the host rounds is in text what formatRounded writes, up to six decimals and below 10^15', () => {
  const random = new Random(7);
  for (let left = 50_000; left > 0; left--) {
    const value = random.number();
    const decimals = random.below(7);
    if (Math.abs(value) < 1e15) assert.equal(String(number.rounded(value, decimals) + 0), number.formatRounded(value, decimals));
  }
});
