// What a run of a program is, in words: its state, what it was run on, why it failed and what can be done.

import { h } from "./dom.js";
import { stagesOf, tag } from "./export-words.js";
import { moment, plural } from "./format.js";

const STATES = {
  queued: ["Waiting", "clock", "quiet"],
  succeeded: ["Done", "check", "good"],
  failed: ["Failed", "warning", "bad"],
  lost: ["Lost", "warning", "bad"],
  cancelled: ["Stopped", "stop", "quiet"],
};
const HELP = {
  failed: "The log of the run and the program's own say more. Change the configuration or the program, and run it again.",
  lost: "The program may have been stopped, or cut off from the network. See whether it runs where it should; then run it again.",
};

/** What is said when it ends. */
export const ENDED = { succeeded: "The run is done.", failed: "The run failed.", lost: "The run was lost.", cancelled: "The run was stopped." };

/** Runs whose end was seen here: nobody has to be told of those again. */
export const seenToEnd = new Set();

/** The state of a run. */
export function runTag(one) {
  if (one.state === "running") return h("span", { class: "tag active" }, h("span", { class: "live-dot beating", "aria-hidden": "true" }), "Running");
  return tag(...(STATES[one.state] ?? [one.state, "info", "quiet"]));
}

/** Whether a program listens. */
export function liveTag(plugin) {
  const on = plugin.state === "online";
  return h("span", { class: on ? "tag good" : "tag bad" }, h("span", { class: "live-dot", "aria-hidden": "true" }), on ? "Online" : "Offline");
}

/** When a program was last heard of. */
export function lastSeen(plugin) {
  return plugin.lastSeenAt ? [plugin.state === "online" ? "seen " : "last seen ", moment(plugin.lastSeenAt)] : "never seen yet";
}

/** What it is called. */
export const titleOf = (one) => one.title || one.name || one.plugin;

/** The address of the page of a run. */
export function runPage(one) {
  return `#/${encodeURIComponent(one.project)}/runs/${encodeURIComponent(one.id)}`;
}

/** One line about what it was run on. */
export function runSummary(one, project) {
  return [stagesOf(one, project), one.batches?.length && plural(one.batches.length, "batch", "batches")].filter(Boolean).join(" · ");
}

/** Why it did not succeed, as words, and what can be done. */
export function failureOf(one) {
  if (!HELP[one.state]) return null;
  return { title: one.state === "lost" ? "Nothing was heard of it for too long" : "The run failed", message: one.error ?? "", help: HELP[one.state] };
}
