import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readTasks } from '../src/testkit/index.js';
import { fault } from '../src/testkit/portable.js';
import { vectors } from './vectors.js';

test('file names are those of the host', () => {
  for (const { about, assets } of vectors('names').name) {
    const records = assets.map(([externalId, asset, taskId]) => ({ externalId, asset, task: { taskId, tools: [] } }));
    const given = readTasks(JSON.stringify(records)).map((task) => task.asset.fileName);
    assert.deepEqual(given, assets.map(([, , , name]) => name), about);
  }
});

test('paths that some system refuses have a fault', () => {
  const names = ['', '../a', 'a/./b', 'a\\b', 'c:x', 'a\0b', 'aux.txt', 'COM1', 'lpt¹.x', 'a. ', 'a.', 'x?.txt', 'a\u202egpj.exe', 'a\u2028b'];
  for (const path of [...names, '/a', 'a//b', 'x'.repeat(256), 'xx/'.repeat(400)]) assert.notEqual(fault(path), undefined, path);
  for (const path of ['a', 'a/b.txt', 'ü/é.jpg', '.hidden', 'auxiliary.txt', 'com0', 'com10']) assert.equal(fault(path), undefined, path);
});
