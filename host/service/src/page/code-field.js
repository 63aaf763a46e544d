// A field for JSON: with numbers of lines beside it, since what is wrong is told by line, and checked while somebody writes.

import { h, id, replace } from "./dom.js";
import { button } from "./fields.js";
import { icon } from "./icons.js";
import { lineOf, objectOf } from "./json-text.js";

// Nobody wants to be told of a quote that is missing while they are about to write it.
const QUIET = 500;
const FEWEST = 5;
const MOST = 20;

/** JSON as people like to read it; a text that is none stays as it is. */
export function tidy(text) {
  const { value } = objectOf(text);
  return value === undefined ? text : JSON.stringify(value, null, 2);
}

/**
 * The field. `usual` is what "Reset to default" writes into it. `element.text` is what it holds, `element.check()` gives `{ value }` or `{ error }` and shows what is wrong, `element.focusWrong()` goes there.
 */
export function codeField(label, { text, usual, hint, onchange } = {}) {
  const fieldId = id("code");
  const lines = h("div", { class: "code-lines", "aria-hidden": "true" });
  const control = h("textarea", {
    class: "code", id: fieldId, value: text, spellcheck: "false", autocomplete: "off", autocapitalize: "off", wrap: "off", "aria-describedby": `${fieldId}-hint ${fieldId}-error`,
    oninput: () => { draw(false); onchange?.(); }, onblur: () => draw(true), onscroll: () => { lines.scrollTop = control.scrollTop; },
  });
  const error = h("p", { class: "error-text", id: `${fieldId}-error`, "aria-live": "polite" });
  const reset = button("Reset to default", { picture: "repeat", kind: "ghost small", onclick: () => write(usual) });
  const element = h("div", { class: "field" },
    h("div", { class: "code-head" }, h("label", { for: fieldId }, label), reset),
    h("div", { class: "code-box" }, lines, control), error, h("p", { class: "hint", id: `${fieldId}-hint` }, hint));
  let timer;

  /** Draws what goes with the text. What is wrong is said when `say` is set; what is right again is right at once. */
  function draw(say) {
    clearTimeout(timer);
    const wrong = objectOf(control.value);
    const number = lineOf(control.value, control.value.length);
    control.rows = Math.min(MOST, Math.max(FEWEST, number));
    if (lines.children.length !== number) replace(lines, Array.from({ length: number }, (_, index) => h("span", {}, String(index + 1))));
    lines.scrollTop = control.scrollTop;
    reset.disabled = control.value === usual;
    if (!wrong.error || say) {
      if (error.textContent !== (wrong.error ?? "")) replace(error, wrong.error && [icon("warning"), h("span", {}, wrong.error)]);
      if (wrong.error) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
      const wrongLine = wrong.error && lineOf(control.value, wrong.at);
      [...lines.children].forEach((line, index) => line.classList.toggle("wrong", index + 1 === wrongLine));
    } else timer = setTimeout(() => draw(true), QUIET);
    return wrong;
  }

  function write(value) {
    control.value = value;
    draw(true);
    onchange?.();
    control.focus();
  }

  Object.defineProperty(element, "text", { get: () => control.value });
  element.check = () => draw(true);
  element.focusWrong = () => {
    control.focus();
    const { at } = objectOf(control.value);
    control.setSelectionRange(at, Math.min(control.value.length, at + 1));
  };
  draw(true);
  return element;
}
