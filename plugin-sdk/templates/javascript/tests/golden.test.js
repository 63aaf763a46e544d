// Each folder beside this file is a test: `input.ndjson` is converted with `options.json`, and the files in `expected` must come out, whether the tasks come
// in one shard or one by one. `BLESS=1 npm test` writes what comes out into `expected`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goldenTests, texts } from '../sdk/javascript/src/testkit/index.js';
import converter from '../src/index.js';

for (const golden of goldenTests(import.meta.dirname)) {
  test(golden.name, async () => {
    const whole = await golden.run(converter);
    assert.equal(whole.failure, undefined);
    assert.deepEqual(texts(await golden.run(converter, 1)), texts(whole), 'the output depends on how tasks are cut into shards');
    if (process.env.BLESS) golden.bless(whole);
    assert.deepEqual(texts(whole), golden.expected());
  });
}
