// @ts-nocheck
// Written by scripts/generate.mjs from wit/0.1/converter.wit. Do not edit.
//
// Records are classes over the three tables of a batch. What nearly everybody reads is decoded at once, the rest when it is asked for. Loops count, and
// records of numbers are literals: an interpreter is slow in calls above all.

import { describeRows, numericList, path, paths, strings } from './rows.js';

function geometry(batch, at) {
  const { words, numbers, texts } = batch;
  const payload = words[at + 1];
  switch (words[at]) {
    case 0:
      return { kind: 'bounding-box', x: numbers[payload], y: numbers[payload + 1], width: numbers[payload + 2], height: numbers[payload + 3] };
    case 1:
      return { kind: 'rotated-bounding-box', corners: path(numbers, words[payload]), width: numbers[words[payload + 1]], height: numbers[words[payload + 2]], rotation: numbers[words[payload + 3]] };
    case 2:
      return { kind: 'polygon', path: path(numbers, payload) };
    case 3:
      return { kind: 'polyline', path: path(numbers, payload) };
    case 4:
      return { kind: 'segmentation', zones: zones(batch, payload) };
    case 5:
      return { kind: 'point', x: numbers[payload], y: numbers[payload + 1] };
    case 6:
      return { kind: 'spline', path: path(numbers, payload) };
    case 7:
      return { kind: 'ner', start: numbers[words[payload]], end: numbers[words[payload + 1]], selection: texts[words[payload + 2]] };
    case 8:
      return { kind: 'pdf', pageNumber: numbers[words[payload]], bounds: { x1: numbers[words[payload + 1]], y1: numbers[words[payload + 1] + 1], x2: numbers[words[payload + 1] + 2], y2: numbers[words[payload + 1] + 3], pageWidth: numbers[words[payload + 1] + 4], pageHeight: numbers[words[payload + 1] + 5] }, parts: numericList(numbers, words[payload + 2], ['x1', 'y1', 'x2', 'y2', 'pageWidth', 'pageHeight']), text: texts[words[payload + 3]] };
    case 9:
      return { kind: 'medical-brush' };
    default:
      return { kind: 'other', json: texts[payload] };
  }
}

function answer(batch, at) {
  const { words, numbers, texts } = batch;
  switch (words[at]) {
    case 0:
      return null;
    case 1:
      return texts[words[at + 1]];
    case 2:
      return strings(batch, words[at + 1]);
    case 3:
      return words[at + 1] === 1;
    case 4:
      return numbers[words[at + 1]];
    default:
      return { json: texts[words[at + 1]] };
  }
}

class Provenance {
  constructor(batch, at) {
    this._batch = batch;
    this._at = at;
  }

  get createdAt() {
    const { words, numbers } = this._batch;
    return words[this._at] === 0 ? null : numbers[words[this._at]];
  }

  get createdBy() {
    const { words, texts } = this._batch;
    return texts[words[this._at + 1]];
  }

  get createdIn() {
    const { words, texts } = this._batch;
    return texts[words[this._at + 2]];
  }

  get updatedAt() {
    const { words, numbers } = this._batch;
    return words[this._at + 3] === 0 ? null : numbers[words[this._at + 3]];
  }

  get updatedBy() {
    const { words, texts } = this._batch;
    return texts[words[this._at + 4]];
  }

  get updatedIn() {
    const { words, texts } = this._batch;
    return texts[words[this._at + 5]];
  }
}

class Classification {
  constructor(batch, at, words, texts) {
    this._batch = batch;
    this._at = at;
    this.schemaId = texts[words[at + 1]];
    this.title = texts[words[at + 2]];
    this.answer = answer(batch, at + 4);
  }

  get objectId() {
    const { words, texts } = this._batch;
    return texts[words[this._at]];
  }

  get kind() {
    const { words, texts } = this._batch;
    return texts[words[this._at + 3]];
  }

  get parent() {
    const { words, numbers } = this._batch;
    return words[this._at + 6] === 0 ? null : numbers[words[this._at + 6]];
  }

  get page() {
    const { words, numbers } = this._batch;
    return words[this._at + 7] === 0 ? null : numbers[words[this._at + 7]];
  }

  get interpolationStopped() {
    const { words } = this._batch;
    return words[this._at + 8] === 1;
  }

  get provenance() {
    const { words } = this._batch;
    return (this._provenance ??= words[this._at + 9] === 0 ? null : new Provenance(this._batch, words[this._at + 9]));
  }
}

class DrawnObject {
  constructor(batch, at, words, numbers, texts) {
    this._batch = batch;
    this._at = at;
    this.objectId = texts[words[at]];
    this.schemaId = texts[words[at + 1]];
    this.title = texts[words[at + 2]];
    const payload = words[at + 4];
    this.geometry = words[at + 3] === 0 ? { kind: 'bounding-box', x: numbers[payload], y: numbers[payload + 1], width: numbers[payload + 2], height: numbers[payload + 3] } : geometry(batch, at + 3);
  }

  get page() {
    const { words, numbers } = this._batch;
    return words[this._at + 5] === 0 ? null : numbers[words[this._at + 5]];
  }

  get interpolationStopped() {
    const { words } = this._batch;
    return words[this._at + 6] === 1;
  }

  get ocr() {
    const { words, texts } = this._batch;
    return texts[words[this._at + 7]];
  }

  get provenance() {
    const { words } = this._batch;
    return (this._provenance ??= words[this._at + 8] === 0 ? null : new Provenance(this._batch, words[this._at + 8]));
  }

  get classifications() {
    const { words } = this._batch;
    return (this._classifications ??= classifications(this._batch, words[this._at + 9]));
  }

  get extra() {
    const { words, texts } = this._batch;
    return texts[words[this._at + 10]];
  }
}

const DIRECTIONS = ['straight', 'reverse', 'bidirectional'];

function relationMembers(batch, at) {
  const { words, texts } = batch;
  const payload = words[at + 1];
  switch (words[at]) {
    case 0:
      return { kind: 'pair', source: texts[words[payload]], target: texts[words[payload + 1]], direction: DIRECTIONS[words[payload + 2]] };
    default:
      return { kind: 'group', members: strings(batch, payload) };
  }
}

class Relation {
  constructor(batch, at) {
    this._batch = batch;
    this._at = at;
  }

  get objectId() {
    const { words, texts } = this._batch;
    return texts[words[this._at]];
  }

  get schemaId() {
    const { words, texts } = this._batch;
    return texts[words[this._at + 1]];
  }

  get title() {
    const { words, texts } = this._batch;
    return texts[words[this._at + 2]];
  }

  get members() {
    return (this._members ??= relationMembers(this._batch, this._at + 3));
  }

  get page() {
    const { words, numbers } = this._batch;
    return words[this._at + 5] === 0 ? null : numbers[words[this._at + 5]];
  }
}

class Annotations {
  constructor(batch, at) {
    this._batch = batch;
    this._at = at;
  }

  get objects() {
    const { words } = this._batch;
    return (this._objects ??= objects(this._batch, words[this._at]));
  }

  get classifications() {
    const { words } = this._batch;
    return (this._classifications ??= classifications(this._batch, words[this._at + 1]));
  }

  get relations() {
    const { words } = this._batch;
    return (this._relations ??= relations(this._batch, words[this._at + 2]));
  }

  get brush() {
    const { words, texts } = this._batch;
    return texts[words[this._at + 3]];
  }

  get voxelBrush() {
    const { words, texts } = this._batch;
    return texts[words[this._at + 4]];
  }
}

class StageVisit {
  constructor(batch, at) {
    this._batch = batch;
    this._at = at;
  }

  get stage() {
    const { words, texts } = this._batch;
    return texts[words[this._at]];
  }

  get stageId() {
    const { words, texts } = this._batch;
    return texts[words[this._at + 1]];
  }

  get durationMs() {
    const { words, numbers } = this._batch;
    return numbers[words[this._at + 2]];
  }

  get completedAt() {
    const { words, numbers } = this._batch;
    return words[this._at + 3] === 0 ? null : numbers[words[this._at + 3]];
  }

  get completedBy() {
    const { words, texts } = this._batch;
    return texts[words[this._at + 4]];
  }

  get reviewStatus() {
    const { words, texts } = this._batch;
    return texts[words[this._at + 5]];
  }

  get annotations() {
    const { words } = this._batch;
    return (this._annotations ??= new Annotations(this._batch, words[this._at + 6]));
  }
}

class Asset {
  constructor(batch, at) {
    const { words, texts } = batch;
    this._batch = batch;
    this._at = at;
    this.externalId = texts[words[at + 2]];
    this.fileName = texts[words[at + 3]];
  }

  get url() {
    const { words, texts } = this._batch;
    return texts[words[this._at]];
  }

  get assetId() {
    const { words, texts } = this._batch;
    return texts[words[this._at + 1]];
  }

  get pages() {
    const { words } = this._batch;
    return (this._pages ??= strings(this._batch, words[this._at + 4]));
  }

  get batches() {
    const { words } = this._batch;
    return (this._batches ??= strings(this._batch, words[this._at + 5]));
  }

  get width() {
    const { words, numbers } = this._batch;
    return words[this._at + 6] === 0 ? null : numbers[words[this._at + 6]];
  }

  get height() {
    const { words, numbers } = this._batch;
    return words[this._at + 7] === 0 ? null : numbers[words[this._at + 7]];
  }

  get frameCount() {
    const { words, numbers } = this._batch;
    return words[this._at + 8] === 0 ? null : numbers[words[this._at + 8]];
  }

  get frameRate() {
    const { words, numbers } = this._batch;
    return words[this._at + 9] === 0 ? null : numbers[words[this._at + 9]];
  }

  get contextData() {
    const { words, texts } = this._batch;
    return texts[words[this._at + 10]];
  }

  get extra() {
    const { words, texts } = this._batch;
    return texts[words[this._at + 11]];
  }
}

class Task {
  constructor(batch, at, words, numbers, texts) {
    this._batch = batch;
    this._at = at;
    this.index = numbers[words[at]];
    this.taskId = texts[words[at + 2]];
    this.stage = texts[words[at + 3]];
  }

  get objectOffset() {
    const { words, numbers } = this._batch;
    return numbers[words[this._at + 1]];
  }

  get stageId() {
    const { words, texts } = this._batch;
    return texts[words[this._at + 4]];
  }

  get updatedAt() {
    const { words, numbers } = this._batch;
    return words[this._at + 5] === 0 ? null : numbers[words[this._at + 5]];
  }

  get updatedBy() {
    const { words, texts } = this._batch;
    return texts[words[this._at + 6]];
  }

  get totalDurationMs() {
    const { words, numbers } = this._batch;
    return numbers[words[this._at + 7]];
  }

  get asset() {
    const { words } = this._batch;
    return (this._asset ??= new Asset(this._batch, words[this._at + 8]));
  }

  get annotations() {
    const { words } = this._batch;
    return (this._annotations ??= new Annotations(this._batch, words[this._at + 9]));
  }

  get history() {
    const { words } = this._batch;
    return (this._history ??= stageVisits(this._batch, words[this._at + 10]));
  }

  get extra() {
    const { words, texts } = this._batch;
    return texts[words[this._at + 11]];
  }
}

function zones(batch, list) {
  const { words, numbers } = batch;
  const found = [];
  const end = list + 1 + words[list] * 2;
  for (let at = list + 1; at < end; at += 2) found.push({ region: path(numbers, words[at]), holes: paths(batch, words[at + 1]) });
  return found;
}

function classifications(batch, list) {
  const { words, texts } = batch;
  const found = [];
  const end = list + 1 + words[list] * 10;
  for (let at = list + 1; at < end; at += 10) found.push(new Classification(batch, at, words, texts));
  return found;
}

function objects(batch, list) {
  const { words, numbers, texts } = batch;
  const found = [];
  const end = list + 1 + words[list] * 11;
  for (let at = list + 1; at < end; at += 11) found.push(new DrawnObject(batch, at, words, numbers, texts));
  return found;
}

function relations(batch, list) {
  const { words } = batch;
  const found = [];
  const end = list + 1 + words[list] * 6;
  for (let at = list + 1; at < end; at += 6) found.push(new Relation(batch, at));
  return found;
}

function stageVisits(batch, list) {
  const { words } = batch;
  const found = [];
  const end = list + 1 + words[list] * 7;
  for (let at = list + 1; at < end; at += 7) found.push(new StageVisit(batch, at));
  return found;
}

/** The tasks of a batch: an object with the three tables, texts as an array already. */
export function tasks(batch, list) {
  const { words, numbers, texts } = batch;
  const found = [];
  const end = list + 1 + words[list] * 12;
  for (let at = list + 1; at < end; at += 12) found.push(new Task(batch, at, words, numbers, texts));
  return found;
}

describeRows({
  Provenance: [Provenance, ['createdAt', 'createdBy', 'createdIn', 'updatedAt', 'updatedBy', 'updatedIn']],
  Classification: [Classification, ['objectId', 'schemaId', 'title', 'kind', 'answer', 'parent', 'page', 'interpolationStopped', 'provenance']],
  DrawnObject: [DrawnObject, ['objectId', 'schemaId', 'title', 'geometry', 'page', 'interpolationStopped', 'ocr', 'provenance', 'classifications', 'extra']],
  Relation: [Relation, ['objectId', 'schemaId', 'title', 'members', 'page']],
  Annotations: [Annotations, ['objects', 'classifications', 'relations', 'brush', 'voxelBrush']],
  StageVisit: [StageVisit, ['stage', 'stageId', 'durationMs', 'completedAt', 'completedBy', 'reviewStatus', 'annotations']],
  Asset: [Asset, ['url', 'assetId', 'externalId', 'fileName', 'pages', 'batches', 'width', 'height', 'frameCount', 'frameRate', 'contextData', 'extra']],
  Task: [Task, ['index', 'objectOffset', 'taskId', 'stage', 'stageId', 'updatedAt', 'updatedBy', 'totalDurationMs', 'asset', 'annotations', 'history', 'extra']],
});
