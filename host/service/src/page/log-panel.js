// Lines of a log as a terminal shows them. New ones come at the end, and it stays there, unless somebody scrolls up to read.

import { api, path } from "./api.js";
import { cut, h } from "./dom.js";
import { button } from "./fields.js";
import { clock, count, plural } from "./format.js";

const MOST_LINES = 2000;
const LEVELS = ["debug", "info", "warning", "error"];
// So close to the end is at the end.
const NEAR = 24;

/** The panel. `add(line)` puts one more line at the end; `nothing` is what stands there before the first, and `of` whose log it is, whose name is not on every line. `last()` is the number of the last line. */
export function logPanel({ nothing, of } = {}) {
  const list = h("ol", {});
  const box = h("div", { class: "log", tabindex: 0, role: "log", "aria-label": "Log", onscroll: () => scrolled() }, list);
  const figure = h("span", { class: "log-count" });
  const newest = button("Newest", { picture: "down", kind: "small", hidden: true, onclick: () => { follow(true); box.focus({ preventScroll: true }); } });
  const copy = button("Copy", { picture: "copy", kind: "ghost small", onclick: () => copyAll() });
  const frame = h("div", { class: "log-frame", hidden: true }, h("header", { class: "log-head" }, h("h2", {}, "Log"), figure, newest, copy), box);
  const note = nothing && h("p", { class: "hint" }, nothing);
  const known = new Map();
  let last = 0;
  let waiting = [];
  let left = 0;
  let atEnd = true;
  // Where it was put; whoever scrolls up comes above it. Where the end is does not say that: lines can have come since.
  let put = 0;

  function scrolled() {
    const near = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    if (near !== atEnd && (near || box.scrollTop < put - 1)) follow(near);
  }

  function follow(wanted) {
    atEnd = wanted;
    newest.hidden = wanted;
    // For whoever reads further up, what they read stays where it is when lines go at the top.
    box.classList.toggle("follows", wanted);
    if (wanted) toEnd();
  }

  function toEnd() {
    box.scrollTop = box.scrollHeight;
    put = box.scrollTop;
  }

  /** Shows what has come since the last picture, all at once. */
  function draw() {
    list.append(...waiting.map((line) => row(line, of)));
    waiting = [];
    while (list.children.length > MOST_LINES) {
      list.firstElementChild.remove();
      left += 1;
    }
    figure.textContent = plural(known.size, "line") + (left ? `, the last ${count(MOST_LINES)} are shown` : "");
    if (note) note.hidden = true;
    frame.hidden = false;
    if (atEnd) toEnd();
  }

  async function copyAll() {
    const text = [...known.values()].map((one) => `${one.time} ${one.level} ${one.plugin && one.plugin !== of ? `${one.plugin} ` : ""}${one.message}\n`).join("");
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Browsers lend the clipboard only to pages that came over HTTPS. This way is older.
      window.getSelection().selectAllChildren(list);
      document.execCommand("copy");
    }
    copy.lastChild.textContent = "Copied";
    setTimeout(() => { copy.lastChild.textContent = "Copy"; }, 2000);
  }

  function add(line) {
    if (known.has(line.seq)) return;
    known.set(line.seq, line);
    last = Math.max(last, line.seq);
    if (waiting.push(line) === 1) requestAnimationFrame(draw);
  }

  follow(true);
  return { element: h("div", { class: "log-holder" }, note, frame), add, last: () => last };
}

/** Reads what was logged and is not in the panel yet. It comes in parts. */
export async function readLog(kind, id, panel, signal) {
  for (;;) {
    const { logs } = await api(`${path(kind, id)}/logs?after=${panel.last()}`, { signal });
    if (logs.length === 0) return;
    logs.forEach(panel.add);
  }
}

function row(line, of) {
  return h("li", { class: `level-${LEVELS.includes(line.level) ? line.level : "info"}` },
    h("time", { datetime: line.time }, clock(line.time)), h("span", { class: "level" }, line.level), line.plugin && line.plugin !== of && h("span", { class: "from" }, line.plugin), h("span", { class: "message" }, cut(line.message, 8000)));
}
