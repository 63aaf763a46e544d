// Fields of forms, each with its label, its hint and its error tied to it.

import { h, id, replace, spoken } from "./dom.js";
import { icon } from "./icons.js";

/** A label, a control, a hint, and room for what is wrong. `control.fail(message)` shows an error, or takes it away. */
export function field(label, control, { hint, code, wide } = {}) {
  control.id ||= id("field");
  const hintId = `${control.id}-hint`;
  const errorId = `${control.id}-error`;
  const error = h("p", { class: "error-text", id: errorId, hidden: true });
  const describe = () => control.setAttribute("aria-describedby", [hint && hintId, !error.hidden && errorId].filter(Boolean).join(" "));
  const element = h("div", { class: wide ? "field wide" : "field" },
    h("label", { for: control.id }, label, code && h("code", { class: "quiet" }, code)),
    control,
    hint && h("p", { class: "hint", id: hintId }, hint),
    error);
  if (hint) describe();
  element.fail = (message) => {
    error.hidden = !message;
    replace(error, message ? [icon("warning"), message] : []);
    if (message) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
    if (hint || message) describe();
    else control.removeAttribute("aria-describedby");
  };
  control.addEventListener("input", () => element.fail(""));
  return element;
}

/** A box to tick, with a sentence about it. `input` is the box. */
export function check(label, { checked = false, hint, code, onchange, disabled = false, role } = {}) {
  const box = id("check");
  const input = h("input", { type: "checkbox", id: box, checked, disabled, onchange, role, "aria-describedby": hint ? `${box}-hint` : undefined });
  const element = h("div", { class: role === "switch" ? "check switch" : "check" },
    input,
    h("div", {}, h("label", { for: box }, label, code && h("code", { class: "quiet" }, code)), hint && h("p", { class: "hint", id: `${box}-hint` }, hint)));
  element.input = input;
  return element;
}

/** A few choices of which one holds, side by side. `element.value` is the one; `element.allow(values)` leaves only some. */
export function segments(legend, options, { value, onchange, hint } = {}) {
  const name = id("segments");
  const hintId = `${name}-hint`;
  const inputs = options.map((option) => h("input", { type: "radio", name, value: option.value, id: id("segment"), checked: option.value === value }));
  const element = h("fieldset", { class: "field", "aria-describedby": hint ? hintId : undefined },
    h("legend", {}, legend),
    h("div", { class: "segments" }, inputs.map((input, index) => [input, h("label", { for: input.id }, options[index].label)])),
    hint && h("p", { class: "hint", id: hintId }, hint));
  Object.defineProperty(element, "value", {
    get: () => inputs.find((input) => input.checked)?.value,
    set: (wanted) => inputs.forEach((input) => { input.checked = input.value === wanted; }),
  });
  element.allow = (values) => {
    inputs.forEach((input) => { input.disabled = !values.includes(input.value); });
    if (!values.includes(element.value)) element.value = values[0];
  };
  element.addEventListener("change", () => onchange?.(element.value));
  return element;
}

// From this many on, a list gets a field to search in.
const MANY = 12;

/** Any number of choices. `element.values` are those that hold, in order; `null` stands for all where `all` says what all are called. */
export function choices(legend, options, { values = null, all, hint, onchange, empty } = {}) {
  const legendId = id("choices");
  const boxes = options.map((option) => h("input", { type: "checkbox", id: id("choice"), value: option.value, checked: values?.includes(option.value) ?? false }));
  const everything = all && h("input", { type: "checkbox", id: id("choice"), checked: values === null });
  const chips = boxes.map((box, index) => h("div", { class: "chip" }, box, h("label", { for: box.id, title: options[index].hint }, options[index].label)));
  const error = h("p", { class: "error-text", hidden: true });
  const search = options.length > MANY && h("input", { type: "search", class: "narrow", placeholder: `Search ${options.length}`, "aria-label": `Search: ${legend}`, autocomplete: "off" });
  const list = h("div", { class: options.length > MANY ? "chips many" : "chips" },
    all && h("div", { class: "chip" }, everything, h("label", { for: everything.id }, all)), chips);
  if (options.length > MANY) list.tabIndex = 0;
  const element = h("fieldset", { class: "field wide" }, h("legend", { id: legendId }, legend), search, list,
    options.length === 0 && !all && h("p", { class: "hint" }, empty ?? "There are none."), hint && h("p", { class: "hint" }, hint), error);
  Object.defineProperty(element, "values", {
    get: () => (everything?.checked ? null : boxes.filter((box) => box.checked).map((box) => box.value)),
    set: (wanted) => {
      if (everything) everything.checked = wanted === null;
      boxes.forEach((box) => { box.checked = wanted?.includes(box.value) ?? false; });
    },
  });
  element.fail = (message) => {
    error.hidden = !message;
    replace(error, message ? [icon("warning"), message] : []);
  };
  element.focusFirst = () => (everything ?? boxes[0])?.focus();
  search && search.addEventListener("input", () => {
    const wanted = search.value.trim().toLowerCase();
    chips.forEach((chip, index) => { chip.hidden = !options[index].label.toLowerCase().includes(wanted) && !boxes[index].checked; });
  });
  list.addEventListener("change", (event) => {
    if (event.target === everything) {
      if (everything.checked) boxes.forEach((box) => { box.checked = false; });
    } else if (event.target.checked && everything) everything.checked = false;
    // Without a choice all of them hold, as long as that has a name.
    if (everything && !everything.checked && boxes.every((box) => !box.checked)) everything.checked = true;
    element.fail("");
    onchange?.(element.values);
  });
  return element;
}

/** A choice out of a list. */
export function select(options, { value, onchange, ...rest } = {}) {
  const element = h("select", { onchange, ...rest }, options.map((option) => h("option", { value: option.value, disabled: option.disabled }, option.label)));
  if (value !== undefined) element.value = value;
  return element;
}

/** A button with a picture. */
export function button(label, { picture, kind = "", onclick, type = "button", quiet = false, ...rest } = {}) {
  return h("button", { type, class: kind || undefined, onclick, title: quiet ? label : undefined, ...rest }, picture && icon(picture), quiet ? spoken(label) : label);
}

/** While `work` goes on, the button says so and cannot be pressed again. The focus stays. */
export async function busy(element, work) {
  if (element.getAttribute("aria-busy") === "true") return undefined;
  element.setAttribute("aria-busy", "true");
  try {
    return await work();
  } finally {
    element.removeAttribute("aria-busy");
  }
}
