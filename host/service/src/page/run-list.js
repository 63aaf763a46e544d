// The runs of a project, the newest first. Each leads to its own page.

import { api, query } from "./api.js";
import { announce, empty, loading, problem } from "./dialog.js";
import { cut, every, h, replace } from "./dom.js";
import { isFinal, took, who } from "./export-words.js";
import { busy, button } from "./fields.js";
import { moment, plural } from "./format.js";
import { icon } from "./icons.js";
import { ENDED, failureOf, runPage, runSummary, runTag, titleOf } from "./run-words.js";

const PAGE = 25;
const BUSY = 2000;
const QUIET = 8000;

/** The list. It keeps itself up to date. */
export function runList(project, signal) {
  const rows = new Map();
  const list = h("ul", { class: "history" });
  const note = h("div", {});
  const more = button("Show older ones", { onclick: () => busy(more, () => load(next).catch(failed)), hidden: true });
  const element = h("section", { class: "card", "aria-labelledby": "runs-title" },
    h("header", { class: "card-head" }, h("h2", { id: "runs-title" }, "Runs so far")), note, list, h("div", { class: "card-more" }, more));
  let next;

  async function load(before) {
    const page = await api(query("/v1/sessions", { project: project.id, limit: PAGE, before }), { signal });
    for (const one of page.sessions) show(one);
    // What is looked at again and again are the newest; further back leads what was asked for last.
    if (before || rows.size <= PAGE) next = page.next;
    more.hidden = !next;
    replace(note, rows.size === 0 && empty("terminal", "No runs yet", "What you run appears here, with its log and its files. You may leave this page meanwhile."));
  }

  async function start() {
    if (rows.size === 0) replace(note, loading(4));
    await load().catch(failed);
  }

  function failed(error) {
    if (error.name !== "AbortError") replace(note, problem(error, start));
  }

  function show(one) {
    const row = rows.get(one.id);
    if (row) return row.update(one);
    const made = entry(one, project);
    rows.set(one.id, made);
    const after = [...rows.values()].filter((other) => other.createdAt < one.createdAt).map((other) => other.element);
    list.insertBefore(made.element, [...list.children].find((child) => after.includes(child)) ?? null);
    return undefined;
  }

  start();
  every(() => ([...rows.values()].some((row) => !row.isFinal()) ? BUSY : QUIET), signal, async () => {
    try {
      await load();
    } catch {
      // The next look may work; what is shown stays.
    }
  });
  return element;
}

/** The line of an error that says most: of what Python writes down when a program breaks, that is the last. */
function gist(message) {
  const lines = message.trim().split("\n");
  return lines[0].startsWith("Traceback") ? lines.at(-1) : lines[0];
}

/** One run: a line that leads to it. */
function entry(first, project) {
  let one = first;
  const link = h("a", { class: "row-toggle row-link", href: runPage(one) });
  const element = h("li", { class: "row" }, link);

  function draw() {
    const failure = failureOf(one);
    element.dataset.state = one.state;
    element.dataset.id = one.id;
    replace(link,
      h("div", { class: "row-line" },
        runTag(one),
        h("span", { class: "row-what" }, titleOf(one)),
        h("span", { class: "row-meta" },
          who(one.runBy), " · ", moment(one.createdAt), " · ", runSummary(one, project),
          one.startedAt && ` · ${isFinal(one.state) ? "took" : "runs for"} ${took(one)}`,
          one.files?.length > 0 && ` · ${plural(one.files.length, "file")}`),
        failure?.message && h("span", { class: "row-error" }, cut(gist(failure.message), 200))),
      icon("chevron"));
  }

  draw();
  return {
    element,
    createdAt: one.createdAt,
    isFinal: () => isFinal(one.state),
    update: (newer) => {
      const ended = !isFinal(one.state) && isFinal(newer.state);
      const same = isFinal(one.state) && JSON.stringify(newer) === JSON.stringify(one);
      one = newer;
      // How long it takes changes by itself.
      if (!same) draw();
      if (ended) announce(`${titleOf(one)}: ${ENDED[one.state] ?? ""}`);
    },
  };
}
