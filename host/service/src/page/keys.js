// Keys of the organisation, for its admins.

import { api, path } from "./api.js";
import { confirm, dialog, empty, loading, notice, problem, toast } from "./dialog.js";
import { cut, h, id, replace } from "./dom.js";
import { busy, button, field, select } from "./fields.js";
import { isoOfField, moment } from "./format.js";
import { tag } from "./export-words.js";

const ROLES = [
  { value: "viewer", label: "Viewer" },
  { value: "manager", label: "Manager" },
  { value: "admin", label: "Admin" },
];
const EXPIRY = [["", "Never"], ["30", "In 30 days"], ["90", "In 90 days"], ["365", "In a year"], ["date", "On a day…"]].map(([value, label]) => ({ value, label }));
const DAY = 86_400_000;

/** Shows them. */
export async function keysView(main, { me, projects, signal }) {
  const create = button("New key", { picture: "plus", kind: "primary", onclick: async () => {
    if (await newKey(projects)) load();
  } });
  const body = h("div", {});
  replace(main, h("div", { class: "view-head split" }, h("div", {}, h("h1", { tabindex: -1 }, "Keys"), h("p", { class: "quiet" }, "Who may use the service, and for what.")), create), body);

  async function load() {
    if (!body.firstChild) replace(body, loading(5));
    try {
      const { keys } = await api("/v1/keys", { signal });
      replace(body, keys.length ? table(keys, me, load) : empty("key", "No keys", "Make the first one."));
    } catch (error) {
      if (error.name !== "AbortError") replace(body, problem(error, load));
    }
  }
  await load();
}

function rolesOf(key) {
  return key.roles.map((role) => h("span", { class: "pill" }, role.project === "*" ? "all projects" : cut(role.project, 40), ": ", h("b", {}, role.role)));
}

function stateOf(key) {
  if (key.revoked) return tag("Revoked", "stop", "quiet");
  if (key.expiresAt && new Date(key.expiresAt) < new Date()) return tag("Expired", "clock", "quiet");
  return tag("Counts", "check", "good");
}

function table(keys, me, again) {
  return h("div", { class: "card scroll", tabindex: 0, role: "region", "aria-label": "Keys" }, h("table", { class: "stack" },
    h("caption", { class: "spoken" }, "Keys"),
    h("thead", {}, h("tr", {}, ["Name", "Roles", "State", "Made", "Last used", "Expires", ""].map((name) => (name ? h("th", { scope: "col" }, name) : h("td", {}))))),
    h("tbody", {}, keys.map((key) => {
      const own = key.id === me.key.id;
      return h("tr", { class: key.revoked ? "faded" : undefined, "data-key": key.id },
        h("th", { scope: "row" }, cut(key.name, 120), " ", h("code", { class: "quiet" }, key.id), own && [" ", h("span", { class: "pill" }, "yours")]),
        h("td", { "data-label": "Roles" }, h("span", { class: "pills" }, rolesOf(key))),
        h("td", { "data-label": "State" }, stateOf(key)),
        h("td", { "data-label": "Made" }, moment(key.createdAt)),
        h("td", { "data-label": "Last used" }, key.lastUsedAt ? moment(key.lastUsedAt) : "never"),
        h("td", { "data-label": "Expires" }, key.expiresAt ? moment(key.expiresAt, true) : "never"),
        h("td", { class: "end" }, !key.revoked && !own && button("Revoke", { kind: "small danger", "aria-label": `Revoke ${key.name}`, onclick: (event) => revoke(key, event.currentTarget, again) })));
    }))));
}

async function revoke(key, pressed, again) {
  const sure = await confirm(`Revoke the key of ${cut(key.name, 80)}?`, ["It opens nothing from then on, wherever it is used. This cannot be undone; a new key can be made.", "Exports that it started go on."], { action: "Revoke", kind: "danger" });
  if (!sure) return;
  try {
    await busy(pressed, () => api(path("keys", key.id), { method: "DELETE" }));
    toast(`The key of ${cut(key.name, 80)} was revoked.`, { kind: "good" });
  } catch (error) {
    toast(error.message, { kind: "bad" });
  }
  again();
}

/** Asks what the key is to be, makes it, and shows its secret. True when one was made. */
async function newKey(projects) {
  const created = await dialog("New key", (close) => {
    const name = h("input", { type: "text", maxlength: 100, autocomplete: "off", placeholder: "rita@example.com" });
    const nameField = field("Name", name, { hint: "Whose it is: a name, or the e-mail address that links are sent to." });
    const rows = h("div", { class: "role-rows" });
    const add = button("Another project", { picture: "plus", kind: "ghost", onclick: () => row().querySelector("select").focus() });
    const outcome = h("div", { "aria-live": "polite" });
    const day = h("input", { type: "date", min: new Date(Date.now() + DAY).toISOString().slice(0, 10) });
    const dayField = field("Until", day, {});
    const expiry = select(EXPIRY, { value: "90", onchange: () => { dayField.hidden = expiry.value !== "date"; } });
    dayField.hidden = true;
    const make = button("Make the key", { kind: "primary", type: "submit" });

    function row() {
      const project = select([{ value: "*", label: "All projects" }, ...projects.map((one) => ({ value: one.id, label: one.name }))], { "aria-label": "Project" });
      const role = select(ROLES, { value: "viewer", "aria-label": "Role" });
      const element = h("div", { class: "role-row" }, project, role, button("Remove", { picture: "cross", kind: "ghost square", quiet: true, onclick: () => {
        element.remove();
        if (!rows.children.length) row();
        rows.querySelector("select").focus();
      } }));
      rows.append(element);
      return element;
    }

    function until() {
      if (expiry.value === "") return undefined;
      return expiry.value === "date" ? isoOfField(day.value && `${day.value}T23:59:59`) : new Date(Date.now() + Number(expiry.value) * DAY).toISOString();
    }

    row();
    const formId = id("form");
    make.setAttribute("form", formId);
    const form = h("form", { id: formId, novalidate: true, class: "grid one" }, nameField,
      h("fieldset", { class: "field" }, h("legend", {}, "What it may"), rows, h("p", { class: "hint" }, "Viewers look at projects and exports. Managers also export, and change settings. Admins of all projects also decide about keys and plugins."), add), field("Expires", expiry), dayField, outcome);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!name.value.trim()) {
        nameField.fail("Write whose key it is.");
        name.focus();
        return;
      }
      if (expiry.value === "date" && !day.value) {
        dayField.fail("Choose a day.");
        day.focus();
        return;
      }
      const roles = [...rows.children].map((element) => {
        const [project, role] = element.querySelectorAll("select");
        return { project: project.value, role: role.value };
      });
      busy(make, async () => {
        try {
          close(await api("/v1/keys", { method: "POST", body: { name: name.value.trim(), roles, expiresAt: until() } }));
        } catch (error) {
          replace(outcome, problem(error));
        }
      });
    });
    return { body: form, actions: [button("Cancel", { onclick: () => close() }), make], initial: name };
  });
  if (!created) return false;
  await showSecret(created);
  return true;
}

function showSecret({ key, secret }) {
  return dialog("The key was made", (close) => {
    const shown = h("input", { type: "text", class: "code secret", readOnly: true, value: secret, onfocus: () => shown.select() });
    const copy = button("Copy", { picture: "copy", onclick: async () => {
      try {
        await navigator.clipboard.writeText(secret);
      } catch {
        // Browsers lend the clipboard only to pages that came over HTTPS. This way is older.
        shown.select();
        document.execCommand("copy");
      }
      copy.lastChild.textContent = "Copied";
    } });
    return {
      body: h("div", { "data-keep": true }, notice("warn", h("strong", {}, "It is shown this once"), h("p", {}, "The service keeps only a hash of it. Put it where it belongs before you close this.")),
        field(`Key of ${cut(key.name, 80)}`, shown), h("p", {}, copy)),
      actions: [button("Done", { kind: "primary", onclick: () => close(true) })],
      initial: copy,
    };
  }, { wide: true });
}
