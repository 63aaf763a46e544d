/** The geometry of a tool object: the one key of it that says where it is. */

import { rotatedCorners } from '../geometry/index.js';
import { Fields } from './fields.js';

/** Takes the geometry out of a tool object. What is left over when no key is known is an unknown geometry under its own key. */
export function readGeometry(tool) {
  for (const [key, read] of Object.entries(READERS)) {
    const value = tool.take(key);
    if (value !== undefined) return read(value);
  }
  if (tool.flag('medical-brush')) return { kind: 'medical-brush' };
  const key = tool.firstKey();
  return { kind: 'other', json: key === undefined ? '{}' : JSON.stringify({ [key]: tool.take(key) ?? null }) };
}

const READERS = {
  'bounding-box': (value) => {
    const fields = new Fields(value, 'bounding-box');
    const [x, width] = normalised(fields.neededNumber('x'), fields.neededNumber('width'));
    const [y, height] = normalised(fields.neededNumber('y'), fields.neededNumber('height'));
    return { kind: 'bounding-box', x, y, width, height };
  },
  'rotated-bounding-box': (value) => {
    const fields = new Fields(value, 'rotated-bounding-box');
    const [width, height, rotation] = [fields.neededNumber('width'), fields.neededNumber('height'), fields.number('rotation') ?? 0];
    const given = fields.take('corners');
    const corners =
      given === undefined ? rotatedCorners(fields.neededNumber('x'), fields.neededNumber('y'), width, height, rotation) : path(given, 'corners');
    if (corners.length !== 8) throw new Error(`\`corners\` of rotated-bounding-box has ${corners.length / 2} points instead of 4`);
    return { kind: 'rotated-bounding-box', corners, width: Math.abs(width), height: Math.abs(height), rotation };
  },
  polygon: (value) => ({ kind: 'polygon', path: path(value, 'polygon') }),
  polyline: (value) => ({ kind: 'polyline', path: path(value, 'polyline') }),
  segmentation: (value) => {
    const zones = new Fields(value, 'segmentation').list('zones').map((item) => {
      const zone = new Fields(item, 'zone');
      return { region: path(zone.take('region') ?? [], 'region'), holes: zone.list('holes').map((hole) => path(hole, 'holes')) };
    });
    return { kind: 'segmentation', zones };
  },
  point: (value) => {
    const [x, y] = point(value, 'point');
    return { kind: 'point', x, y };
  },
  ner: (value) => {
    const fields = new Fields(value, 'ner');
    return { kind: 'ner', start: fields.neededNumber('start'), end: fields.neededNumber('end'), selection: fields.optionalText('selection') };
  },
  pdf: readPdf,
  // Control points, or an object that has some: the form is not public.
  spline: (value) => ({ kind: 'spline', path: Array.isArray(value) ? path(value, 'spline') : path(new Fields(value, 'spline').take('points') ?? [], 'points') }),
};

/** A side whose origin is the corner that was clicked first can run backwards. */
function normalised(origin, length) {
  return length < 0 ? [origin + length, -length] : [origin, length];
}

function path(value, key) {
  if (!Array.isArray(value)) throw new Error(`\`${key}\` is not a list of points but ${JSON.stringify(value)}`);
  return value.flatMap((item) => point(item, key));
}

function point(value, key) {
  const pair = Array.isArray(value) ? value.slice(0, 2) : [value?.x, value?.y];
  if (pair.length === 2 && pair.every((number) => typeof number === 'number')) return pair;
  throw new Error(`\`${key}\` has a point that is not two numbers: ${JSON.stringify(value)}`);
}

/** Both forms: the export's (`position`, `content`) and the flat one of the import format. */
function readPdf(value) {
  const fields = new Fields(value, 'pdf');
  const given = fields.take('position');
  if (given === undefined) {
    const pageNumber = fields.count('pageNumber') ?? 1;
    const text = fields.optionalText('text');
    return { kind: 'pdf', pageNumber, bounds: rectangle(fields), parts: [], text };
  }
  const position = new Fields(given, 'position');
  const bounds = position.take('boundingRect');
  if (bounds === undefined) throw new Error('`boundingRect` of pdf is missing');
  const parts = position.list('rects').map((part) => rectangle(new Fields(part, 'rects')));
  const pageNumber = position.count('pageNumber') ?? 1;
  const text = new Fields(fields.take('content') ?? {}, 'content').optionalText('text');
  return { kind: 'pdf', pageNumber, bounds: rectangle(new Fields(bounds, 'boundingRect')), parts, text };
}

function rectangle(fields) {
  const [x1, y1, x2, y2, pageWidth, pageHeight] = ['x1', 'y1', 'x2', 'y2', 'width', 'height'].map((key) => fields.neededNumber(key));
  return { x1, y1, x2, y2, pageWidth, pageHeight };
}
