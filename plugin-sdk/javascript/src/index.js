/**
 * Write a converter for Ango exports in JavaScript.
 *
 * A converter gets the tasks of an annotation project, typed, and writes the files of another format. It runs inside a WebAssembly sandbox as a
 * component of the world `ango:converter/converter`; this package is that contract (`wit/0.1/converter.wit`) made pleasant.
 *
 * @typedef {import('./contract.js').Task} Task
 * @typedef {import('./contract.js').Asset} Asset
 * @typedef {import('./contract.js').Annotations} Annotations
 * @typedef {import('./contract.js').DrawnObject} DrawnObject
 * @typedef {import('./contract.js').Geometry} Geometry
 * @typedef {import('./contract.js').Classification} Classification
 * @typedef {import('./contract.js').Answer} Answer
 * @typedef {import('./contract.js').Relation} Relation
 * @typedef {import('./contract.js').Project} Project
 * @typedef {import('./contract.js').Class} Class
 */

export { ClassIndex } from './classes.js';
export { converter } from './converter.js';
export { FetchError, InputError, OptionError } from './errors.js';
export { File } from './file.js';
export * as geometry from './geometry/index.js';
export * as json from './json.js';
export * as number from './number.js';
export * as rle from './rle/index.js';
export { Run } from './run.js';
export * as time from './time.js';
