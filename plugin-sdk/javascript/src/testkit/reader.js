/** Reads V3 JSON into the contract's types, tolerant in what real exports do. */

import { Fields } from './fields.js';
import { Names } from './names.js';
import { readGeometry } from './read-geometry.js';

/**
 * Reads an export, a JSON array or NDJSON, and gives every task its index, its object offset and its file name.
 *
 * @param {string} text
 * @returns {import('../contract.js').Task[]}
 * @throws {Error} when the text is not JSON or not V3, with the task and the key at fault
 */
export function readTasks(text) {
  const names = new Names();
  let objectOffset = 0;
  return readValues(text).map((value, index) => {
    let task;
    try {
      task = readTask(value);
    } catch (error) {
      throw new Error(`task ${index}: ${error.message}`);
    }
    task.index = index;
    task.objectOffset = objectOffset;
    objectOffset += task.annotations.objects.length;
    task.asset.fileName = names.name(task.asset.externalId, task.asset.url, task.taskId);
    return task;
  });
}

function readValues(text) {
  if (text.trimStart().startsWith('[')) return JSON.parse(text);
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, index) => {
      try {
        return JSON.parse(line);
      } catch (error) {
        throw new Error(`task ${index}: ${error.message}`);
      }
    });
}

function readTask(value) {
  const asset = new Fields(value, 'asset object');
  const inner = asset.take('task');
  if (inner === undefined) throw new Error('key `task` is missing');
  const task = new Fields(inner, 'task');
  const metadata = new Fields(asset.take('metadata') ?? {}, 'metadata');
  const size = (key) => metadata.count(key) || null;
  const read = {
    index: 0,
    objectOffset: 0,
    taskId: task.text('taskId'),
    stage: task.text('stage'),
    stageId: task.optionalText('stageId'),
    updatedAt: task.time('updatedAt'),
    updatedBy: task.optionalText('updatedBy'),
    totalDurationMs: task.count('totalDuration') ?? 0,
    asset: {
      url: asset.text('asset'),
      assetId: asset.optionalText('assetId'),
      externalId: asset.text('externalId'),
      fileName: '',
      pages: asset.texts('dataset'),
      batches: asset.texts('batches'),
      width: size('width'),
      height: size('height'),
      frameCount: metadata.count('frameTotal'),
      frameRate: metadata.number('frameRate'),
      contextData: asJson(asset.take('contextData')),
      extra: null,
    },
    annotations: readAnnotations(task),
    history: task.list('stageHistory').map(readVisit),
    extra: null,
  };
  const rest = metadata.rest();
  if (rest !== undefined) asset.put('metadata', rest);
  read.asset.extra = asset.extra();
  read.extra = task.extra();
  return read;
}

function asJson(value) {
  return value === undefined ? null : JSON.stringify(value);
}

function readAnnotations(task) {
  const classifications = [];
  for (const value of task.list('classifications')) readClassification(value, null, classifications);
  return {
    objects: task.list('tools').map(readObject),
    classifications,
    relations: task.list('relations').map(readRelation),
    brush: task.optionalText('brushDataUrl') || null,
    voxelBrush: task.optionalText('medicalBrushDataUrl') || null,
  };
}

function readVisit(value) {
  const visit = new Fields(value, 'stageHistory');
  return {
    stage: visit.text('stage'),
    stageId: visit.optionalText('stageId'),
    durationMs: visit.count('duration') ?? 0,
    completedAt: visit.time('completedAt'),
    completedBy: visit.optionalText('completedBy'),
    reviewStatus: visit.optionalText('reviewStatus'),
    annotations: readAnnotations(visit),
  };
}

function readObject(value) {
  const tool = new Fields(value, 'tool');
  const classifications = [];
  for (const nested of tool.list('classifications')) readClassification(nested, null, classifications);
  const ocr = tool.take('ocr');
  const ocrText = typeof ocr === 'object' ? ocr.text : ocr;
  const object = {
    objectId: tool.text('objectId'),
    schemaId: tool.text('schemaId'),
    title: tool.text('title'),
    page: tool.count('page'),
    interpolationStopped: tool.flag('interpolationStopped'),
    ocr: typeof ocrText === 'string' ? ocrText : null,
    provenance: readProvenance(tool),
    classifications,
    geometry: readGeometry(tool),
  };
  return { ...object, extra: tool.extra() };
}

function readClassification(value, parent, list) {
  const fields = new Fields(value, 'classification');
  const nested = fields.list('classifications');
  const position = list.length;
  list.push({
    objectId: fields.text('objectId'),
    schemaId: fields.text('schemaId'),
    title: fields.text('title'),
    kind: fields.text('tool'),
    answer: readAnswer(fields.take('answer')),
    parent,
    page: fields.count('page'),
    interpolationStopped: fields.flag('interpolationStopped'),
    provenance: readProvenance(fields),
  });
  for (const inner of nested) readClassification(inner, position, list);
}

function readAnswer(value) {
  if (value === undefined) return null;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string' || item === null)) return value.filter((item) => item !== null);
  return typeof value === 'object' ? { json: JSON.stringify(value) } : value;
}

function readProvenance(fields) {
  const value = fields.take('metadata');
  if (value === undefined) return null;
  const metadata = new Fields(value, 'metadata');
  return {
    createdAt: metadata.time('createdAt'),
    createdBy: metadata.optionalText('createdBy'),
    createdIn: metadata.optionalText('createdIn'),
    updatedAt: metadata.time('updatedAt'),
    updatedBy: metadata.optionalText('updatedBy'),
    updatedIn: metadata.optionalText('updatedIn'),
  };
}

function readRelation(value) {
  const fields = new Fields(value, 'relation');
  const group = fields.take('group');
  const common = { objectId: fields.text('objectId'), schemaId: fields.text('schemaId'), title: fields.text('title'), page: fields.count('page') };
  if (group !== undefined) {
    fields.put('group', group);
    return { ...common, members: { kind: 'group', members: fields.texts('group') } };
  }
  const direction = fields.optionalText('direction') ?? 'straight';
  if (!['straight', 'reverse', 'bidirectional'].includes(direction)) throw new Error(`direction \`${direction}\` of a relation is not known`);
  return { ...common, members: { kind: 'pair', source: fields.text('from'), target: fields.text('to'), direction } };
}
