// What came of an export, piece by piece: links, conversions, warnings, what was asked for.

import { api, path } from "./api.js";
import { loading, notice, problem } from "./dialog.js";
import { cut, h, address, replace } from "./dom.js";
import { button } from "./fields.js";
import { icon } from "./icons.js";
import { exportAgain } from "./export-form.js";
import { formatName, isFinal, outcomeTag, stagesOf, took, who } from "./export-words.js";
import { bytes, count, duration, moment, plural } from "./format.js";

/** The short form, below a line of the history. It is drawn anew only when something changed. */
export function brief(body, one, project, signal) {
  const state = JSON.stringify([one.state, one.result, one.error]);
  if (body.dataset.drawn === state) return;
  body.dataset.drawn = state;
  const losses = (one.result?.conversions ?? []).filter((conversion) => conversion.losses > 0);
  replace(body,
    failure(one),
    isFinal(one.state) && one.state === "succeeded" && downloads(one, project, signal),
    (one.result?.conversions ?? []).map((conversion) => conversion.error && notice("bad", h("strong", {}, `${conversion.plugin} failed`), h("p", {}, cut(conversion.error)))),
    warnings(one),
    losses.map((conversion) => h("div", { class: "codes" },
      h("p", {}, h("strong", {}, conversion.plugin), ` does not hold everything: ${plural(conversion.losses, "loss", "losses")}`),
      h("ul", { class: "pills" }, conversion.codes.map((code) => h("li", { class: "pill" }, code.code, " ", h("b", {}, count(code.count))))))),
    !isFinal(one.state) && h("p", { class: "hint" }, "You may leave this page. You are told when it is ready."),
    h("div", { class: "actions" },
      h("a", { class: "button", href: detailOf(one) }, one.state === "succeeded" ? "Losses, preview and log" : "Details and log"),
      project.role !== "viewer" && button("Export again", { picture: "repeat", onclick: () => exportAgain(one.request) })));
}

/** The address of the page of an export. */
export function detailOf(one, part) {
  return `#/${encodeURIComponent(one.project)}/exports/${encodeURIComponent(one.id)}${part ? `/${part}` : ""}`;
}

/** Why it failed. */
export function failure(one) {
  if (!one.error) return null;
  const titles = { input: "The project cannot be read", request: "What was asked for cannot be done", storage: "The storage did not take it", interrupted: "It was interrupted too often", internal: "Something went wrong inside" };
  return notice("bad", h("strong", {}, titles[one.error.class] ?? "It failed"), h("p", {}, cut(one.error.message)));
}

/** What somebody should know. */
export function warnings(one) {
  const all = one.result?.warnings ?? [];
  return all.length === 0 ? null : notice("warn", h("strong", {}, plural(all.length, "warning")), h("ul", {}, all.slice(0, 50).map((text) => h("li", {}, cut(text)))));
}

const LABELS = { original: "Original export", report: "Report" };

/** Links to everything that was saved. They are asked for when somebody looks, since they expire. */
export function downloads(one, project, signal) {
  const element = h("div", { class: "downloads" });
  if (project.role === "viewer") return replace(element, h("p", { class: "hint" }, "Downloading takes a manager of the project."));
  async function load() {
    replace(element, loading(1));
    try {
      const { links } = await api(`${path("exports", one.id)}/links`, { signal });
      const isReport = (link) => link.of === "report" || link.of.endsWith(" report");
      const main = links.filter((link) => !isReport(link));
      replace(element,
        main.map((link) => h("a", { class: "download", href: address(link.url), download: link.name, rel: "noopener noreferrer" },
          icon("download"),
          h("span", {}, h("strong", {}, LABELS[link.of] ?? link.of), h("span", { class: "quiet file" }, link.name)),
          h("span", { class: "size" }, link.bytes === undefined ? "" : bytes(link.bytes)))),
        h("p", { class: "hint" },
          links.filter(isReport).map((link, index) => [index > 0 && ", ", h("a", { href: address(link.url), download: link.name, rel: "noopener noreferrer" }, LABELS[link.of] ?? link.of)]),
          links[0] && [links.some(isReport) && " · ", "links work until ", moment(links[0].expiresAt, true)]));
    } catch (error) {
      if (error.name !== "AbortError") replace(element, problem(error, load));
    }
  }
  load();
  return element;
}

/** Names and values. */
export function facts(pairs) {
  return h("dl", { class: "facts" }, pairs.filter((pair) => pair && pair[1] !== undefined && pair[1] !== null && pair[1] !== "").map(([name, ...value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

/** Figures about how it went. */
export function figures(one) {
  const result = one.result;
  return facts([
    ["Asked for by", who(one.requestedBy)],
    ["Asked for", moment(one.createdAt, true)],
    ["Took", one.startedAt && took(one)],
    one.attempt > 1 && ["Attempts", count(one.attempt)],
    result && [one.request.type === "issue" ? "Issues" : "Tasks", count(result.tasks)],
    result && one.request.type !== "issue" && ["Objects", count(result.objects)],
    result?.original && ["Size", bytes(result.original.bytes)],
    result && ["Where", cut([result.place.storage, result.place.bucket, result.place.path].filter(Boolean).join(" / "), 200)],
    result?.milliseconds !== undefined && ["Work", duration(result.milliseconds)],
  ]);
}

/** The conversions of an export. */
export function conversions(one) {
  const all = one.result?.conversions ?? [];
  if (all.length === 0) return null;
  return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Conversions" }, h("table", {},
    h("caption", { class: "spoken" }, "Conversions"),
    h("thead", {}, h("tr", {}, ["Plugin", "Result", "Losses", "Size"].map((name, index) => h("th", { scope: "col", class: index > 1 ? "number" : undefined }, name)))),
    h("tbody", {}, all.map((conversion) => h("tr", {},
      h("th", { scope: "row" }, conversion.plugin, " ", h("span", { class: "quiet" }, conversion.version)),
      h("td", {}, outcomeTag(conversion.result), conversion.error && h("p", { class: "error-text" }, cut(conversion.error))),
      h("td", { class: "number" }, count(conversion.losses)),
      h("td", { class: "number" }, conversion.output ? bytes(conversion.output.bytes) : "—"))))));
}

/** What was asked for. */
export function asked(one, project) {
  const request = one.request;
  const fields = [[request.metadata, "Annotation Metadata"], [request.history, "Stage History"], [request.onlyKeyFrames, "Only Key Frames"], [request.idle, "Idle and blur durations"]];
  const names = (wanted, all) => wanted.map((name) => all.find((known) => known.id === name)?.name ?? name).join(", ");
  return facts([
    ["Format", formatName(request.format), request.splitTasks ? `, ${plural(request.splitTasks, "task")} in each file` : ""],
    ["Stage", request.stages?.length ? cut(names(request.stages, project.stages), 300) : stagesOf(request, project)],
    ["Batches", request.batches ? cut(names(request.batches, project.batches), 300) : "All"],
    request.taskTypes && ["Task type", request.taskTypes.join(", ")],
    request.tasks && ["Selected tasks", count(request.tasks.length)],
    request.updatedAfter && ["Updated after", moment(request.updatedAfter, true)],
    request.updatedBefore && ["Updated before", moment(request.updatedBefore, true)],
    request.createdAfter && ["Created after", moment(request.createdAfter, true)],
    request.createdBefore && ["Created before", moment(request.createdBefore, true)],
    ["Fields", fields.filter(([is]) => is).map(([, name]) => name).join(", ") || "None"],
    ...request.plugins.map((plugin) => [plugin.name, Object.keys(plugin.options ?? {}).length ? h("code", {}, cut(JSON.stringify(plugin.options), 500)) : "Usual options"]),
  ]);
}
