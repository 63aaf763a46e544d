import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ClassIndex, json, time } from '../src/index.js';
import { number, vectors } from './vectors.js';

const known = vectors('text');

test('JSON is written as in Rust', () => {
  for (const [text, written] of known.string) assert.equal(json.formatString(text), written);
  assert.equal(json.formatString('\b\f\\b'), '"\\u0008\\u000c\\\\b"');
  const answers = { empty: () => null, number, other: (given) => ({ json: given }) };
  for (const [kind, given, written] of known.answer) assert.equal(json.formatAnswer((answers[kind] ?? ((same) => same))(given)), written);
});

test('instants are written and read as in Rust', () => {
  for (const [instant, text, year] of known['format-iso']) {
    // The contract's instants fit into a double; some of these do not.
    if (!Number.isSafeInteger(instant)) continue;
    assert.equal(time.formatIso(instant), text);
    assert.equal(time.year(instant), year);
  }
  for (const [text, instant] of known['parse-iso']) assert.equal(time.parseIso(text) ?? null, instant, text);
});

test('every class is found and nothing else', () => {
  const ids = ['', 'a', 'a\0', 'same-prefix-1', 'constructor', 'same-prefix-1'];
  const index = new ClassIndex(ids.map((schemaId, at) => ({ index: at, schemaId, title: '', kind: '', color: null, options: [], parent: null })));
  assert.deepEqual(ids.map((id) => index.find(id)), [0, 1, 2, 3, 4, 3]);
  assert.equal(index.find('toString'), undefined);
});
