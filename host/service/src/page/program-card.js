// A connected program in the Plugins tab: whether it listens, what it is configured with, and the way to run it.

import { tidy } from "./code-field.js";
import { cut, h, id, replace } from "./dom.js";
import { keepRun, runDraft } from "./drafts.js";
import { icon } from "./icons.js";
import { lastSeen, liveTag, titleOf } from "./run-words.js";

/** The card. `look(plugin)` shows what changed. `project` is the one that it would be run on, if there is one. */
export function programCard(first, project) {
  const titleId = id("plugin");
  const state = h("div", { class: "program-state" });
  const element = h("article", { class: "card plugin", "aria-labelledby": titleId, "data-plugin": first.name, tabindex: -1 },
    h("div", { class: "plugin-head" }, h("div", {}, h("h3", { id: titleId }, cut(titleOf(first), 120)), h("p", { class: "quiet" }, h("code", {}, first.name))), state),
    h("details", { class: "more" }, h("summary", {}, "Details: default configuration"),
      h("pre", { class: "code block", tabindex: 0, role: "region", "aria-label": `Default configuration of ${titleOf(first)}` }, tidy(first.defaultConfig || "{}"))),
    project && h("div", { class: "actions" }, h("a", { class: "button", href: `#/${encodeURIComponent(project.id)}/runs`, onclick: () => keepRun({ ...runDraft(project.id), plugin: first.name }) }, icon("run"), `Run on ${cut(project.name, 60)}`, h("span", { class: "spoken" }, `: ${titleOf(first)}`))));
  const look = (plugin) => {
    element.dataset.state = plugin.state;
    replace(state, liveTag(plugin), h("span", { class: "quiet" }, lastSeen(plugin)));
  };
  look(first);
  return { element, look, name: first.name };
}
