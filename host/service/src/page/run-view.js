// The page of one run: where it stands, what the program logs, what came of it, and what was asked for.

import { api, path } from "./api.js";
import { announce, loading, problem, toast } from "./dialog.js";
import { every, h, replace } from "./dom.js";
import { runAgain } from "./drafts.js";
import { isFinal, took, who } from "./export-words.js";
import { busy, button } from "./fields.js";
import { follow } from "./follow.js";
import { moment } from "./format.js";
import { logPanel, readLog } from "./log-panel.js";
import { askedOfRun, resultOf, whyNot } from "./run-parts.js";
import { ENDED, runTag, seenToEnd, titleOf } from "./run-words.js";

const POLL = 2000;

/** Shows it. */
export async function runView(main, { project, runId, signal }) {
  replace(main, loading(6));
  let one = await api(path("sessions", runId), { signal });
  const log = logPanel({ of: one.plugin });
  const head = h("div", { class: "view-head" });
  const bar = h("div", {});
  const outcome = h("div", { class: "run-outcome" });
  const facts = h("div", {});
  const runs = `#/${encodeURIComponent(project.id)}/runs`;
  replace(main, head, bar, h("div", { class: "run-columns" },
    h("div", { class: "run-main" }, outcome, log.element),
    h("section", { class: "card pad", "aria-label": "About the run" }, facts, project.role !== "viewer" && h("div", { class: "actions" }, button("Run again", { picture: "repeat", onclick: again })))));
  const time = h("span", { class: "run-time" });
  const words = h("span", {});
  const stop = button("Stop", { picture: "stop", disabled: project.role === "viewer", onclick: cancel });
  const rest = () => readLog("sessions", runId, log, signal);
  const trouble = h("p", { class: "error-text", role: "status" });

  function draw() {
    const hadFocus = head.contains(document.activeElement) || (isFinal(one.state) && bar.contains(document.activeElement));
    replace(head,
      h("a", { class: "back", href: runs }, "All runs"),
      h("div", { class: "title-row" }, h("h1", { tabindex: -1 }, titleOf(one)), runTag(one)),
      h("p", { class: "quiet" }, moment(one.createdAt, true), ` · ${who(one.runBy)} · `, h("code", { class: "break" }, one.id)));
    if (hadFocus) head.querySelector("h1").focus();
    if (isFinal(one.state)) {
      seenToEnd.add(one.id);
      replace(bar);
    } else {
      // What stands there already stays, and the focus with it.
      if (!bar.firstChild) replace(bar, h("div", { class: "card running" }, h("div", { class: "progress" }, h("progress", { "aria-label": "Progress" }), h("p", { class: "figures" }, words, time), trouble), stop));
      words.textContent = one.state === "queued" ? "The program has not taken it yet" : "The program works on it";
      tick();
    }
    replace(facts, askedOfRun(one, project));
    resultOf(outcome, one, project, signal, whyNot(one));
  }

  function tick() {
    time.textContent = one.startedAt ? ` · ${took(one).replace(/\.\d s$/, " s")}` : "";
  }

  async function cancel() {
    try {
      change(await busy(stop, () => api(`${path("sessions", one.id)}/cancel`, { method: "POST" })) ?? one);
    } catch (error) {
      replace(trouble, error.message);
    }
  }

  function again() {
    runAgain(one);
    window.location.hash = runs;
    toast("The form holds the same settings now. Look them over, then run.");
  }

  function change(newer) {
    if (isFinal(one.state) && !isFinal(newer.state)) return;
    const ended = !isFinal(one.state) && isFinal(newer.state);
    one = newer;
    draw();
    if (!ended) return;
    announce(ENDED[one.state] ?? "The run has ended.");
    // What was logged at the very end may come after the end.
    rest().catch(() => {});
  }

  draw();
  if (isFinal(one.state)) {
    await rest().catch((error) => { if (error.name !== "AbortError") log.element.append(problem(error)); });
    return;
  }
  every(1000, signal, () => { if (!isFinal(one.state)) tick(); });
  const told = (error) => replace(trouble, error && (error.status ? error.message : "The connection is interrupted. What is shown may be old."));
  if (follow("sessions", one.id, { change, log: log.add, trouble: told }, signal)) return;
  every(POLL, signal, async () => {
    if (isFinal(one.state)) return;
    try {
      await rest();
      change(await api(path("sessions", one.id), { signal }));
      told(null);
    } catch (error) {
      told(error);
    }
  });
}
