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
export type Task = import("./contract.js").Task;
/**
 * Write a converter for Ango exports in JavaScript.
 *
 * A converter gets the tasks of an annotation project, typed, and writes the files of another format. It runs inside a WebAssembly sandbox as a
 * component of the world `ango:converter/converter`; this package is that contract (`wit/0.1/converter.wit`) made pleasant.
 */
export type Asset = import("./contract.js").Asset;
/**
 * Write a converter for Ango exports in JavaScript.
 *
 * A converter gets the tasks of an annotation project, typed, and writes the files of another format. It runs inside a WebAssembly sandbox as a
 * component of the world `ango:converter/converter`; this package is that contract (`wit/0.1/converter.wit`) made pleasant.
 */
export type Annotations = import("./contract.js").Annotations;
/**
 * Write a converter for Ango exports in JavaScript.
 *
 * A converter gets the tasks of an annotation project, typed, and writes the files of another format. It runs inside a WebAssembly sandbox as a
 * component of the world `ango:converter/converter`; this package is that contract (`wit/0.1/converter.wit`) made pleasant.
 */
export type DrawnObject = import("./contract.js").DrawnObject;
/**
 * Write a converter for Ango exports in JavaScript.
 *
 * A converter gets the tasks of an annotation project, typed, and writes the files of another format. It runs inside a WebAssembly sandbox as a
 * component of the world `ango:converter/converter`; this package is that contract (`wit/0.1/converter.wit`) made pleasant.
 */
export type Geometry = import("./contract.js").Geometry;
/**
 * Write a converter for Ango exports in JavaScript.
 *
 * A converter gets the tasks of an annotation project, typed, and writes the files of another format. It runs inside a WebAssembly sandbox as a
 * component of the world `ango:converter/converter`; this package is that contract (`wit/0.1/converter.wit`) made pleasant.
 */
export type Classification = import("./contract.js").Classification;
/**
 * Write a converter for Ango exports in JavaScript.
 *
 * A converter gets the tasks of an annotation project, typed, and writes the files of another format. It runs inside a WebAssembly sandbox as a
 * component of the world `ango:converter/converter`; this package is that contract (`wit/0.1/converter.wit`) made pleasant.
 */
export type Answer = import("./contract.js").Answer;
/**
 * Write a converter for Ango exports in JavaScript.
 *
 * A converter gets the tasks of an annotation project, typed, and writes the files of another format. It runs inside a WebAssembly sandbox as a
 * component of the world `ango:converter/converter`; this package is that contract (`wit/0.1/converter.wit`) made pleasant.
 */
export type Relation = import("./contract.js").Relation;
/**
 * Write a converter for Ango exports in JavaScript.
 *
 * A converter gets the tasks of an annotation project, typed, and writes the files of another format. It runs inside a WebAssembly sandbox as a
 * component of the world `ango:converter/converter`; this package is that contract (`wit/0.1/converter.wit`) made pleasant.
 */
export type Project = import("./contract.js").Project;
/**
 * Write a converter for Ango exports in JavaScript.
 *
 * A converter gets the tasks of an annotation project, typed, and writes the files of another format. It runs inside a WebAssembly sandbox as a
 * component of the world `ango:converter/converter`; this package is that contract (`wit/0.1/converter.wit`) made pleasant.
 */
export type Class = import("./contract.js").Class;
export { FetchError, InputError, OptionError } from "./errors.js";
