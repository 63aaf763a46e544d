import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FetchError, InputError, OptionError, converter } from '../src/index.js';
import { component } from '../src/component.js';
import { TestKit, countCodes, texts } from '../src/testkit/index.js';
import { tabulate } from '../src/testkit/tabulate.js';

const task = (id, tools = '', more = '') =>
  `{"asset":"https://x.test/${id}.jpg","externalId":"${id}.jpg","metadata":{"width":10},"batches":["b",null],"task":{"taskId":"${id}","stage":"Done","tools":[${tools}],"classifications":[]${more}}}\n`;
const box = (id, x = 1) => `{"bounding-box":{"x":${x},"y":2,"width":3,"height":4},"objectId":"${id}","schemaId":"s","title":"cat"}`;
const make = (convert, more = {}) => converter({ name: 'a', version: '1.0.0', title: 'A', format: 'A', ...more, convert });
const run = (text, convert, options, more) => new TestKit(text).run(make(convert, more), options);

test('options come with the defaults of their schema, nested ones too', async () => {
  const optionsSchema = {
    properties: {
      a: { default: 1 },
      inner: { properties: { b: { default: [2] } } },
      list: { items: { properties: { c: { default: 'x' } } }, default: [{}] },
    },
  };
  const seen = [];
  const convert = (options) => {
    seen.push(structuredClone(options));
    options.list.push('changed');
  };
  for (const options of ['{}', '', '{"inner":{},"list":[{"c":null},{}],"a":0}']) await run(task('t'), convert, options, { optionsSchema });
  assert.deepEqual(seen, [
    { a: 1, list: [{ c: 'x' }] },
    { a: 1, list: [{ c: 'x' }] },
    { a: 0, inner: { b: [2] }, list: [{ c: null }, { c: 'x' }] },
  ]);
});

test('exceptions become the failures of the contract, with the line of the author', async () => {
  const failure = async (convert) => (await run(task('t'), convert)).failure;
  assert.deepEqual(await failure(() => { throw new OptionError('/a', 'is odd'); }), { tag: 'options', val: { pointer: '/a', reason: 'is odd' } });
  assert.deepEqual(await failure(() => { throw new InputError('is empty'); }), { tag: 'input', val: 'is empty' });
  const { tag, val } = await failure(() => null.x);
  assert.equal(tag, 'failed');
  assert.match(val, /^TypeError: Cannot read properties of null \(reading 'x'\)\n {4}at .*run\.test\.js:\d+:\d+/);
  assert.doesNotMatch(val, /src\/converter\.js/);
  assert.match((await failure(async () => { throw new Error('later', { cause: new RangeError('before') }); })).val, /^Error: later\n[^]*\ncaused by RangeError: before\n/);
  assert.match((await failure(() => { throw 'text'; })).val, /^text was thrown, which is not an Error/);
  assert.match((await failure((_, run) => { run.create('x.txt'); })).val, /file x.txt was not finished/);
  assert.match((await failure((_, run) => run.lost(undefined, null, 'a', 'b'))).val, /the task is not an index but undefined: give task.index/);
  assert.match((await failure((_, run) => run.tasks({ decimals: 16 }))).val, /decimals is not a whole number from 0 to 15 but 16/);
  assert.match((await failure((_, run) => run.section('a', 0).write(5))).val, /file a: write takes a string or a Uint8Array, and was given number/);
});

test('what breaks the contract ends the run, whatever the converter does about it', async () => {
  const caught = await run(task('t'), (_, run) => {
    run.add('../x', 'data');
  });
  assert.deepEqual(caught.failure, { tag: 'refused', val: 'add: path `../x` has `..` in it' });
  for (const path of ['a//b', 'aux.txt', 'a?', 'x'.repeat(256), 'dot.']) assert.equal((await run(task('t'), (_, run) => run.add(path, ''))).failure.tag, 'refused', path);
  const twice = await run(task('t'), (_, run) => ['A.txt', 'a.txt'].forEach((path) => run.add(path, '')));
  assert.match(twice.failure.val, /is the same file as `A.txt`/);
});

test('text and bytes are written in the order in which they came', async () => {
  const long = 'é'.repeat(200_000);
  const { files } = await run(task('t'), (_, run) => {
    const file = run.create('out');
    file.write('a');
    file.write(Uint8Array.of(0, 255));
    file.write(long);
    file.write(new Uint8Array(150_000).fill(7));
    for (let at = 0; at < 1000; at++) file.write(Uint8Array.of(at & 127));
    file.write('z');
    file.finish();
    assert.throws(() => file.finish(), /out is finished already/);
    assert.throws(() => run.section('late', 0, 'a separator of more than 16 bytes'), /16 are allowed/);
  });
  const tail = Buffer.from(Array.from({ length: 1000 }, (_, at) => at & 127));
  assert.ok(files.get('out').equals(Buffer.concat([Buffer.from('a'), Buffer.of(0, 255), Buffer.from(long), Buffer.alloc(150_000, 7), tail, Buffer.from('z')])));
});

test('sections are joined in the order of positions and shards', async () => {
  const convert = (_, run) => {
    for (const [position, text] of [[2, ']'], [0, '[']]) {
      if (!run.isFirstShard) continue;
      const once = run.section('list.json', position);
      once.write(text);
      once.finish();
    }
    const part = run.section('list.json', 1, ',');
    part.write([...run.tasks()].map(({ index, objectOffset }) => `${index}:${objectOffset}`).join(','));
    part.finish();
  };
  const kit = () => new TestKit(task('a', box('1')) + task('b', `${box('1')},${box('2')}`) + task('c'));
  const whole = texts(await kit().run(make(convert)));
  assert.deepEqual([...whole], [['list.json', '[0:0,1:1,2:3]']]);
  assert.deepEqual(texts(await kit().shardSize(1).run(make(convert))), whole);
  assert.deepEqual([...texts(await new TestKit('[]').run(make(convert)))], [['list.json', '[]']]);
});

test('of each code a hundred losses are told and the others counted', async () => {
  const calls = { lost: 0, more: [], details: 0 };
  const host = {
    source: { getProject: () => ({ name: 'p', exportedAt: 5n, tools: [{ index: 0, color: undefined }], taskCount: undefined }), shard: () => 0, nextTables: () => tabulate([]) },
    archive: {},
    assets: { size: () => { throw Object.assign(new Error(), { payload: { tag: 'failed', val: 'no route' } }); } },
    diagnostics: { lost: () => (calls.lost += 1), lostMore: (code, count) => calls.more.push([code, count]), progress: () => {}, log: () => {} },
  };
  let project;
  const described = make((_, run) => {
    project = run.project;
    for (let at = 0; at < 250; at++) run.lost(at, 'o', 'often', () => { calls.details += 1; return 'x'; });
    for (let at = 0; at < 1000; at++) run.lost(at, null, `code-${at}`, 'x');
    assert.throws(() => run.assetSize('https://x.test'), (error) => error instanceof FetchError && error.code === 'failed' && /no route/.test(error.message));
  });
  assert.deepEqual(await component(described, host).convert('{}'), { tag: 'ok', val: undefined });
  assert.deepEqual(calls, { lost: 1100, more: [['often', 150n]], details: 100 });
  assert.deepEqual(project, { name: 'p', exportedAt: 5, tools: [{ index: 0, color: null }], taskCount: null });
  assert.deepEqual(component(described, host).describe(), {
    name: 'a', version: '1.0.0', title: 'A', format: 'A', optionsSchema: '{"type":"object","properties":{},"additionalProperties":false}', grants: [],
    parallelism: 'independent-tasks', history: false,
  });
});

test('a converter that is none says why', () => {
  assert.throws(() => make(undefined), /convert is not a function/);
  assert.throws(() => make(() => {}, { option: {} }), /option is not known: there are name, /);
  assert.throws(() => make(() => {}, { name: 7 }), /name is not a string but 7/);
});

test('coordinates come rounded when decimals are asked for, and nothing else does', async () => {
  const answers = '"classifications":[{"objectId":"c","schemaId":"q","tool":"text","title":"t","answer":1.23456}]';
  const tools = `${box('o', 1.23456)},{"polygon":[[0.126,1],[2,3.999],[4,5]],"objectId":"p","schemaId":"s","title":"x"}`;
  const text = task('t', tools).replace('"classifications":[]', answers).replace('"width":10', '"frameRate":29.976');
  const seen = [];
  await run(text, (_, run) => {
    for (const { asset, annotations } of run.tasks({ decimals: 2 })) {
      seen.push(asset.frameRate, annotations.classifications[0].answer, annotations.objects[0].geometry.x, [...annotations.objects[1].geometry.path]);
    }
  });
  assert.deepEqual(seen, [29.976, 1.23456, 1.23, [0.13, 1, 2, 4, 4, 5]]);
});

test('every call for tasks goes on where the last one was left', async () => {
  const seen = [];
  const outcome = await run(task('a') + task('b') + task('c'), (_, run) => {
    for (const { taskId } of run.tasks()) {
      seen.push(taskId);
      if (taskId === 'a') break;
    }
    seen.push('again', ...[...run.tasks()].map(({ taskId }) => taskId));
    run.lost(0, null, 'some-code', 'x');
  });
  assert.deepEqual(seen, ['a', 'again', 'b', 'c']);
  assert.deepEqual(countCodes(outcome), { 'some-code': 1 });
});
