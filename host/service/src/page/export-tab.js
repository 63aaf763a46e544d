// The Export tab: the form, and beside it what was exported.

import { api } from "./api.js";
import { loading } from "./dialog.js";
import { h, replace } from "./dom.js";
import { exportForm } from "./export-form.js";
import { history } from "./history.js";

/** Shows it. */
export async function exportTab(main, { project, signal }) {
  const head = h("div", { class: "view-head" }, h("h1", { tabindex: -1 }, "Export"), h("p", { class: "quiet" }, project.name));
  replace(main, head, h("div", { class: "export-columns" }, h("div", { class: "card pad" }, loading(8)), h("div", { class: "card pad" }, loading(5))));
  const { plugins } = await api("/v1/plugins", { signal });
  const past = history(project, signal);
  const holder = h("div", {});
  const draw = () => {
    const form = exportForm(project, plugins, past.add);
    form.addEventListener("redraw", () => {
      draw();
      // The button that was pressed is another one now.
      holder.querySelector(".card-head button").focus();
    });
    replace(holder, form);
  };
  draw();
  // Another export's settings were put into the draft while this tab is open.
  window.addEventListener("ango:draft", () => {
    draw();
    holder.scrollIntoView({ block: "start" });
    holder.querySelector("input")?.focus({ preventScroll: true });
  }, { signal });
  replace(main, head, h("div", { class: "export-columns" }, holder, past.element));
}
