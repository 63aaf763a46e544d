/**
 * How the contract's types read in JavaScript, where that is more than a change of names.
 */

/** Names that mean something else in JavaScript. */
export const NAMES = { object: 'DrawnObject' };

/**
 * Variants are objects with a `kind` and the fields of the payload, when that is a record, or else one field for it. `kinds` are the values of `kind`
 * that differ from the name of the case: of a geometry it is the key that it has in a V3 export.
 */
export const TAGGED = {
  geometry: {
    kinds: { 'rotated-box': 'rotated-bounding-box', entity: 'ner', 'voxel-brush': 'medical-brush' },
    payloads: { polygon: 'path', polyline: 'path', segmentation: 'zones', spline: 'path', other: 'json' },
  },
  'relation-members': { kinds: {}, payloads: { group: 'members' } },
};

/** A variant whose cases JavaScript has values for: `null`, strings, numbers, ...; and the case that is an object with a field of this name. */
export const NATURAL = { answer: { empty: 'empty', object: 'other', field: 'json' } };

/**
 * Fields that nearly every converter reads. They are decoded with their record; all others when they are asked for, which takes longer than decoding
 * does, and is for nothing when nobody asks.
 */
export const EAGER = {
  task: ['index', 'task-id', 'stage'],
  asset: ['external-id', 'file-name'],
  object: ['object-id', 'schema-id', 'title', 'geometry'],
  classification: ['schema-id', 'title', 'answer'],
};

/** `created-at` as `createdAt`. */
export function camel(name) {
  return name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
}

/** `stage-visit` as `StageVisit`. */
export function pascal(name) {
  return NAMES[name] ?? camel(`-${name}`);
}
