// What came of a run, piece by piece: its files, where its answer leads, why there is none, and what was asked for.

import { api, path } from "./api.js";
import { notice, problem } from "./dialog.js";
import { address, cut, h, replace } from "./dom.js";
import { isFinal, stagesOf, took, who } from "./export-words.js";
import { bytes, moment } from "./format.js";
import { icon } from "./icons.js";
import { facts } from "./result-parts.js";
import { failureOf } from "./run-words.js";

/** Why there is no result. */
export function whyNot(one) {
  if (one.state === "cancelled") return notice("note", h("strong", {}, "The run was stopped"), h("p", {}, "Nothing is taken from the program any more. The program itself cannot be stopped from here."));
  const failure = failureOf(one);
  return failure && notice("bad", h("strong", {}, failure.title), failure.message && h("pre", { class: "said", tabindex: 0, role: "region", "aria-label": "Error" }, cut(failure.message, 8000)), h("p", {}, failure.help));
}

/** The result, in `element`: drawn anew only when something changed, since links are asked for when it is drawn. What is `wrong` comes first. */
export function resultOf(element, one, project, signal, wrong) {
  const state = JSON.stringify([one.state, one.files, one.link, one.error]);
  if (element.dataset.drawn === state) return;
  element.dataset.drawn = state;
  const files = one.files ?? [];
  const nothing = one.state === "succeeded" && files.length === 0 && !one.link;
  replace(element, wrong, elsewhere(one.link),
    (files.length > 0 || nothing) && h("section", { class: "card pad", "aria-labelledby": "files-title" },
      h("h2", { id: "files-title" }, one.state === "succeeded" && files.length < 2 ? "Result" : "Files"),
      nothing ? h("p", { class: "hint" }, "The program ended without a file.") : downloads(one, files, project, signal)));
}

/** The files, with links where somebody may have them. */
function downloads(one, files, project, signal) {
  const element = h("div", { class: "downloads" });
  const viewer = project.role === "viewer";
  const draw = (links, ...more) => replace(element, files.map((file) => row(file, links.find((link) => link.name === file.name && file.ready), isFinal(one.state))), more);
  async function load() {
    try {
      const { links } = await api(`${path("sessions", one.id)}/links`, { signal });
      draw(links, links[0]?.expiresAt && h("p", { class: "hint" }, "Links work until ", moment(links[0].expiresAt, true)));
    } catch (error) {
      if (error.name !== "AbortError") draw([], problem(error, load));
    }
  }
  draw([], viewer && h("p", { class: "hint" }, "Downloading takes a manager of the project."));
  if (!viewer && files.some((file) => file.ready)) load();
  return element;
}

function row(file, link, ended) {
  const url = link && address(link.url);
  return h(url ? "a" : "div", { class: url ? "download" : "download waiting", href: url, download: url && file.name, rel: url && "noopener noreferrer" },
    icon(url ? "download" : "file"),
    h("span", {}, h("strong", { class: "break" }, cut(file.name, 300)), !file.ready && h("span", { class: "quiet file" }, ended ? "It was announced, and never uploaded whole." : "It is being uploaded.")),
    h("span", { class: "size" }, file.bytes === undefined ? "" : bytes(file.bytes)));
}

/** A link of the program's own. Where it leads is for the reader to see before anything is opened. */
function elsewhere(link) {
  if (!link) return null;
  const url = address(link);
  return notice("warn", h("strong", {}, "The program answered with a link that leads elsewhere"),
    h("p", {}, url ? ["It is not from this service, and nothing here has looked at what is behind it. It opens ", h("strong", { class: "break" }, new URL(url).host), ":"] : "It is none that a browser opens:"),
    h("p", { class: "link-box" }, url ? h("a", { href: url, target: "_blank", rel: "noreferrer noopener" }, url) : h("code", {}, cut(link))));
}

/** What was asked for, and how it went. */
export function askedOfRun(one, project) {
  const names = (wanted, all) => wanted.map((name) => all.find((known) => known.id === name)?.name ?? name).join(", ");
  const config = one.config && Object.keys(one.config).length > 0;
  return [
    h("h2", {}, "What was asked for"),
    facts([
      ["Program", h("code", {}, cut(one.plugin, 120))],
      ["Stage", one.stages?.length ? cut(names(one.stages, project.stages), 300) : stagesOf(one, project)],
      ["Batches", one.batches?.length ? cut(names(one.batches, project.batches), 300) : "All"],
      ["Asked for by", who(one.runBy)],
      ["Asked for", moment(one.createdAt, true)],
      one.startedAt && ["Began", moment(one.startedAt, true)],
      one.startedAt && isFinal(one.state) && ["Took", took(one)],
      one.exportId && ["Export", h("a", { href: `#/${encodeURIComponent(one.project)}/exports/${encodeURIComponent(one.exportId)}` }, "The export that it was given")],
    ]),
    h("h3", {}, "Configuration"),
    config ? h("pre", { class: "code block", tabindex: 0, role: "region", "aria-label": "Configuration" }, JSON.stringify(one.config, null, 2)) : h("p", { class: "hint" }, "An empty object."),
  ];
}
