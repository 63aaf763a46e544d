/** The code that reads tasks out of the tables of `next-tables`. */

import { EAGER, NATURAL, TAGGED, camel, pascal } from './javascript-forms.mjs';

/** The text of `decoder.js`. */
export function decoder(model) {
  const reachable = inTasks(model);
  const out = [
    `// @ts-nocheck
// Written by scripts/generate.mjs from wit/0.1/converter.wit. Do not edit.
//
// Records are classes over the three tables of a batch. What nearly everybody reads is decoded at once, the rest when it is asked for. Loops count, and
// records of numbers are literals: an interpreter is slow in calls above all.

import { describeRows, numericList, path, paths, strings } from './rows.js';
`,
  ];
  for (const definition of model.definitions) {
    if (!reachable.has(definition.name)) continue;
    if (definition.kind === 'enum') out.push(`const ${constant(definition.name)} = [${definition.members.map((member) => `'${member.name}'`).join(', ')}];\n`);
    if (definition.kind === 'variant') out.push(definition.name in NATURAL ? natural(model, definition) : tagged(model, definition));
    if (definition.kind === 'record' && isClass(model, definition)) out.push(recordClass(model, definition, reachable.get(definition.name).inList));
  }
  const lists = model.definitions.filter((record) => record.kind === 'record' && reachable.has(record.name) && reachable.get(record.name).inList);
  for (const record of lists) if (!model.isNumeric({ kind: 'name', name: record.name })) out.push(listOf(model, record));
  const classes = model.definitions.filter((record) => record.kind === 'record' && reachable.has(record.name) && isClass(model, record));
  out.push(`describeRows({\n${classes.map((record) => `  ${pascal(record.name)}: [${pascal(record.name)}, [${record.members.map((member) => `'${camel(member.name)}'`).join(', ')}]],\n`).join('')}});\n`);
  return out.join('\n');
}

/** The types that tasks are made of, and which of them are elements of lists. */
function inTasks(model) {
  const found = new Map();
  const visit = (type, inList) => {
    const resolved = model.resolve(type);
    if (resolved.kind !== 'name') return visit(resolved.of, resolved.kind === 'list');
    const definition = model.byName.get(resolved.name);
    if (definition === undefined) return undefined;
    const known = found.get(resolved.name);
    found.set(resolved.name, { inList: inList || known?.inList });
    if (known === undefined) definition.members.forEach((member) => member.type && visit(member.type, false));
    return undefined;
  };
  visit({ kind: 'name', name: 'task' }, true);
  return found;
}

/** A record of few fields, all of which whoever has it wants, is a literal. */
function isClass(model, record) {
  return !model.isNumeric({ kind: 'name', name: record.name }) && record.members.length > 3 && !isPayload(model, record.name);
}

function isPayload(model, name) {
  return model.definitions.some((variant) => variant.name in TAGGED && variant.members.some((member) => member.type?.name === name));
}

function constant(name) {
  return `${name.toUpperCase().replaceAll('-', '_')}S`;
}

function recordClass(model, record, isElement) {
  const fields = model.fields(record);
  const lazy = fields.filter((field) => !(EAGER[record.name] ?? []).includes(field.name));
  const lines = eagerLines(model, record);
  const tables = used(lines.join(''));
  // Elements of lists get the tables from the loop that makes them.
  const parameters = isElement ? ['batch', 'at', ...tables] : ['batch', 'at'];
  const head = isElement ? '' : unpack(lines.join(''), 'batch', '    ');
  const getters = lazy.map((field) => {
    const name = camel(field.name);
    const value = expression(model, field.type, place('this._at', field.place));
    const needs = unpack(value, 'this._batch', '    ').trimEnd();
    const body = value.replaceAll('batch,', 'this._batch,');
    const isCached = !(model.isNumber(inner(model, field.type)) || model.isString(inner(model, field.type)) || model.isBool(field.type) || model.definition(field.type, 'enum'));
    const answer = isCached ? `this._${name} ??= ${body}` : body;
    return `\n  get ${name}() {\n${needs === '' ? '' : `${needs}\n`}    return ${isCached ? `(${answer})` : answer};\n  }\n`;
  });
  return `class ${pascal(record.name)} {\n  constructor(${parameters.join(', ')}) {\n${head}    this._batch = batch;\n    this._at = at;\n${lines.join('')}  }\n${getters.join('')}}\n`;
}

function inner(model, type) {
  return type.kind === 'option' ? model.resolve(type.of) : type;
}

/** What the constructor of a record does for its fields. */
function eagerLines(model, record) {
  const eager = model.fields(record).filter((field) => (EAGER[record.name] ?? []).includes(field.name));
  return eager.flatMap((field) => {
    const at = place('at', field.place);
    const value = expression(model, field.type, at);
    const first = model.definition(field.type, 'variant')?.members[0];
    const line = (text) => `    this.${camel(field.name)} = ${text};\n`;
    // Most objects are of the first kind of geometry, and a call takes as long as decoding it.
    if (first?.type === undefined || !model.isNumeric(first.type)) return [line(value)];
    const kind = kindOf(model.definition(field.type, 'variant'), first);
    return [`    const payload = words[at + ${field.place + 1}];\n`, line(`words[${at}] === 0 ? ${literal(model, first, 'payload', kind)} : ${value}`)];
  });
}

/** The tables that some code reads. */
function used(code) {
  return ['words', 'numbers', 'texts'].filter((table) => new RegExp(`\\b${table}\\b`).test(code));
}

/** `const { words } = batch;` for the tables that some code reads. */
function unpack(code, batch, indent) {
  const tables = used(code);
  return tables.length === 0 ? '' : `${indent}const { ${tables.join(', ')} } = ${batch};\n`;
}

function place(start, offset) {
  return offset === 0 ? start : `${start} + ${offset}`;
}

/** The value of a field whose words are from `at` on. */
function expression(model, type, at) {
  if (type.kind === 'option') {
    const of = model.resolve(type.of);
    // The text at position 0 is null.
    if (model.isString(of)) return `texts[words[${at}]]`;
    return `words[${at}] === 0 ? null : ${expression(model, of, at)}`;
  }
  if (type.kind === 'list') {
    const of = model.resolve(type.of);
    if (model.isString(of)) return `strings(batch, words[${at}])`;
    if (of.kind === 'name' && of.name === 'f64') return `path(numbers, words[${at}])`;
    if (of.kind === 'list') return `paths(batch, words[${at}])`;
    if (model.isNumeric(of)) return `numericList(numbers, words[${at}], ${fieldNames(model, of.name)})`;
    return `${listName(of.name)}(batch, words[${at}])`;
  }
  if (model.isString(type)) return `texts[words[${at}]]`;
  if (model.isNumber(type)) return `numbers[words[${at}]]`;
  if (model.isBool(type)) return `words[${at}] === 1`;
  const definition = model.byName.get(type.name);
  if (definition.kind === 'enum') return `${constant(type.name)}[words[${at}]]`;
  if (definition.kind === 'variant') return `${camel(type.name)}(batch, ${at})`;
  if (model.isNumeric(type)) return literal(model, { type }, `words[${at}]`);
  return `new ${pascal(type.name)}(batch, words[${at}])`;
}

function fieldNames(model, name) {
  return `[${model.byName.get(name).members.map((member) => `'${camel(member.name)}'`).join(', ')}]`;
}

function kindOf(variant, member) {
  return TAGGED[variant.name].kinds[member.name] ?? member.name;
}

/** A record as a literal. */
function literal(model, { type }, at, kind) {
  const record = model.definition(model.resolve(type), 'record');
  const isNumeric = model.isNumeric(type);
  const fields = model.fields(record).map((field) => {
    const value = isNumeric ? `numbers[${place(at, field.place)}]` : expression(model, field.type, place(at, field.place));
    return `${camel(field.name)}: ${value}`;
  });
  return `{ ${[...(kind === undefined ? [] : [`kind: '${kind}'`]), ...fields].join(', ')} }`;
}

function tagged(model, variant) {
  const { payloads } = TAGGED[variant.name];
  const cases = variant.members.map((member, number) => {
    const kind = kindOf(variant, member);
    const line = (value) => (number === variant.members.length - 1 ? `    default:\n      return ${value};\n` : `    case ${number}:\n      return ${value};\n`);
    if (member.type === undefined) return line(`{ kind: '${kind}' }`);
    const type = model.resolve(member.type);
    if (model.definition(type, 'record')) return line(literal(model, { type }, 'payload', kind));
    return line(`{ kind: '${kind}', ${payloads[member.name]}: ${expression(model, type, 'at + 1').replaceAll('words[at + 1]', 'payload')} }`);
  });
  const used = unpack(`words ${cases.join('')}`, 'batch', '  ');
  return `function ${camel(variant.name)}(batch, at) {\n${used}  const payload = words[at + 1];\n  switch (words[at]) {\n${cases.join('')}  }\n}\n`;
}

function natural(model, variant) {
  const { empty, object, field } = NATURAL[variant.name];
  const cases = variant.members.map((member, number) => {
    const head = number === variant.members.length - 1 ? '    default:\n' : `    case ${number}:\n`;
    if (member.name === empty) return `${head}      return null;\n`;
    const value = expression(model, model.resolve(member.type), 'at + 1');
    return `${head}      return ${member.name === object ? `{ ${field}: ${value} }` : value};\n`;
  });
  return `function ${camel(variant.name)}(batch, at) {\n${unpack(`words ${cases.join('')}`, 'batch', '  ')}  switch (words[at]) {\n${cases.join('')}  }\n}\n`;
}

/** The tables that the constructor of a record reads. */
function eagerTables(model, record) {
  return used(eagerLines(model, record).join(''));
}

function listName(name) {
  return camel(`${name}s`);
}

function listOf(model, record) {
  const name = listName(record.name);
  const stride = model.stride(record);
  const element = isClass(model, record) ? `new ${pascal(record.name)}(${['batch', 'at', ...eagerTables(model, record)].join(', ')})` : literal(model, { type: { kind: 'name', name: record.name } }, 'at');
  const exported = record.name === 'task' ? 'export ' : '';
  const doc = exported === '' ? '' : '/** The tasks of a batch: an object with the three tables, texts as an array already. */\n';
  return `${doc}${exported}function ${name}(batch, list) {\n${unpack(`words ${element}`, 'batch', '  ')}  const found = [];\n  const end = list + 1 + words[list] * ${stride};\n  for (let at = list + 1; at < end; at += ${stride}) found.push(${element});\n  return found;\n}\n`;
}
