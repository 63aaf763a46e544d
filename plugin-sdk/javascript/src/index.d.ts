export { ClassIndex } from "./classes.js";
export { converter } from "./converter.js";
export { File } from "./file.js";
export * as geometry from "./geometry/index.js";
export * as json from "./json.js";
export * as number from "./number.js";
export * as rle from "./rle/index.js";
export { Run } from "./run.js";
export * as time from "./time.js";
/**
 * Write a converter for Ango exports in JavaScript.
 *
 * A converter gets the tasks of an annotation project, typed, and writes the files of another format. It runs inside a WebAssembly sandbox as a
 * component of the world `ango:converter/converter`; this package is that contract (`wit/0.1/converter.wit`) made pleasant.
 */
export type Task = import("./contract.d.ts").Task;
/**
 * Write a converter for Ango exports in JavaScript.
 *
 * A converter gets the tasks of an annotation project, typed, and writes the files of another format. It runs inside a WebAssembly sandbox as a
 * component of the world `ango:converter/converter`; this package is that contract (`wit/0.1/converter.wit`) made pleasant.
 */
export type Asset = import("./contract.d.ts").Asset;
/**
 * Write a converter for Ango exports in JavaScript.
 *
 * A converter gets the tasks of an annotation project, typed, and writes the files of another format. It runs inside a WebAssembly sandbox as a
 * component of the world `ango:converter/converter`; this package is that contract (`wit/0.1/converter.wit`) made pleasant.
 */
export type Annotations = import("./contract.d.ts").Annotations;
/**
 * Write a converter for Ango exports in JavaScript.
 *
 * A converter gets the tasks of an annotation project, typed, and writes the files of another format. It runs inside a WebAssembly sandbox as a
 * component of the world `ango:converter/converter`; this package is that contract (`wit/0.1/converter.wit`) made pleasant.
 */
export type DrawnObject = import("./contract.d.ts").DrawnObject;
/**
 * Write a converter for Ango exports in JavaScript.
 *
 * A converter gets the tasks of an annotation project, typed, and writes the files of another format. It runs inside a WebAssembly sandbox as a
 * component of the world `ango:converter/converter`; this package is that contract (`wit/0.1/converter.wit`) made pleasant.
 */
export type Geometry = import("./contract.d.ts").Geometry;
/**
 * Write a converter for Ango exports in JavaScript.
 *
 * A converter gets the tasks of an annotation project, typed, and writes the files of another format. It runs inside a WebAssembly sandbox as a
 * component of the world `ango:converter/converter`; this package is that contract (`wit/0.1/converter.wit`) made pleasant.
 */
export type Classification = import("./contract.d.ts").Classification;
/**
 * Write a converter for Ango exports in JavaScript.
 *
 * A converter gets the tasks of an annotation project, typed, and writes the files of another format. It runs inside a WebAssembly sandbox as a
 * component of the world `ango:converter/converter`; this package is that contract (`wit/0.1/converter.wit`) made pleasant.
 */
export type Answer = import("./contract.d.ts").Answer;
/**
 * Write a converter for Ango exports in JavaScript.
 *
 * A converter gets the tasks of an annotation project, typed, and writes the files of another format. It runs inside a WebAssembly sandbox as a
 * component of the world `ango:converter/converter`; this package is that contract (`wit/0.1/converter.wit`) made pleasant.
 */
export type Relation = import("./contract.d.ts").Relation;
/**
 * Write a converter for Ango exports in JavaScript.
 *
 * A converter gets the tasks of an annotation project, typed, and writes the files of another format. It runs inside a WebAssembly sandbox as a
 * component of the world `ango:converter/converter`; this package is that contract (`wit/0.1/converter.wit`) made pleasant.
 */
export type Project = import("./contract.d.ts").Project;
/**
 * Write a converter for Ango exports in JavaScript.
 *
 * A converter gets the tasks of an annotation project, typed, and writes the files of another format. It runs inside a WebAssembly sandbox as a
 * component of the world `ango:converter/converter`; this package is that contract (`wit/0.1/converter.wit`) made pleasant.
 */
export type Class = import("./contract.d.ts").Class;
export { FetchError, InputError, OptionError } from "./errors.js";
