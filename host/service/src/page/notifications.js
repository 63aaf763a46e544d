// The bell: what happened to exports and runs of programs. And a short message when one of mine is ready.

import { api, path, query } from "./api.js";
import { empty, toast } from "./dialog.js";
import { address, cut, every, h, id, replace, spoken } from "./dom.js";
import { button } from "./fields.js";
import { icon } from "./icons.js";
import { count, moment, plural } from "./format.js";
import { runPage, seenToEnd, titleOf } from "./run-words.js";

const LOOK = 4000;
const PICTURES = { ready: "check", failed: "warning", message: "info" };
const KINDS = { ready: "good", failed: "bad", message: "note" };

/** The bell and its list. */
export function bell(me, signal) {
  const panelId = id("notifications");
  const badge = h("span", { class: "badge", "aria-hidden": "true", hidden: true });
  const words = spoken("Notifications");
  const toggle = h("button", { type: "button", class: "ghost square bell", title: "Notifications", "aria-expanded": "false", "aria-controls": panelId, onclick: () => open(panel.hidden) }, icon("bell"), badge, words);
  const list = h("ul", { class: "notifications" });
  const all = button("Mark all as read", { kind: "ghost small", onclick: readAll });
  const panel = h("section", { class: "popover", id: panelId, "aria-label": "Notifications", hidden: true }, h("header", {}, h("h2", {}, "Notifications"), all), list);
  const element = h("div", { class: "bell-holder" }, toggle, panel);
  const mine = `${me.key.name} (${me.key.id})`;
  let known = [];
  let first = true;

  function open(wanted) {
    panel.hidden = !wanted;
    toggle.setAttribute("aria-expanded", String(wanted));
    if (wanted) draw();
  }

  document.addEventListener("pointerdown", (event) => { if (!panel.hidden && !element.contains(event.target)) open(false); }, { signal });
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) {
      open(false);
      toggle.focus();
    }
  });
  element.addEventListener("focusout", (event) => { if (event.relatedTarget && !element.contains(event.relatedTarget)) open(false); });

  function draw() {
    const unread = known.filter((one) => !one.read).length;
    badge.hidden = unread === 0;
    badge.textContent = unread > 99 ? "99+" : String(unread);
    words.textContent = unread ? `Notifications, ${count(unread)} unread` : "Notifications";
    all.hidden = unread === 0;
    if (panel.hidden) return;
    replace(list, known.length === 0 ? h("li", {}, empty("bell", "Nothing yet", "You are told here when an export or a run is ready, or failed.")) : known.map(line));
  }

  function line(one) {
    const target = linkOf(one);
    const host = target && !target.startsWith("#") && new URL(target).host;
    return h("li", { class: one.read ? "read" : "unread" }, h("span", { class: `round ${KINDS[one.kind] ?? "note"}` }, icon(PICTURES[one.kind] ?? "info")),
      h("div", {}, target ? h("a", { href: target, rel: "noopener noreferrer", onclick: () => { mark(one); open(false); } }, cut(one.title, 200)) : h("strong", {}, cut(one.title, 200)),
        !one.read && spoken(" (unread)"), h("p", {}, cut(one.message, 500)),
        h("p", { class: "hint" }, moment(one.createdAt), host && host !== window.location.host && ` · leads to ${cut(host, 100)}`)));
  }

  /** The run that a notification is about. Its link says so, also when it is about the export of that run. */
  function runOf(one) {
    const [, project, run] = /#\/([^/]+)\/runs\/([^/?#]+)$/.exec(one.link ?? "") ?? [];
    return [one.project, encodeURIComponent(one.project)].includes(project) ? run : undefined;
  }

  /** Where it leads. Not to the link itself: that names the service as everybody reaches it, and somebody may have come another way, with a key that this page alone has. */
  function linkOf(one) {
    const run = runOf(one);
    if (run) return runPage({ project: one.project, id: run });
    if (one.exportId && one.project) return `#/${encodeURIComponent(one.project)}/exports/${encodeURIComponent(one.exportId)}`;
    return one.link ? address(one.link) : undefined;
  }

  async function mark(one) {
    if (one.read) return;
    one.read = true;
    draw();
    await api(path("notifications", String(one.id), "read"), { method: "POST" }).catch(() => {});
  }

  async function readAll() {
    const upTo = known[0]?.id;
    if (upTo === undefined) return;
    for (const one of known) one.read = true;
    draw();
    toggle.focus();
    await api(path("notifications", "read"), { method: "POST", body: { upTo } }).catch(() => {});
  }

  async function look() {
    const { notifications } = await api(query("/v1/notifications", { after: known[0]?.id }), { signal });
    if (notifications.length === 0 && !first) return;
    known = [...notifications, ...known].slice(0, 100);
    draw();
    if (!first) notifications.reverse().forEach(tell);
    first = false;
  }

  /** Whether it is about an export or a run of mine is in the export, or the run. */
  async function tell(one) {
    const run = one.kind !== "message" && runOf(one);
    if (run) {
      const about = await api(path("sessions", run), { signal }).catch(() => null);
      // Whoever looks at it, or did when it ended, knows.
      if (about?.runBy !== mine || window.location.hash === linkOf(one) || seenToEnd.has(run)) return;
      toast(one.kind === "failed" ? `A run of yours failed: ${cut(titleOf(about), 80)}.` : `Your run is done: ${cut(titleOf(about), 80)}.`, { kind: KINDS[one.kind] ?? "note", link: linkOf(one), label: "Look at it" });
      return;
    }
    if (!one.exportId) return;
    const about = await api(path("exports", one.exportId), { signal }).catch(() => null);
    if (about?.requestedBy !== mine) return;
    toast(one.kind === "failed" ? "An export of yours failed." : `Your export is ready: ${plural(about.result?.tasks ?? 0, about.request.type === "issue" ? "issue" : "task")}.`, { kind: KINDS[one.kind] ?? "note", link: linkOf(one), label: "Look at it" });
  }

  look().catch(() => {});
  every(LOOK, signal, () => look().catch(() => {}));
  return element;
}
