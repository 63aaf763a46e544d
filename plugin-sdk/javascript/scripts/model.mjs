/** The contract's types with what has to be known of them to read tables: see `next-tables` in the WIT file. */

import { NATURAL, TAGGED } from './javascript-forms.mjs';

const NUMBERS = new Set(['u8', 'u16', 'u32', 'u64', 's8', 's16', 's32', 's64', 'f32', 'f64']);

/** Answers questions about types. */
export class Model {
  constructor({ definitions, aliases }) {
    this.definitions = definitions;
    this.byName = new Map(definitions.map((definition) => [definition.name, definition]));
    this.aliases = aliases;
    for (const { kind, name } of definitions) {
      if (kind === 'variant' && !(name in TAGGED) && !(name in NATURAL)) throw new Error(`variant ${name} has no form in JavaScript yet: add one to javascript-forms.mjs`);
    }
  }

  /** A type without its alias. */
  resolve(type) {
    return type.kind === 'name' && this.aliases.has(type.name) ? this.resolve(this.aliases.get(type.name)) : type;
  }

  isNumber(type) {
    return type.kind === 'name' && NUMBERS.has(type.name);
  }

  isString(type) {
    return type.kind === 'name' && type.name === 'string';
  }

  isBool(type) {
    return type.kind === 'name' && type.name === 'bool';
  }

  /** The definition of a named type that is of this kind. */
  definition(type, kind) {
    const definition = type.kind === 'name' ? this.byName.get(type.name) : undefined;
    return definition?.kind === kind ? definition : undefined;
  }

  /** Whether it lies in `numbers`: an `f64`, or a record of nothing else. */
  isNumeric(type) {
    const resolved = this.resolve(type);
    if (resolved.kind !== 'name') return false;
    const record = this.definition(resolved, 'record');
    return resolved.name === 'f64' || (record !== undefined && record.members.every((member) => this.isNumeric(member.type)));
  }

  /** Words that it takes as a field. */
  width(type) {
    const variant = this.definition(this.resolve(type), 'variant');
    return variant?.members.some((member) => member.type) ? 2 : 1;
  }

  /** Fields of a record with the places of their words from its beginning on. */
  fields(record) {
    let place = 0;
    return record.members.map((member) => {
      const field = { ...member, type: this.resolve(member.type), place };
      place += this.width(member.type);
      return field;
    });
  }

  /** Words that a record takes in a list. */
  stride(record) {
    return record.members.reduce((sum, member) => sum + this.width(member.type), 0);
  }
}
