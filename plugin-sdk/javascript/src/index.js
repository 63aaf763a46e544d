/**
 * Write a converter for Ango exports in JavaScript.
 *
 * A converter gets the tasks of an annotation project, typed, and writes the files of another format. It runs inside a WebAssembly sandbox as a
 * component of the world `ango:converter/converter`; this package is that contract (`wit/0.1/converter.wit`) made pleasant.
 *
 * @typedef {import('./contract.d.ts').Task} Task
 * @typedef {import('./contract.d.ts').Asset} Asset
 * @typedef {import('./contract.d.ts').Annotations} Annotations
 * @typedef {import('./contract.d.ts').DrawnObject} DrawnObject
 * @typedef {import('./contract.d.ts').Geometry} Geometry
 * @typedef {import('./contract.d.ts').Classification} Classification
 * @typedef {import('./contract.d.ts').Answer} Answer
 * @typedef {import('./contract.d.ts').Relation} Relation
 * @typedef {import('./contract.d.ts').Project} Project
 * @typedef {import('./contract.d.ts').Class} Class
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
