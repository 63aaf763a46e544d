// The page of one export: what came of it, what was lost, what it looks like, what was logged.

import { api, path } from "./api.js";
import { announce, loading, problem } from "./dialog.js";
import { every, h, id, replace } from "./dom.js";
import { busy, button } from "./fields.js";
import { exportAgain } from "./export-form.js";
import { isFinal, lossesOf, progress, stateTag, summary } from "./export-words.js";
import { follow } from "./follow.js";
import { count, moment } from "./format.js";
import { logPanel, readLog } from "./log-panel.js";
import { losses } from "./losses.js";
import { preview } from "./preview.js";
import { asked, conversions, detailOf, downloads, failure, figures, warnings } from "./result-parts.js";

const PARTS = [["summary", "Summary"], ["losses", "Losses"], ["preview", "Preview"], ["log", "Log"]];

/** Shows it. `part` is the tab, `rest` what the address says besides: a task, and an object of it. */
export async function exportView(main, { project, exportId, part = "summary", rest = [], signal }) {
  replace(main, loading(6));
  let one = await api(path("exports", exportId), { signal });
  const log = logPanel({ nothing: "Nothing was logged." });
  let logAsked = false;
  const head = h("div", { class: "view-head" });
  const bar = h("div", {});
  const panelId = id("panel");
  const tabs = PARTS.map(([name, label]) => h("a", { role: "tab", id: id("tab"), href: detailOf(one, name), "aria-controls": panelId, "aria-selected": String(name === part), tabindex: name === part ? 0 : -1 }, label));
  const current = Math.max(0, PARTS.findIndex(([name]) => name === part));
  const list = h("div", { class: "tabs", role: "tablist", "aria-label": "Export", onkeydown: (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -current, End: PARTS.length - 1 - current }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const target = tabs[(current + step + tabs.length) % tabs.length];
    window.location.hash = target.hash;
  } }, tabs);
  const panel = h("div", { class: "panel", role: "tabpanel", id: panelId, "aria-labelledby": tabs[current].id });
  replace(main, head, bar, list, panel);

  function draw() {
    replace(head,
      h("a", { class: "back", href: `#/${encodeURIComponent(project.id)}/export` }, "All exports"),
      h("div", { class: "title-row" }, h("h1", { tabindex: -1 }, summary(one.request, project)), stateTag(one)),
      h("p", { class: "quiet" }, moment(one.createdAt, true), one.request.plugins.length > 0 && [" · ", one.request.plugins.map((plugin) => plugin.name).join(", ")], " · ", h("code", {}, one.id)));
    const number = lossesOf(one);
    replace(tabs[1], "Losses", number > 0 && h("span", { class: "pill" }, count(number)));
    if (isFinal(one.state)) replace(bar);
    else {
      const cancel = button("Cancel", { picture: "stop", disabled: one.cancelRequested || project.role === "viewer", onclick: () => stop(cancel) });
      replace(bar, h("div", { class: "card running" }, progress(one), cancel));
    }
  }

  async function stop(pressed) {
    try {
      change(await busy(pressed, () => api(`${path("exports", one.id)}/cancel`, { method: "POST" })) ?? one);
    } catch (error) {
      replace(bar, problem(error));
    }
  }

  function show() {
    const final = isFinal(one.state);
    const done = one.state === "succeeded";
    const waiting = h("p", { class: "hint" }, final ? "There is none: the export did not succeed." : "It appears when the export is ready.");
    if (part === "losses") replace(panel, done ? losses(one, signal) : waiting);
    else if (part === "preview") replace(panel, done ? preview(one, project, signal, { start: Math.max(0, Number.parseInt(rest[0], 10) || 0), focus: rest[1] }) : waiting);
    else if (part === "log") {
      replace(panel, log.element);
      showLog();
    } else {
      replace(panel,
        failure(one), warnings(one),
        h("div", { class: "columns" },
          h("section", { class: "card pad" }, h("h2", {}, "Downloads"), done ? downloads(one, project, signal) : h("p", { class: "hint" }, final ? "Nothing was saved." : "Links appear when it is ready."), conversions(one)),
          h("section", { class: "card pad" }, h("h2", {}, "How it went"), figures(one), h("h2", {}, "What was asked for"), asked(one, project),
            project.role !== "viewer" && h("div", { class: "actions" }, button("Export again", { picture: "repeat", onclick: () => exportAgain(one.request) })))));
    }
  }

  async function showLog() {
    if (logAsked) return;
    logAsked = true;
    try {
      await readLog("exports", one.id, log, signal);
    } catch (error) {
      if (error.name !== "AbortError") replace(panel, problem(error));
    }
  }

  function change(newer) {
    if (isFinal(one.state) && !isFinal(newer.state)) return;
    const ended = !isFinal(one.state) && isFinal(newer.state);
    one = newer;
    draw();
    if (ended) {
      announce(one.state === "succeeded" ? "The export is ready." : "The export has ended.");
      show();
    }
  }

  draw();
  show();
  if (!isFinal(one.state) && !follow("exports", one.id, { change, log: log.add }, signal)) {
    every(2000, signal, async () => {
      if (!isFinal(one.state)) change(await api(path("exports", one.id), { signal }));
    });
  }
}
