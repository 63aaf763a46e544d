// What comes in front of the page: dialogs, and short messages at its edge.

import { h, id, replace } from "./dom.js";
import { icon } from "./icons.js";

/** Opens a dialog. `build(close)` gives `{ body, actions, initial? }`. Resolves with what `close` is called with, `undefined` when somebody leaves it. The focus goes back to where it was. */
export function dialog(title, build, { wide = false } = {}) {
  return new Promise((resolve) => {
    const before = document.activeElement;
    const titleId = id("dialog");
    const element = h("dialog", { class: wide ? "dialog wide" : "dialog", "aria-labelledby": titleId });
    let answer;
    const close = (value) => {
      answer = value;
      element.close();
    };
    const { body, actions, initial } = build(close);
    replace(element,
      h("header", { class: "dialog-head" }, h("h2", { id: titleId }, title),
        h("button", { type: "button", class: "ghost square", "aria-label": "Close", onclick: () => close() }, icon("cross"))),
      h("div", { class: "dialog-body" }, body),
      actions && h("footer", { class: "dialog-foot" }, actions));
    element.addEventListener("close", () => {
      element.remove();
      if (before?.isConnected) before.focus();
      resolve(answer);
    });
    // A click beside it leaves it, as Escape does.
    element.addEventListener("pointerdown", (event) => {
      if (event.target === element && !element.querySelector("[data-keep]")) close();
    });
    document.body.append(element);
    element.showModal();
    initial?.focus();
  });
}

/** Asks whether something is to be done. */
export async function confirm(title, words, { action, kind = "primary" }) {
  return (await dialog(title, (close) => {
    const cancel = h("button", { type: "button", onclick: () => close(false) }, "Keep it");
    return { body: [words].flat().map((text) => (typeof text === "string" ? h("p", {}, text) : text)), actions: [cancel, h("button", { type: "button", class: kind, onclick: () => close(true) }, action)], initial: cancel };
  })) === true;
}

const ICONS = { good: "check", bad: "warning", note: "info" };
const STAY = 8000;

/** A short message. It goes by itself, unless somebody reads it or it has something to click. */
export function toast(message, { kind = "note", link, label } = {}) {
  const corner = document.getElementById("toasts");
  const leave = () => element.remove();
  const element = h("div", { class: `toast ${kind}` },
    icon(ICONS[kind]),
    h("p", {}, message, link && [" ", h("a", { href: link, onclick: leave }, label ?? "Open")]),
    h("button", { type: "button", class: "ghost square", "aria-label": "Dismiss", onclick: leave }, icon("cross")));
  corner.append(element);
  while (corner.children.length > 4) corner.firstElementChild.remove();
  const expire = () => (element.matches(":hover, :focus-within") ? setTimeout(expire, 2000) : leave());
  setTimeout(expire, link ? 3 * STAY : STAY);
}

/** Says something to screen readers alone. */
export function announce(message) {
  document.getElementById("announcer").textContent = message;
}

/** A box that says what went wrong, with a way out where there is one. */
export function problem(error, retry) {
  const titles = { 0: "No connection", 403: "Your key may not do this", 404: "Not found", 429: "Too much at once" };
  return h("div", { class: "notice bad", role: "alert" }, icon("warning"),
    h("div", {}, h("strong", {}, titles[error.status] ?? "That did not work"), h("p", {}, error.message)),
    retry && h("button", { type: "button", onclick: retry }, "Try again"));
}

/** A box that says something worth knowing. */
export function notice(kind, ...children) {
  return h("div", { class: `notice ${kind}` }, icon(ICONS[kind] ?? "info"), h("div", {}, children));
}

/** What stands where nothing is yet. */
export function empty(picture, title, words, action) {
  return h("div", { class: "empty" }, icon(picture), h("p", { class: "empty-title" }, title), h("p", {}, words), action);
}

/** What stands where something will be soon. */
export function loading(lines = 3) {
  return h("div", { class: "loading", "aria-busy": "true", role: "status", "aria-label": "Loading" }, Array.from({ length: lines }, () => h("div", { class: "bone" })));
}
