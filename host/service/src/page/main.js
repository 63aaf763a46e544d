// Where the page begins: who is here, and which view the address asks for.

import { api, key, onRefused, path } from "./api.js";
import { auditView } from "./audit.js";
import { empty, problem } from "./dialog.js";
import { h, replace } from "./dom.js";
import { forget } from "./drafts.js";
import { exportTab } from "./export-tab.js";
import { exportView } from "./export-view.js";
import { keysView } from "./keys.js";
import { pluginsView } from "./plugins.js";
import { runView } from "./run-view.js";
import { runsTab } from "./runs-tab.js";
import { settingsView } from "./settings.js";
import { TABS, isAdmin, shell } from "./shell.js";
import { signIn } from "./sign-in.js";
import { applyTheme } from "./theme.js";

const root = document.getElementById("app");
let session = null;
let view = null;

/** The parts of the address: `#/PROJECT/exports/ID/TAB`, `#/PROJECT/runs/ID`, `#/plugins`. */
function parts() {
  return window.location.hash.replace(/^#\/?/, "").split("/").map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  }).filter(Boolean);
}

function target(projects) {
  const [first, second, ...rest] = parts();
  const alone = TABS.find((tab) => !tab.inProject && tab.name === first);
  if (alone && second === undefined) return { tab: alone.name };
  const project = projects.find((one) => one.id === first) ?? projects[0];
  if (!project) return { tab: "plugins" };
  if (project.id === first && second === "settings") return { tab: "settings", project };
  if (project.id === first && second === "runs") return { tab: "runs", project, runId: rest[0] };
  if (project.id === first && second === "exports" && rest[0]) return { tab: "export", project, exportId: rest[0], part: rest[1], rest: rest.slice(2) };
  return { tab: "export", project, unknown: first !== undefined && project.id !== first };
}

async function route() {
  if (!session) return;
  view?.abort();
  view = new AbortController();
  const { signal } = view;
  const { me, projects, frame } = session;
  const at = target(projects);
  frame.at(at.project?.id ?? session.project, at.tab);
  session.project = at.project?.id ?? session.project;
  const hadFocus = session.moved;
  session.moved = true;
  const title = TABS.find((tab) => tab.name === at.tab)?.label ?? "Export";
  document.title = [at.project?.name, at.exportId ? "Export" : at.runId ? "Run" : title, "Ango Export"].filter(Boolean).join(" · ");
  const context = { me, projects, signal, current: session.project, ...at };
  try {
    if (at.project) context.project = await projectOf(at.project.id, signal);
    if (signal.aborted) return;
    if (at.exportId) await exportView(frame.main, context);
    else if (at.runId) await runView(frame.main, context);
    else if (at.tab === "runs") await runsTab(frame.main, context);
    else if (at.tab === "settings") await settingsView(frame.main, context);
    else if (at.tab === "plugins") await pluginsView(frame.main, context);
    else if (at.tab === "keys" && isAdmin(me)) await keysView(frame.main, context);
    else if (at.tab === "audit" && isAdmin(me)) await auditView(frame.main, context);
    else if (at.project) await exportTab(frame.main, context);
    else replace(frame.main, empty("key", "Nothing to see with this key", "It has no role in any project that is here. An admin can make another one."));
    if (hadFocus && !signal.aborted) frame.main.querySelector("h1")?.focus({ preventScroll: true });
  } catch (error) {
    if (error.name !== "AbortError" && !signal.aborted) replace(frame.main, h("div", { class: "view-head" }, h("h1", { tabindex: -1 }, title)), problem(error, route));
  }
  window.scrollTo({ top: 0 });
}

/** A project with its stages and batches. Asked for once in a while, since they seldom change. */
async function projectOf(id, signal) {
  const kept = session.details.get(id);
  if (kept && Date.now() - kept.at < 60_000) return kept.project;
  const project = await api(path("projects", id), { signal });
  session.details.set(id, { project, at: Date.now() });
  return project;
}

async function enter(me) {
  const { projects } = await api("/v1/projects");
  const life = new AbortController();
  session = { me, projects, life, details: new Map(), project: projects[0]?.id, moved: false };
  session.frame = shell(root, { me, projects, signal: life.signal, signOut: () => leave() });
  await route();
}

function leave(reason) {
  session?.life.abort();
  view?.abort();
  session = null;
  key.forget();
  forget();
  document.querySelectorAll("dialog").forEach((dialog) => dialog.close());
  document.title = "Ango Export";
  signIn(root, reason, (me) => begin(me));
}

async function begin(me) {
  try {
    await enter(me ?? await api("/v1/me"));
  } catch (error) {
    if (error.status === 401) leave("The service does not take this key any more. It may have expired, or been revoked.");
    else replace(root, h("main", { class: "sign-in-page" }, problem(error, () => begin(me))));
  }
}

applyTheme();
onRefused(() => { if (session) leave("The service does not take this key any more. It may have expired, or been revoked."); });
window.addEventListener("hashchange", route);
if (key.get()) begin();
else leave();
