/** The TypeScript declarations of the contract's types, with its documentation. */

import { NATURAL, TAGGED, camel, pascal } from './javascript-forms.mjs';

/** The text of `contract.d.ts`. */
export function declarations(model) {
  const out = ['// Written by scripts/generate.mjs from wit/0.1/converter.wit. Do not edit.\n'];
  for (const definition of model.definitions) out.push(declaration(model, definition));
  return out.join('\n');
}

function declaration(model, definition) {
  const { kind, name, members } = definition;
  const head = doc(model, definition.doc, '');
  if (kind === 'enum') return `${head}export type ${pascal(name)} = ${members.map((member) => `'${member.name}'`).join(' | ')};\n`;
  if (kind === 'record') return `${head}export interface ${pascal(name)} {\n${fieldLines(model, members)}}\n`;
  if (name in NATURAL) return natural(model, definition, head);
  const { kinds, payloads } = TAGGED[name];
  const cases = members.map((member) => {
    const type = member.type === undefined ? undefined : model.resolve(member.type);
    const kindOf = `readonly kind: '${kinds[member.name] ?? member.name}'`;
    const text = doc(model, member.doc, '  ');
    if (type === undefined) return `${text}  | { ${kindOf} }`;
    const record = model.definition(type, 'record');
    if (record !== undefined) return `${text}  | ({ ${kindOf} } & ${typeText(model, type)})`;
    return `${text}  | { ${kindOf}; readonly ${payloads[member.name]}: ${typeText(model, type)} }`;
  });
  return `${head}export type ${pascal(name)} =\n${cases.join('\n')};\n`;
}

function natural(model, { name, members }, head) {
  const { empty, object, field } = NATURAL[name];
  const other = `${pascal(object)}${pascal(name)}`;
  const cases = members.map((member) => {
    const text = doc(model, member.doc, '  ');
    if (member.name === empty) return `${text}  | null`;
    return `${text}  | ${member.name === object ? other : typeText(model, model.resolve(member.type))}`;
  });
  const inner = members.find((member) => member.name === object);
  return `${head}export type ${pascal(name)} =\n${cases.join('\n')};\n\n${doc(model, inner.doc, '')}export interface ${other} {\n  readonly ${field}: string;\n}\n`;
}

function fieldLines(model, members) {
  return members
    .map((member) => `${doc(model, member.doc, '  ')}  readonly ${camel(member.name)}: ${typeText(model, model.resolve(member.type))};\n`)
    .join('');
}

function typeText(model, type) {
  if (type.kind === 'option') return `${typeText(model, model.resolve(type.of))} | null`;
  if (type.kind === 'list') {
    const of = model.resolve(type.of);
    if (of.kind === 'name' && of.name === 'f64') return 'Float64Array';
    return `readonly ${typeText(model, of)}[]`;
  }
  if (model.isNumber(type)) return 'number';
  if (model.isString(type)) return 'string';
  if (model.isBool(type)) return 'boolean';
  return pascal(type.name);
}

/** Documentation, with the names of fields as they are in JavaScript. */
function doc(model, lines, indent) {
  const fields = new Set(model.definitions.flatMap((definition) => (definition.kind === 'record' ? definition.members.map((member) => member.name) : [])));
  const texts = lines.map((line) => line.replace(/`([a-z]+(?:-[a-z]+)+)`/g, (text, name) => (fields.has(name) ? `\`${camel(name)}\`` : text)));
  if (texts.length === 0) return '';
  if (texts.length === 1) return `${indent}/** ${texts[0]} */\n`;
  return `${indent}/**\n${texts.map((line) => `${indent} * ${line}`.trimEnd()).join('\n')}\n${indent} */\n`;
}
