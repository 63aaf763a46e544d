// Plugins: what is there, what it may do, and who said so.

import { api } from "./api.js";
import { empty, loading, problem } from "./dialog.js";
import { cut, every, h, id, replace } from "./dom.js";
import { button } from "./fields.js";
import { icon } from "./icons.js";
import { binary, count, label, moment, plural } from "./format.js";
import { tag } from "./export-words.js";
import { approve, revoke, rightName } from "./plugin-decisions.js";
import { programCard } from "./program-card.js";
import { facts } from "./result-parts.js";

const LOOK = 4000;
const STATES = {
  bundled: ["Comes with the service", "check", "good"],
  active: ["Approved", "check", "good"],
  approved: ["Approved, another version runs", "info", "note"],
  waiting: ["Waits for approval", "clock", "warn"],
  revoked: ["Revoked", "stop", "bad"],
};
const GROUPS = [
  ["waiting", "Waiting for approval", (plugin) => plugin.state === "waiting"],
  ["converters", "Converters", (plugin) => ["bundled", "active"].includes(plugin.state)],
  ["connected", "Connected programs", (plugin) => plugin.kind === "connected", "Programs of their own, written with Hub's SDK. They run outside of the sandbox, where whoever set them up runs them."],
  ["others", "Other versions", (plugin) => ["approved", "revoked"].includes(plugin.state)],
];

/** Shows them. */
export async function pluginsView(main, { me, projects, current, signal }) {
  const admin = me.roles.some((role) => role.project === "*" && role.role === "admin");
  const body = h("div", { class: "plugins" });
  let programs = [];
  replace(main, h("div", { class: "view-head" }, h("h1", { tabindex: -1 }, "Plugins"),
    h("p", { class: "quiet" }, "Converters run in a sandbox: without network, without files, with limits. They see the export that they convert, and nothing else.")), body);

  async function load(focus) {
    if (!body.firstChild) replace(body, loading(6));
    try {
      const { plugins } = await api("/v1/plugins", { signal });
      const project = projects.find((one) => one.id === current);
      programs = plugins.filter((plugin) => plugin.kind === "connected").map((plugin) => programCard(plugin, project));
      replace(body, plugins.length === 0 && empty("box", "No plugins", "None came with the service, and none is installed."),
        GROUPS.map(([key, title, belongs, words]) => {
          const found = plugins.filter(belongs);
          return found.length > 0 && h("section", { class: "group", "aria-labelledby": `group-${key}` }, h("h2", { id: `group-${key}` }, title, " ", h("span", { class: "quiet" }, count(found.length))), words && h("p", { class: "hint" }, words), key === "connected" ? programs.map((one) => one.element) : found.map((plugin) => card(plugin, admin, load)));
        }));
      if (focus) body.querySelector(`[data-digest="${CSS.escape(focus)}"]`)?.focus();
    } catch (error) {
      if (error.name !== "AbortError") replace(body, problem(error, load));
    }
  }
  await load();
  // Programs come and go by themselves.
  every(LOOK, signal, async () => {
    if (programs.length === 0) return;
    const { plugins } = await api("/v1/plugins", { signal }).catch(() => ({ plugins: [] }));
    for (const one of programs) {
      const found = plugins.find((plugin) => plugin.kind === "connected" && plugin.name === one.name);
      if (found) one.look(found);
    }
  });
}

function card(plugin, admin, again) {
  const titleId = id("plugin");
  const decidable = admin && plugin.kind === "installed";
  const failed = plugin.conformance?.failed ?? [];
  const done = (changed) => changed && again(plugin.digest);
  return h("article", { class: "card plugin", "aria-labelledby": titleId, "data-digest": plugin.digest, "data-plugin": plugin.name, "data-state": plugin.state, tabindex: -1 },
    h("div", { class: "plugin-head" },
      h("div", {}, h("h3", { id: titleId }, cut(plugin.title || plugin.name, 120)),
        h("p", { class: "quiet" }, h("code", {}, plugin.name), plugin.version && ` ${plugin.version}`, plugin.format && ` · ${cut(plugin.format, 80)}`, plugin.kind === "installed" && plugin.installedAt && [" · installed ", moment(plugin.installedAt), plugin.installedBy && ` by ${cut(plugin.installedBy, 60)}`])),
      tag(...(STATES[plugin.state] ?? [plugin.state, "info", "quiet"]))),
    h("ul", { class: "plain-facts" },
      right(plugin),
      plugin.kind === "installed" && signature(plugin),
      plugin.conformance && h("li", {}, icon(failed.length ? "warning" : "check"), failed.length ? `Failed ${plural(failed.length, "check")} of the conformance kit, passed ${count(plugin.conformance.passed)}` : `Passed all ${plural(plugin.conformance.passed, "check")} of the conformance kit`),
      plugin.deterministic !== undefined && h("li", {}, icon(plugin.deterministic ? "check" : "warning"), plugin.deterministic ? "The same input gives the same bytes" : "The same input can give other bytes")),
    plugin.decidedAt && h("p", { class: "hint" }, plugin.state === "revoked" ? "Revoked " : "Approved ", moment(plugin.decidedAt), plugin.decidedBy && ` by ${cut(plugin.decidedBy, 80)}`,
      plugin.until && [", until ", moment(plugin.until, true)], plugin.note && `: ${cut(plugin.note, 300)}`),
    more(plugin, failed),
    decidable && h("div", { class: "actions" },
      plugin.state !== "active" && button(plugin.state === "waiting" ? "Approve…" : "Approve again…", { kind: "primary", picture: "shield", "aria-label": `Approve ${plugin.name} ${plugin.version}`, onclick: async () => done(await approve(plugin)) }),
      plugin.state !== "revoked" && button("Revoke…", { kind: "danger", picture: "stop", "aria-label": `Revoke ${plugin.name} ${plugin.version}`, onclick: async () => done(await revoke(plugin)) })));
}

function right(plugin) {
  const given = plugin.kind === "bundled" ? plugin.asks : plugin.given;
  const refused = plugin.asks.filter((grant) => !given.includes(grant));
  if (plugin.asks.length === 0) return h("li", {}, icon("shield"), "Asks for no rights");
  if (plugin.state === "waiting") return h("li", {}, icon("shield"), "Asks for: ", plugin.asks.map(rightName).join(", "));
  return [given.length > 0 && h("li", {}, icon("shield"), "May: ", given.map(rightName).join(", ")), refused.length > 0 && h("li", {}, icon("stop"), "May not: ", refused.map(rightName).join(", "))];
}

function signature(plugin) {
  const signers = plugin.signers ?? [];
  return h("li", {}, icon(signers.length ? "check" : "info"), signers.length ? `Signed by ${cut(signers.join(", "), 200)}` : "Not signed by anybody who is trusted here");
}

const LIMITS = {
  memory: ["Memory", binary], fuelBase: ["Work to begin with", (value) => `${count(value)} units`], fuelPerByte: ["Work for each byte of input", (value) => `${count(value)} units`],
  wallTime: ["Time", (value) => plural(value, "second")], outputBytesBase: ["Output to begin with", binary], outputBytesPerByte: ["Output for each byte of input", (value) => plural(value, "byte")],
  outputFiles: ["Files, besides one for each task", count], logBytes: ["Log", binary], handles: ["Open files", count],
};

function more(plugin, failed) {
  const options = Object.entries(plugin.optionsSchema?.properties ?? {}).slice(0, 100);
  return h("details", { class: "more" }, h("summary", {}, "Details: options, limits, origin"),
    h("div", { class: "columns" },
      h("section", {}, h("h4", {}, "Options"), options.length ? h("dl", { class: "options" }, options.map(([name, schema]) => h("div", {},
        h("dt", {}, h("code", {}, cut(name, 80)), schema?.default !== undefined && h("span", { class: "quiet" }, ` = ${cut(JSON.stringify(schema.default), 80)}`)),
        h("dd", {}, schema?.enum && h("span", { class: "quiet" }, `${cut(schema.enum.map((value) => JSON.stringify(value)).join(", "), 200)}. `), cut(schema?.description ?? "", 500))))) : h("p", { class: "hint" }, "It has none.")),
      h("section", {}, h("h4", {}, "Limits"), plugin.limits && facts(Object.entries(plugin.limits).map(([name, value]) => [LIMITS[name]?.[0] ?? label(name), (LIMITS[name]?.[1] ?? String)(value)])),
        h("h4", {}, "Origin"), facts([["From", plugin.origin ? h("span", { class: "break" }, cut(plugin.origin, 300)) : "Comes with the service"], plugin.digest && ["SHA-256", h("code", { class: "break" }, plugin.digest)]]),
        failed.length > 0 && [h("h4", {}, "Failed checks"), h("ul", {}, failed.slice(0, 50).map((check) => h("li", {}, cut(check, 300))))])));
}
