// The record of who did what, for the organisation's admins.

import { api, query } from "./api.js";
import { empty, loading, problem } from "./dialog.js";
import { cut, h, replace } from "./dom.js";
import { busy, button } from "./fields.js";
import { moment } from "./format.js";

const PAGE = 100;
const WORDS = {
  "export.start": "started an export", "export.cancel": "cancelled an export", "export.links": "got links of an export", "settings.write": "changed settings", "settings.test": "tested a connection",
  "plugin.approve": "approved a plugin", "plugin.revoke": "revoked a plugin", "key.create": "made a key", "key.revoke": "revoked a key", "session.start": "ran a program", "session.cancel": "stopped a run",
  "session.links": "got links of a run", "notification.send": "sent a notification",
};

/** Shows it. */
export async function auditView(main, { signal }) {
  const body = h("tbody", {});
  const search = h("input", { type: "search", class: "narrow", placeholder: "Search", "aria-label": "Search in what is shown", oninput: () => filter() });
  const older = button("Show older entries", { onclick: () => busy(older, load) });
  const note = h("div", {});
  const table = h("div", { class: "card scroll", tabindex: 0, role: "region", "aria-label": "Audit log", hidden: true }, h("table", { class: "stack" },
    h("caption", { class: "spoken" }, "Audit log"),
    h("thead", {}, h("tr", {}, ["When", "Who", "What", "Project", "About", "From"].map((name) => h("th", { scope: "col" }, name)))), body));
  replace(main, h("div", { class: "view-head split" }, h("div", {}, h("h1", { tabindex: -1 }, "Audit log"), h("p", { class: "quiet" }, "Who did what, the newest first.")), search), note, table, h("div", { class: "card-more" }, older));
  let before;

  async function load() {
    if (!body.firstChild) replace(note, loading(6));
    try {
      const { entries } = await api(query("/v1/audit", { limit: PAGE, before }), { signal });
      before = entries.at(-1)?.id ?? before;
      body.append(...entries.map(row));
      older.hidden = entries.length < PAGE;
      table.hidden = !body.firstChild;
      replace(note, !body.firstChild && empty("clock", "Nothing yet", "What people do here is written down from now on."));
      filter();
    } catch (error) {
      if (error.name !== "AbortError") replace(note, problem(error, load));
    }
  }

  function filter() {
    const wanted = search.value.trim().toLowerCase();
    for (const line of body.children) line.hidden = !line.textContent.toLowerCase().includes(wanted);
  }

  await load();
}

function row(entry) {
  return h("tr", {},
    h("td", { "data-label": "When", class: "tight" }, moment(entry.at, true)),
    h("th", { scope: "row", "data-label": "Who" }, h("div", {}, cut(entry.actor, 120))),
    h("td", { "data-label": "What" }, h("div", {}, WORDS[entry.action] ?? entry.action, " ", h("code", { class: "quiet" }, entry.action))),
    h("td", { "data-label": "Project" }, cut(entry.project ?? "—", 80)),
    h("td", { "data-label": "About" }, h("div", {}, entry.target ? h("code", {}, cut(entry.target, 80)) : "—", detail(entry.detail))),
    h("td", { "data-label": "From", class: "tight" }, entry.from ?? "—"));
}

function detail(value) {
  if (!value || typeof value !== "object" || Object.keys(value).length === 0) return null;
  const text = Object.entries(value).filter(([, one]) => one !== null && !(Array.isArray(one) && one.length === 0))
    .map(([name, one]) => `${name}: ${typeof one === "string" ? one : JSON.stringify(one)}`).join(", ");
  return text ? h("p", { class: "hint break" }, cut(text, 400)) : null;
}
