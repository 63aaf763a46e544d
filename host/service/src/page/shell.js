// The frame around all views: the project, the tabs, the bell, who is here.

import { h, replace, spoken } from "./dom.js";
import { select } from "./fields.js";
import { icon, mark } from "./icons.js";
import { bell } from "./notifications.js";
import { themeSwitch } from "./theme.js";

/** Tabs, with the part of the address that each has. Those of a project come after its id. */
export const TABS = [
  { name: "export", label: "Export", inProject: true },
  { name: "runs", label: "Runs", inProject: true },
  { name: "settings", label: "Settings", inProject: true },
  { name: "plugins", label: "Plugins" },
  { name: "keys", label: "Keys", admin: true },
  { name: "audit", label: "Audit log", admin: true },
];

/** Whether somebody is an admin of the whole organisation. */
export const isAdmin = (me) => me.roles.some((role) => role.project === "*" && role.role === "admin");

/** Draws the frame. Gives `main`, where views go, and `at(project, tab)`, which says where somebody is. */
export function shell(root, { me, projects, signal, signOut }) {
  const picker = select(projects.map((project) => ({ value: project.id, label: project.name })), { "aria-label": "Project", class: "project-picker", onchange: () => {
    const tab = TABS.find((one) => one.name === current)?.inProject ? current : "export";
    window.location.hash = `#/${encodeURIComponent(picker.value)}/${tab}`;
  } });
  let current = "export";
  const links = h("ul", {});
  const main = h("main", { id: "main", tabindex: -1 });
  const role = me.roles.map((one) => one.role).sort((a, b) => ["admin", "manager", "viewer"].indexOf(a) - ["admin", "manager", "viewer"].indexOf(b))[0] ?? "";
  replace(root,
    h("a", { class: "skip", href: "#main", onclick: (event) => { event.preventDefault(); main.focus(); } }, "Skip to the content"),
    h("header", { class: "top" },
      h("div", { class: "top-row" },
        h("a", { class: "brand", href: "#/" }, mark(), h("span", {}, "Ango Export")),
        projects.length > 0 && h("div", { class: "project-holder" }, picker),
        h("div", { class: "top-end" }, bell(me, signal), themeSwitch(),
          h("div", { class: "me" }, h("span", { class: "me-name" }, me.key.name), h("span", { class: "quiet" }, `${me.organisation} · ${role}`)),
          h("button", { type: "button", class: "ghost square", title: "Sign out", onclick: signOut }, icon("out"), spoken("Sign out")))),
      h("nav", { class: "main-tabs", "aria-label": "Main" }, links)),
    main);
  return {
    main,
    at: (project, tab) => {
      current = tab;
      if (project) picker.value = project;
      const id = encodeURIComponent(project ?? projects[0]?.id ?? "");
      replace(links, TABS.filter((one) => (!one.admin || isAdmin(me)) && (!one.inProject || projects.length > 0)).map((one) => h("li", {},
        h("a", { href: one.inProject ? `#/${id}/${one.name}` : `#/${one.name}`, "aria-current": one.name === tab ? "page" : undefined }, one.label))));
      // Not `scrollIntoView`: that is also where the next press of Tab would begin.
      const here = links.querySelector("[aria-current]");
      if (here) links.parentElement.scrollLeft = here.offsetLeft - 40;
    },
  };
}
