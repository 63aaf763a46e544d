/** What the test kit has to know of the contract to make tables of tasks. */

import { NATURAL, TAGGED, camel } from './javascript-forms.mjs';

/** The text of `schema.js`. */
export function schema(model) {
  const types = {};
  for (const { kind, name, members } of model.definitions) {
    if (kind === 'record') {
      const fields = members.map((member) => [camel(member.name), describe(model, member.type)]);
      types[name] = { record: fields, ...(model.isNumeric({ kind: 'name', name }) ? { isNumeric: true } : {}) };
    } else if (kind === 'enum') {
      types[name] = { enum: members.map((member) => member.name) };
    } else {
      const cases = members.map((member) => {
        const kindOf = TAGGED[name]?.kinds[member.name] ?? member.name;
        const payload = member.type === undefined ? undefined : describe(model, member.type);
        const field = TAGGED[name]?.payloads[member.name] ?? (NATURAL[name]?.object === member.name ? NATURAL[name].field : undefined);
        return { kind: kindOf, payload, field };
      });
      types[name] = { cases };
    }
  }
  return `// Written by scripts/generate.mjs from wit/0.1/converter.wit. Do not edit.

/** The types of the contract: a name, or a list or an option of a type. */
export const SCHEMA = ${JSON.stringify(types, undefined, 2)};
`;
}

function describe(model, type) {
  const resolved = model.resolve(type);
  if (resolved.kind !== 'name') return { [resolved.kind]: describe(model, resolved.of) };
  return model.isNumber(resolved) && resolved.name !== 'f64' ? 'integer' : resolved.name;
}
