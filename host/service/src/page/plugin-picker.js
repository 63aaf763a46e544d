// Choosing plugins for an export: none, one or several, each with a form of its options.

import { empty } from "./dialog.js";
import { cut, h, id } from "./dom.js";
import { schemaForm } from "./schema-form.js";

/** Whether an export can use it. */
const usable = (plugin) => plugin.state === "bundled" || plugin.state === "active";

/** The list. `read()` gives what was chosen, `check()` says what is wrong. */
export function pluginPicker(plugins, given, changed) {
  const found = plugins.filter(usable);
  const rows = found.map((plugin) => row(plugin, given.find((one) => one.name === plugin.name), changed));
  const gone = given.filter((one) => !found.some((plugin) => plugin.name === one.name)).map((one) => one.name);
  const element = h("div", { class: "picker" }, rows.map((one) => one.element),
    gone.length > 0 && h("p", { class: "hint" }, `Not available any more: ${cut(gone.join(", "), 200)}.`),
    rows.length === 0 && empty("box", "No plugins yet", "An admin installs them with `ango-export plugin install` and approves them in the Plugins tab."));
  return {
    element,
    read: () => ({ value: rows.filter((one) => one.chosen()).map((one) => one.read(false).order) }),
    check: () => ({ wrong: rows.filter((one) => one.chosen()).find((one) => one.read().errors > 0)?.element }),
  };
}

function row(plugin, given, changed) {
  const box = id("plugin");
  const panel = id("options");
  const input = h("input", { type: "checkbox", id: box, checked: Boolean(given), "aria-controls": panel });
  const options = schemaForm(plugin.optionsSchema, given?.options ?? {});
  const body = h("div", { class: "plugin-options", id: panel, role: "group", "aria-label": `Options of ${plugin.title || plugin.name}`, hidden: !given }, options.element);
  const element = h("div", { class: "plugin-row" },
    h("div", { class: "plugin-choice" }, input,
      h("label", { for: box }, h("strong", {}, plugin.title || plugin.name), h("span", { class: "quiet" }, `${plugin.name} ${plugin.version}`, plugin.format && ` · ${plugin.format}`))),
    body);
  const show = () => {
    body.hidden = !input.checked;
    element.classList.toggle("chosen", input.checked);
  };
  input.addEventListener("change", () => {
    show();
    changed();
  });
  body.addEventListener("change", changed);
  show();
  return {
    element,
    chosen: () => input.checked,
    read: (show = true) => {
      const { value, errors } = options.read(show);
      return { order: { name: plugin.name, options: value }, errors };
    },
  };
}
