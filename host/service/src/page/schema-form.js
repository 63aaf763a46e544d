// A form drawn from the JSON Schema of a plugin's options. What it cannot draw becomes a field of JSON, which is checked as far as the schema says what it is.
// The service checks everything again: this form is there to help, not to protect.

import { cut, h } from "./dom.js";
import { check, choices, field, select } from "./fields.js";
import { count, label } from "./format.js";

// A schema comes from a stranger: it may be larger than any form.
const MOST_PROPERTIES = 100;
const MOST_CHOICES = 500;
const MOST_MEMBERS = 20;

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** A form for options: `element`, and `read(show)` which gives `{ value, errors }` and, unless told otherwise, shows what is wrong. Only what differs from the default is in `value`. */
export function schemaForm(schema, given = {}) {
  const properties = schema && typeof schema === "object" && schema.properties && typeof schema.properties === "object" ? Object.entries(schema.properties) : [];
  if (properties.length === 0 || properties.length > MOST_PROPERTIES) {
    const open = schema && typeof schema === "object" && (properties.length > 0 || schema.additionalProperties !== false);
    if (!open) return { element: h("p", { class: "hint" }, "This plugin has no options."), read: () => ({ value: {}, errors: 0 }) };
    const whole = jsonPart({ name: "Options", schema: { type: "object" }, given: Object.keys(given).length ? given : undefined, required: false });
    return {
      element: h("div", { class: "grid" }, whole.element),
      read: (show = true) => {
        const { value, error } = whole.read();
        if (show) whole.fail(error);
        return { value: value ?? {}, errors: error ? 1 : 0 };
      },
    };
  }
  const members = membersOf(schema, given, 0);
  return {
    element: h("div", { class: "grid" }, members.elements),
    read: (show = true) => {
      const { value, failures } = members.read();
      if (show) members.fail(failures);
      return { value, errors: failures.size };
    },
  };
}

/** The members of an object: `elements`, `read()` which gives what differs from the default and the failures by member, and `fail(failures)` which shows them. */
function membersOf(schema, given, depth) {
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  const parts = Object.entries(schema.properties).map(([name, raw]) => ({
    name, ...part({ name, schema: raw && typeof raw === "object" ? raw : {}, given: given[name], required: required.has(name), depth }),
  }));
  return {
    elements: parts.map((one) => one.element),
    read: () => {
      const value = {};
      const failures = new Map();
      for (const one of parts) {
        const { value: read, error } = one.read();
        if (error) failures.set(one.name, error);
        else if (read !== undefined && !(same(read, one.schema.default) && !required.has(one.name))) value[one.name] = read;
      }
      return { value, failures };
    },
    fail: (failures) => parts.forEach((one) => one.fail(failures.get(one.name))),
  };
}

function typeOf(schema) {
  if (!Array.isArray(schema.type)) return schema.type;
  const types = schema.type.filter((type) => type !== "null");
  return types.length === 1 ? types[0] : undefined;
}

function listed(schema) {
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return schema.enum.map((value) => ({ value, label: typeof value === "string" && value.trim() ? value : JSON.stringify(value) }));
  if (Array.isArray(schema.oneOf) && schema.oneOf.length > 0 && schema.oneOf.every((one) => one && typeof one === "object" && "const" in one)) {
    return schema.oneOf.map((one) => ({ value: one.const, label: String(one.title ?? one.const) }));
  }
  return undefined;
}

/** One option. */
function part(option) {
  const { schema } = option;
  if (["$ref", "allOf", "anyOf", "if", "not"].some((word) => schema[word] !== undefined)) return jsonPart(option);
  const values = listed(schema);
  if (values) return values.length <= MOST_CHOICES ? enumPart(option, values) : jsonPart(option);
  const items = schema.items && typeof schema.items === "object" ? schema.items : {};
  switch (typeOf(schema)) {
    case "boolean": return booleanPart(option);
    case "integer":
    case "number": return numberPart(option);
    case "string": return textPart(option);
    case "array": return typeOf(items) === "string" || listed(items) ? listPart(option, items) : jsonPart(option);
    case "object": return isGroup(option) ? groupPart(option) : jsonPart(option);
    default: return jsonPart(option);
  }
}

/** Whether an object has members that are known and few, and is not deep in others. */
function isGroup({ schema, depth }) {
  const known = schema.properties && typeof schema.properties === "object" && schema.additionalProperties === false;
  return known && depth < 2 && Object.keys(schema.properties).length > 0 && Object.keys(schema.properties).length <= MOST_MEMBERS;
}

/** An object as fields of its own, folded away unless something is in it. */
function groupPart(option) {
  const { schema, given, depth } = option;
  const start = KINDS.object(given) ? given : KINDS.object(schema.default) ? schema.default : {};
  const members = membersOf(schema, start, depth + 1);
  const hint = about(option);
  const element = h("details", { class: "more wide", open: Object.keys(start).length > 0 }, h("summary", {}, title(option)),
    hint && h("p", { class: "hint" }, hint), h("div", { class: "grid", role: "group", "aria-label": title(option) }, members.elements));
  let failures = new Map();
  return {
    schema, element,
    fail: (error) => {
      members.fail(error ? failures : new Map());
      if (error) element.open = true;
    },
    read: () => {
      const read = members.read();
      failures = read.failures;
      if (failures.size > 0) return { error: [...failures.values()][0] };
      return { value: Object.keys(read.value).length > 0 || option.required ? read.value : undefined };
    },
  };
}

const title = ({ name, schema }) => cut(schema.title ?? label(name), 120);
const code = ({ name, schema }) => (schema.title || label(name).toLowerCase() !== name ? cut(name, 80) : undefined);
const about = ({ schema, required }, more) => {
  const hint = [schema.description && cut(schema.description, 1000), more, required && "Required."].filter(Boolean).join(" ");
  return hint || undefined;
};

function labelled(option, control, more, wide = false) {
  return field(title(option), control, { hint: about(option, more), code: code(option), wide });
}

function enumPart(option, values) {
  const { schema, given, required } = option;
  const start = given ?? schema.default;
  const at = values.findIndex((one) => same(one.value, start));
  const empty = at < 0 ? [{ value: "", label: required ? "Choose…" : "—" }] : [];
  const control = select([...empty, ...values.map((one, index) => ({ value: String(index), label: same(one.value, schema.default) ? `${cut(one.label, 200)} (default)` : cut(one.label, 200) }))], { value: at < 0 ? "" : String(at) });
  const element = labelled(option, control);
  return {
    schema, element, fail: element.fail,
    read: () => (control.value === "" ? { error: required ? "Choose one." : undefined } : { value: values[Number(control.value)].value }),
  };
}

function booleanPart(option) {
  const { schema, given } = option;
  const element = check(title(option), { checked: (given ?? schema.default) === true, hint: about(option), code: code(option) });
  return { schema, element, fail: () => {}, read: () => ({ value: schema.default === undefined && !element.input.checked && given === undefined ? undefined : element.input.checked }) };
}

function bounds({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }) {
  const low = [minimum !== undefined && `at least ${count(minimum)}`, exclusiveMinimum !== undefined && `more than ${count(exclusiveMinimum)}`].filter(Boolean);
  const high = [maximum !== undefined && `at most ${count(maximum)}`, exclusiveMaximum !== undefined && `less than ${count(exclusiveMaximum)}`].filter(Boolean);
  const words = [...low, ...high].join(", ");
  return words && `${words[0].toUpperCase()}${words.slice(1)}.`;
}

function numberPart(option) {
  const { schema, given, required } = option;
  const whole = typeOf(schema) === "integer";
  const control = h("input", {
    type: "number", inputmode: whole ? "numeric" : "decimal", step: schema.multipleOf ?? (whole ? 1 : "any"), min: schema.minimum, max: schema.maximum,
    value: given ?? schema.default ?? "", placeholder: schema.default === undefined ? undefined : String(schema.default), autocomplete: "off",
  });
  const element = labelled(option, control, bounds(schema));
  return {
    schema, element, fail: element.fail,
    read: () => {
      if (control.validity.badInput) return { error: "Write a number." };
      if (control.value === "") return { error: required && schema.default === undefined ? "Write a number." : undefined };
      const value = Number(control.value);
      if (whole && !Number.isInteger(value)) return { error: "Write a whole number." };
      const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
      if (value < minimum || value > maximum || value <= exclusiveMinimum || value >= exclusiveMaximum) return { error: bounds(schema) };
      return { value };
    },
  };
}

function textPart(option) {
  const { schema, given, required } = option;
  const long = (schema.maxLength ?? 0) > 200;
  const control = h(long ? "textarea" : "input", {
    type: long ? undefined : "text", rows: long ? 3 : undefined, maxlength: schema.maxLength, value: given ?? schema.default ?? "", spellcheck: "false", autocomplete: "off",
  });
  const element = labelled(option, control);
  return {
    schema, element, fail: element.fail,
    read: () => {
      if (control.value === "" && schema.default === undefined) return { error: required ? "Write something." : undefined };
      if ([...control.value].length < (schema.minLength ?? 0)) return { error: `At least ${schema.minLength} characters.` };
      return { value: control.value };
    },
  };
}

function listPart(option, items) {
  const { schema, given, required } = option;
  const start = Array.isArray(given ?? schema.default) ? given ?? schema.default : [];
  const values = listed(items);
  const low = schema.minItems ?? (required ? 1 : 0);
  const verdict = (list) => {
    if (list.length === 0 && !required && schema.default === undefined) return {};
    if (list.length < low) return { error: `At least ${low}.` };
    if (list.length > schema.maxItems) return { error: `At most ${schema.maxItems}.` };
    if (schema.uniqueItems && new Set(list.map((one) => JSON.stringify(one))).size < list.length) return { error: "Each one once." };
    return { value: list };
  };
  if (values && values.length <= MOST_CHOICES) {
    const element = choices(title(option), values.map((one, index) => ({ value: String(index), label: cut(one.label, 200) })), {
      values: values.map((one, index) => [one, index]).filter(([one]) => start.some((value) => same(value, one.value))).map(([, index]) => String(index)), hint: about(option),
    });
    return { schema, element, fail: element.fail, read: () => verdict(element.values.map((index) => values[Number(index)].value)) };
  }
  const control = h("textarea", { rows: Math.min(6, Math.max(2, start.length + 1)), value: start.join("\n"), spellcheck: "false" });
  const element = labelled(option, control, "One on each line.", true);
  return { schema, element, fail: element.fail, read: () => verdict(control.value.split("\n").map((line) => line.trim()).filter(Boolean)) };
}

const KINDS = {
  object: (value) => value !== null && typeof value === "object" && !Array.isArray(value),
  array: Array.isArray,
  string: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  number: (value) => typeof value === "number",
  integer: Number.isInteger,
  null: (value) => value === null,
};

function jsonPart(option) {
  const { schema, given, required } = option;
  const start = given ?? schema.default;
  const control = h("textarea", { class: "code", rows: 3, value: start === undefined ? "" : JSON.stringify(start, null, 2), spellcheck: "false", placeholder: "JSON" });
  const element = labelled(option, control, "As JSON.", true);
  const types = [schema.type ?? []].flat().filter((type) => KINDS[type]);
  return {
    schema, element, fail: element.fail,
    read: () => {
      if (control.value.trim() === "") return { error: required ? "Write some JSON." : undefined };
      let value;
      try {
        value = JSON.parse(control.value);
      } catch (error) {
        return { error: `This is not JSON: ${error.message}` };
      }
      if (types.length && !types.some((type) => KINDS[type](value))) return { error: `Expected ${types.join(" or ")}.` };
      return { value };
    },
  };
}
