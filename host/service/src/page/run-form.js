// The form of the Runs tab: which program is run, on which tasks, and with which configuration.

import { api } from "./api.js";
import { codeField, tidy } from "./code-field.js";
import { announce, empty, notice, problem } from "./dialog.js";
import { cut, h, id, replace } from "./dom.js";
import { keepRun, runDraft, usualRun } from "./drafts.js";
import { existing } from "./export-form.js";
import { busy, button, check, choices } from "./fields.js";
import { lastSeen, liveTag, runSummary, titleOf } from "./run-words.js";

/** The form. `element.look(programs)` tells it which of them are online now; `started(session)` is called when a run was accepted. */
export function runForm(project, programs, started) {
  const mayRun = project.role !== "viewer";
  const values = runDraft(project.id);
  const configs = { ...values.configs };
  let config;

  const name = id("program");
  const rows = programs.map((plugin) => programRow(plugin, name));
  const wanted = rows.find((row) => row.input.value === values.plugin) ?? rows.find((row) => row.plugin.state === "online") ?? rows[0];
  wanted.input.checked = true;
  const picker = h("fieldset", { class: "picker programs" }, h("legend", { class: "spoken" }, "Program"), rows.map((row) => row.element));
  picker.addEventListener("change", () => {
    drawConfig();
    changed();
  });

  const stages = choices("Stage", project.stages.map((stage) => ({ value: stage.id, label: stage.name, hint: stage.type })),
    { values: existing(values.stages, project.stages), all: "All stages", onchange: changed });
  const batches = choices("Batches", project.batches.map((batch) => ({ value: batch.id, label: batch.name })),
    { values: existing(values.batches, project.batches), all: "All, also without a batch", onchange: changed });
  const configHolder = h("section", { class: "section" });
  const email = check("Send Link as an Email", { checked: values.email, role: "switch", onchange: changed, hint: "When the run is done or has failed, to the address that your key is named by." });

  const offline = h("div", { class: "outcome", "aria-live": "polite" });
  const outcome = h("div", { class: "outcome", "aria-live": "polite" });
  const line = h("p", { class: "summary-line" });
  const submit = button("Run", { picture: "run", kind: "primary large", type: "submit" });
  const reset = button("Reset", { kind: "ghost", onclick: () => { keepRun(usualRun(project.id)); form.dispatchEvent(new Event("redraw")); } });
  const headOf = (title, words) => h("div", { class: "section-head" }, h("h3", {}, title), words && h("p", { class: "hint" }, words));
  const form = h("form", { class: "card form", "aria-label": "Run a program", novalidate: true },
    h("header", { class: "card-head" }, h("h2", {}, "Run a program"), reset),
    !mayRun && notice("note", h("p", {}, "Your key may look at this project, but not run programs on it. That takes a manager.")),
    h("section", { class: "section" }, headOf("Program", "It gets the export, and answers with a file."), picker, offline,
      values.plugin && wanted.input.value !== values.plugin && h("p", { class: "hint" }, `Not available any more: ${cut(values.plugin, 100)}.`)),
    h("section", { class: "section" }, headOf("Tasks"), h("div", { class: "grid" }, stages, project.batches.length > 0 && batches)),
    configHolder,
    h("section", { class: "section" }, headOf("When it is done"), email),
    h("footer", { class: "form-foot" }, outcome, h("div", { class: "foot-row" }, line, submit)));

  const chosen = () => rows.find((row) => row.input.checked);

  function drawConfig() {
    const { plugin } = chosen();
    const usual = tidy(plugin.defaultConfig || "{}");
    config = codeField("Configuration", { text: configs[plugin.name] ?? usual, usual, hint: "An object in JSON. The program knows what it means.", onchange: () => {
      // What was not changed follows the default, also when that becomes another.
      if (config.text === usual) delete configs[plugin.name];
      else configs[plugin.name] = config.text;
      changed();
    } });
    replace(configHolder, config);
  }

  function changed() {
    keepRun({ project: project.id, plugin: chosen().input.value, stages: stages.values, batches: batches.values, configs, email: email.input.checked });
    replace(outcome);
    refresh();
  }

  function refresh() {
    const { plugin } = chosen();
    const on = plugin.state === "online";
    submit.disabled = !mayRun || !on;
    // What stands there already stays, so that nobody hears it twice.
    if (on) replace(offline);
    else if (offline.dataset.of !== plugin.name || !offline.firstChild) {
      replace(offline, notice("warn", h("strong", {}, `${cut(titleOf(plugin), 80)} is offline`), h("p", {}, "Start the program where it is set up. It comes online here by itself, within seconds; what you fill in stays.")));
    }
    offline.dataset.of = plugin.name;
    replace(line, on ? "" : "Offline: ", cut(titleOf(plugin), 80), " · ", runSummary({ stages: stages.values, batches: batches.values }, project));
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (submit.disabled) return;
    const { value, error } = config.check();
    if (error) {
      replace(outcome, notice("bad", h("p", {}, "The configuration is not right yet.")));
      config.focusWrong();
      return;
    }
    busy(submit, async () => {
      replace(outcome);
      const body = { project: project.id, plugin: chosen().input.value, stages: stages.values, batches: batches.values ?? undefined, config: value, notify: { silent: false, email: email.input.checked } };
      try {
        const one = await api("/v1/sessions", { method: "POST", body });
        announce("The run was started.");
        started(one);
      } catch (failed) {
        if (failed.name !== "AbortError") replace(outcome, problem(failed));
      }
    });
  });

  form.look = (now) => {
    for (const row of rows) row.look(now.find((one) => one.name === row.plugin.name) ?? { ...row.plugin, state: "offline" });
    refresh();
  };
  drawConfig();
  refresh();
  return form;
}

/** One program to choose, with whether it listens. */
function programRow(first, name) {
  const radio = id("program");
  const input = h("input", { type: "radio", name, id: radio, value: first.name, "aria-describedby": `${radio}-state` });
  const state = h("span", { class: "program-state", id: `${radio}-state` });
  const row = {
    plugin: first, input,
    element: h("div", { class: "plugin-row program-row" }, h("div", { class: "plugin-choice" }, input,
      h("label", { for: radio }, h("strong", {}, cut(titleOf(first), 120)), h("span", { class: "quiet" }, first.name)), state)),
    look: (plugin) => {
      row.plugin = plugin;
      row.element.dataset.state = plugin.state;
      replace(state, liveTag(plugin), h("span", { class: "quiet" }, lastSeen(plugin)));
    },
  };
  row.look(first);
  return row;
}

/** What stands there when no program is set up: how that is done. */
export function setUp(me) {
  const text = `[service.plugins.my-program]\nname = "My program"\norganisation = "${me.organisation}"\n`;
  return h("section", { class: "card", "aria-labelledby": "set-up-title" },
    h("header", { class: "card-head" }, h("h2", { id: "set-up-title" }, "Run a program")),
    empty("terminal", "No programs are set up", "A program of your own, written with Ango Hub's Python SDK (ExportPlugin), can get an export of this project and answer with a file."),
    h("div", { class: "set-up" },
      h("ol", { class: "numbered" },
        h("li", {}, h("p", {}, "Whoever runs the service adds the program to its configuration file:"), h("pre", { class: "code block", tabindex: 0, role: "region", "aria-label": "Example" }, text)),
        h("li", {}, h("p", {}, "Its secret comes from the environment of the service, as ", h("code", {}, "ANGO_EXPORT_PLUGIN_SECRET_MY_PROGRAM"), ".")),
        h("li", {}, h("p", {}, "The program is started with that id, that secret, and the address of this service as its host. It comes online here."))),
      h("p", { class: "hint" }, "More of it is in the service's guide, ", h("code", {}, "docs/service.md"), ".")));
}
