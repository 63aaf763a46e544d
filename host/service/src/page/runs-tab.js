// The Runs tab: the form that runs a program, and beside it what was run.

import { api } from "./api.js";
import { loading } from "./dialog.js";
import { every, h, replace } from "./dom.js";
import { runForm, setUp } from "./run-form.js";
import { runList } from "./run-list.js";
import { runPage } from "./run-words.js";

const LOOK = 4000;

/** Shows it. */
export async function runsTab(main, { me, project, signal }) {
  const head = h("div", { class: "view-head" }, h("h1", { tabindex: -1 }, "Runs"), h("p", { class: "quiet" }, project.name));
  replace(main, head, h("div", { class: "export-columns" }, h("div", { class: "card pad" }, loading(8)), h("div", { class: "card pad" }, loading(5))));
  let programs = await connected(signal);
  const past = runList(project, signal);
  const holder = h("div", {});
  let form;
  const draw = () => {
    form = programs.length > 0 ? runForm(project, programs, (one) => { window.location.hash = runPage(one); }) : null;
    form?.addEventListener("redraw", () => {
      draw();
      // The button that was pressed is another one now.
      holder.querySelector(".card-head button").focus();
    });
    replace(holder, form ?? setUp(me));
  };
  draw();
  replace(main, head, h("div", { class: "export-columns" }, holder, past));
  every(LOOK, signal, async () => {
    const before = shape(programs);
    programs = await connected(signal).catch(() => programs);
    if (signal.aborted) return;
    // Another configuration of the service has other programs, or other defaults.
    if (shape(programs) !== before) draw();
    else form?.look(programs);
  });
}

async function connected(signal) {
  const { plugins } = await api("/v1/plugins", { signal });
  return plugins.filter((plugin) => plugin.kind === "connected");
}

const shape = (programs) => JSON.stringify(programs.map((one) => [one.name, one.title, one.defaultConfig]));
