// What an export is, in words: its state, what was asked for, how far it is.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { bytes, count, duration, plural } from "./format.js";

const STATES = {
  queued: ["Waiting", "clock", "quiet"],
  running: ["Running", "run", "active"],
  succeeded: ["Ready", "check", "good"],
  failed: ["Failed", "warning", "bad"],
  cancelled: ["Cancelled", "stop", "quiet"],
};
const OUTCOMES = {
  ok: ["Complete", "check", "good"],
  "ok-with-losses": ["With losses", "info", "note"],
  failed: ["Failed", "warning", "bad"],
};
const PHASES = { start: "Starting", scan: "Reading", convert: "Converting", save: "Saving" };
const FORMATS = { json: "JSON", ndjson: "NDJSON", split: "NDJSON (Split)", legacy: "Legacy JSON" };

/** Whether nothing happens to it any more: to an export, or to a run of a program, which alone can be lost. */
export const isFinal = (state) => ["succeeded", "failed", "cancelled", "lost"].includes(state);

/** A word with a picture and a colour. */
export function tag(text, picture, kind) {
  return h("span", { class: `tag ${kind}` }, picture && icon(picture), text);
}

/** The state of an export. One whose conversion failed is ready all the same, and says so. */
export function stateTag(one) {
  if (one.state === "running" && one.cancelRequested) return tag("Stopping", "stop", "quiet");
  if (one.state === "succeeded" && one.result?.outcome === "failed") return tag("Ready, a conversion failed", "warning", "warn");
  return tag(...(STATES[one.state] ?? [one.state, "info", "quiet"]));
}

/** How a conversion ended. */
export function outcomeTag(outcome) {
  return tag(...(OUTCOMES[outcome] ?? [outcome, "info", "quiet"]));
}

/** The name of a format. */
export const formatName = (format) => FORMATS[format] ?? format;

/** `Complete`, `All stages`, `3 stages`. */
export function stagesOf(request, project) {
  const stages = request.stages;
  if (request.type === "issue") return "Issues";
  if (!stages || stages.length === 0) return "All stages";
  if (stages.length > 2) return plural(stages.length, "stage");
  return stages.map((stage) => project?.stages.find((one) => one.id === stage)?.name ?? stage).join(", ");
}

/** One line about what was asked for. */
export function summary(request, project) {
  const words = [formatName(request.format), stagesOf(request, project)];
  if (request.tasks) words.push(plural(request.tasks.length, "selected task"));
  if (request.batches?.length) words.push(plural(request.batches.length, "batch", "batches"));
  return words.join(" · ");
}

/** Who it was, without the id of the key. That of a run is named after whoever ran it, whose own id comes before. */
export const who = (name) => String(name ?? "").replace(/( \([0-9a-f]{8}\))+$/, "");

/** How long it took, or takes by now. */
export function took(one) {
  if (!one.startedAt) return "";
  const end = one.finishedAt ? new Date(one.finishedAt) : new Date();
  return duration(Math.max(0, end - new Date(one.startedAt)));
}

/** Losses of all conversions. */
export const lossesOf = (one) => (one.result?.conversions ?? []).reduce((sum, conversion) => sum + conversion.losses, 0);

// What rates are computed from: for each export, what was done when.
const seen = new Map();

/** Bytes in a second, smoothed, as far as this page saw it. */
function rate(one) {
  const now = performance.now();
  const before = seen.get(one.id);
  const done = one.progress.bytes;
  if (!before || done < before.bytes) {
    if (seen.size > 200) seen.clear();
    seen.set(one.id, { bytes: done, at: now, rate: 0 });
    return 0;
  }
  if (now - before.at > 400 && done > before.bytes) {
    const current = ((done - before.bytes) * 1000) / (now - before.at);
    seen.set(one.id, { bytes: done, at: now, rate: before.rate ? before.rate * 0.6 + current * 0.4 : current });
  }
  return seen.get(one.id).rate;
}

/** How far an export is: a bar, and figures. */
export function progress(one) {
  const { phase, tasks, bytes: done, totalBytes, losses } = one.progress;
  if (one.state === "queued") {
    const before = one.queuePosition > 0 ? `${plural(one.queuePosition, "export")} before it` : one.attempt > 0 ? "It was interrupted, and begins again" : "It begins as soon as there is room";
    return h("div", { class: "progress" }, h("progress", { "aria-label": "Progress" }), h("p", { class: "figures" }, before));
  }
  // Saving comes after reading: a full bar that waits looks broken, so it says what it does.
  const known = totalBytes > 0 && phase !== "save" && phase !== "start";
  const share = known ? Math.min(1, done / totalBytes) : undefined;
  const speed = rate(one);
  const figures = [
    PHASES[phase] ?? phase,
    plural(tasks, one.request.type === "issue" ? "issue" : "task"),
    known ? `${bytes(done)} of ${bytes(totalBytes)}` : done > 0 && bytes(done),
    speed > 0 && `${bytes(speed)}/s`,
    losses > 0 && plural(losses, "loss", "losses"),
    one.attempt > 1 && `attempt ${count(one.attempt)}`,
  ].filter(Boolean);
  return h("div", { class: "progress" },
    h("progress", { max: 1, value: share, "aria-label": "Progress", "aria-valuetext": figures.join(", ") }),
    h("p", { class: "figures" }, figures.map((text, index) => [index > 0 && h("span", { class: "dot", "aria-hidden": "true" }, " · "), h("span", {}, text)])));
}
