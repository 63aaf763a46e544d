// The exports of a project: those that run, with their progress, and those that ran.

import { api, path, query } from "./api.js";
import { announce, empty, loading, problem } from "./dialog.js";
import { every, h, id, replace } from "./dom.js";
import { busy, button, select } from "./fields.js";
import { icon } from "./icons.js";
import { isFinal, lossesOf, progress, stateTag, summary, took, who } from "./export-words.js";
import { follow } from "./follow.js";
import { bytes, moment, plural } from "./format.js";
import { brief } from "./result-parts.js";

const PAGE = 25;
const BUSY = 2000;
const QUIET = 10_000;
const STATES = [["", "All"], ["queued", "Waiting"], ["running", "Running"], ["succeeded", "Ready"], ["failed", "Failed"], ["cancelled", "Cancelled"]].map(([value, label]) => ({ value, label }));

/** The list. `add(export)` puts a new one at its top, opens it and goes there. */
export function history(project, signal) {
  const rows = new Map();
  const list = h("ul", { class: "history" });
  const note = h("div", {});
  const more = button("Show older ones", { onclick: () => busy(more, () => load(next)), hidden: true });
  const filter = select(STATES, { class: "narrow", "aria-label": "Exports in state", onchange: () => { rows.clear(); replace(list); start(); } });
  const element = h("section", { class: "card", "aria-labelledby": "history-title" },
    h("header", { class: "card-head" }, h("h2", { id: "history-title" }, "Exports"), filter), note, list, h("div", { class: "card-more" }, more));
  let next;

  async function load(before) {
    const page = await api(query("/v1/exports", { project: project.id, state: filter.value, limit: PAGE, before }), { signal });
    for (const one of page.exports) show(one, false);
    if (before || rows.size <= PAGE) next = page.next;
    more.hidden = !next;
    replace(note, rows.size === 0 && (filter.value
      ? empty("search", "None of that kind", "No export of this project is in that state.")
      : empty("download", "No exports yet", "What you export appears here, with its progress and its links. You may leave this page meanwhile.")));
  }

  async function start() {
    if (rows.size === 0) replace(note, loading(4));
    try {
      await load();
    } catch (error) {
      if (error.name !== "AbortError") replace(note, problem(error, start));
    }
  }

  function show(one, open) {
    let row = rows.get(one.id);
    if (row) return row.update(one);
    row = entry(one, project, signal, open);
    rows.set(one.id, row);
    const after = [...rows.values()].filter((other) => other !== row && other.createdAt() < one.createdAt).map((other) => other.element);
    const first = [...list.children].find((child) => after.includes(child));
    list.insertBefore(row.element, first ?? null);
    return row;
  }

  start();
  every(() => ([...rows.values()].some((row) => !row.isFinal()) ? BUSY : QUIET), signal, async () => {
    try {
      await load();
    } catch {
      // The next look may work; what is shown stays.
    }
  });
  return {
    element,
    add: (one) => {
      if (filter.value) {
        filter.value = "";
        rows.clear();
        replace(list);
        start();
      }
      replace(note);
      show(one, true)?.focus();
    },
  };
}

/** One export: a line, and behind it what came of it. */
function entry(first, project, signal, open) {
  let one = first;
  let followed = false;
  const panel = id("export");
  const toggle = h("button", { type: "button", class: "row-toggle", "aria-expanded": String(open), "aria-controls": panel, onclick: () => expand(toggle.getAttribute("aria-expanded") !== "true") });
  const line = h("div", { class: "row-line" });
  const bar = h("div", { class: "row-progress" });
  const body = h("div", { class: "row-body", id: panel, hidden: !open });
  const element = h("li", { class: "row" }, toggle, bar, body);

  function draw() {
    const losses = lossesOf(one);
    replace(line,
      stateTag(one),
      h("span", { class: "row-what" }, summary(one.request, project)),
      h("span", { class: "row-tags" }, one.request.plugins.map((plugin) => h("span", { class: "pill" }, plugin.name))),
      h("span", { class: "row-meta" },
        who(one.requestedBy), " · ", moment(one.createdAt),
        one.state === "succeeded" && [" · ", plural(one.result?.tasks ?? 0, one.request.type === "issue" ? "issue" : "task"), one.result?.original && ` · ${bytes(one.result.original.bytes)}`],
        losses > 0 && ` · ${plural(losses, "loss", "losses")}`,
        isFinal(one.state) && one.startedAt && ` · took ${took(one)}`));
    replace(toggle, icon("chevron"), line);
    element.dataset.state = one.state;
    element.dataset.id = one.id;
    if (isFinal(one.state)) replace(bar);
    else {
      const cancel = button("Cancel", { kind: "small", picture: "stop", disabled: one.cancelRequested || project.role === "viewer", onclick: () => stop(cancel) });
      // The button is put back where it was, so that whoever is on it stays on it.
      const hadFocus = bar.contains(document.activeElement);
      replace(bar, progress(one), cancel);
      if (hadFocus) cancel.focus();
    }
    if (!body.hidden) brief(body, one, project, signal);
  }

  async function stop(pressed) {
    try {
      update(await busy(pressed, () => api(`${path("exports", one.id)}/cancel`, { method: "POST" })) ?? one);
    } catch (error) {
      replace(body, problem(error));
      body.hidden = false;
    }
  }

  function expand(wanted) {
    toggle.setAttribute("aria-expanded", String(wanted));
    body.hidden = !wanted;
    if (wanted) brief(body, one, project, signal);
  }

  function update(newer) {
    if (!newer || JSON.stringify(newer) === JSON.stringify(one)) return watch();
    const ended = !isFinal(one.state) && isFinal(newer.state);
    // What was asked before it ended may be answered after it.
    if (isFinal(one.state) && !isFinal(newer.state)) return undefined;
    one = newer;
    draw();
    if (ended) announce({ succeeded: "The export is ready.", failed: "The export failed.", cancelled: "The export was cancelled." }[one.state]);
    return watch();
  }

  function watch() {
    if (!followed && !isFinal(one.state)) {
      followed = follow("exports", one.id, { change: update, trouble: () => {} }, signal);
    }
    return undefined;
  }

  draw();
  watch();
  return {
    element, update,
    createdAt: () => one.createdAt,
    isFinal: () => isFinal(one.state),
    focus: () => {
      toggle.focus({ preventScroll: true });
      element.scrollIntoView({ block: "nearest" });
    },
  };
}
