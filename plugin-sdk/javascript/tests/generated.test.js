import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { files } from '../scripts/generate.mjs';

const wit = readFileSync(new URL('../../../wit/0.1/converter.wit', import.meta.url), 'utf8');

test('what follows from the contract is current (node scripts/generate.mjs writes it)', () => {
  for (const [path, text] of Object.entries(files(wit))) assert.equal(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'), text, path);
});

test('a change of the contract changes it', () => {
  const changed = files(wit.replace('ocr: option<string>,', ''));
  assert.ok(!changed['src/contract.d.ts'].includes('ocr'));
  assert.throws(() => files(wit.replace('variant answer {', 'variant unheard-of {')), /unheard-of has no form in JavaScript yet/);
});
