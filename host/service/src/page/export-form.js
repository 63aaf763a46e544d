// The form of the Export tab: what is exported, in which format, with which fields, and through which plugins.

import { api, once } from "./api.js";
import { again, draft, keep, order, usual } from "./drafts.js";
import { busy, button, check, choices, field, segments } from "./fields.js";
import { announce, notice, problem, toast } from "./dialog.js";
import { h, replace } from "./dom.js";
import { fieldOfIso, isoOfField, plural } from "./format.js";
import { formatName, summary } from "./export-words.js";
import { pluginPicker } from "./plugin-picker.js";

const TYPES = [{ value: "default", label: "Default" }, { value: "consensus", label: "Consensus" }, { value: "benchmark", label: "Benchmark" }];
const FORMATS = ["json", "ndjson", "split"].map((value) => ({ value, label: formatName(value) }));
const FIELDS = [
  ["metadata", "Annotation Metadata", "Who made and changed each annotation, when, and in which stage."],
  ["history", "Stage History", "Which stages each task has been through, for how long, and its annotations in each of them."],
  ["onlyKeyFrames", "Only Key Frames", "Of videos, only frames in which something was edited or toggled; no interpolated ones."],
  ["idle", "Idle and blur durations", "How long annotators were idle, and how long the page was out of sight."],
];
const MOST_TASKS = 10_000;

/** Ids as people paste them: one on each line, or with commas or spaces between them. */
function idsOf(text) {
  return [...new Set(text.split(/[\s,;"'[\]]+/).filter(Boolean))];
}

/** The form. `started(export)` is called when an export was accepted. */
export function exportForm(project, plugins, started) {
  const mayStart = project.role !== "viewer";
  const values = draft(project.id);
  const changed = () => {
    keep(read());
    refresh();
  };

  const type = segments("What", [{ value: "task", label: "Tasks" }, { value: "issue", label: "Issues" }],
    { value: values.type, onchange: changed, hint: project.hasIssues ? undefined : "This project does not say what issues there are." });
  if (!project.hasIssues) type.allow(["task"]);
  const format = segments("Format", FORMATS, { value: values.format === "legacy" ? "json" : values.format, onchange: changed });
  const split = h("input", { type: "number", min: 1, step: 1, inputmode: "numeric", value: values.splitTasks ?? "", placeholder: "By size: 256 MiB", class: "narrow" });
  const splitField = field("Tasks in each file", split, { hint: "Leave it empty for files of 256 MiB of text." });
  const legacy = check("Legacy Export", { checked: values.format === "legacy", role: "switch", onchange: changed, hint: "The format from before workflows: only final annotations, tasks in a list for each asset." });

  const stages = choices("Stage", project.stages.map((stage) => ({ value: stage.id, label: stage.name, hint: stage.type })),
    { values: existing(values.stages, project.stages), all: "All stages", onchange: changed });
  const batches = choices("Batches", project.batches.map((batch) => ({ value: batch.id, label: batch.name })),
    { values: existing(values.batches, project.batches), all: "All, also without a batch", onchange: changed });
  const types = choices("Task type", TYPES, { values: values.taskTypes, all: "All types", onchange: changed });

  const time = (label, name) => {
    const input = h("input", { type: "datetime-local", step: 1, value: fieldOfIso(values[name]), onchange: changed });
    return { name, input, element: field(label, input) };
  };
  const times = [time("Updated after", "updatedAfter"), time("Updated before", "updatedBefore"), time("Created after", "createdAfter"), time("Created before", "createdBefore")];
  const tasks = h("textarea", { class: "code", rows: 3, value: (values.tasks ?? []).join("\n"), spellcheck: "false", placeholder: "64885625c5c18a0015b9a2b2", oninput: changed });
  const tasksField = field("Selected tasks", tasks, { hint: "Ids, one on each line or with commas between them. Empty: all that the filters leave.", wide: true });
  const moreCount = h("span", { class: "pill", hidden: true });
  const more = h("details", { class: "more" }, h("summary", {}, "Times and selected tasks ", moreCount),
    h("div", { class: "grid" }, times.map((one) => one.element), h("p", { class: "hint wide" }, "Times are yours; the moment itself does not count."), tasksField));

  const toggles = FIELDS.map(([name, label, hint]) => ({ name, element: check(label, { checked: values[name], hint, onchange: changed }) }));
  const picker = pluginPicker(plugins, values.plugins, changed);
  const silent = check("Notify when it is ready", { checked: !values.notify.silent, hint: "In this page, and wherever else the service tells of exports.", onchange: changed });
  const email = check("Send Link as an Email", { checked: values.notify.email, hint: "To the address that your key is named by.", onchange: changed });

  const outcome = h("div", { class: "outcome", "aria-live": "polite" });
  const line = h("p", { class: "summary-line" });
  const submit = button("Export", { picture: "download", kind: "primary large", type: "submit", disabled: !mayStart });
  const reset = button("Reset", { kind: "ghost", onclick: () => { keep(usual(project.id)); form.dispatchEvent(new Event("redraw")); } });

  const legendOf = (title, words) => h("div", { class: "section-head" }, h("h3", {}, title), words && h("p", { class: "hint" }, words));
  const form = h("form", { class: "card form", "aria-label": "New export", novalidate: true },
    h("header", { class: "card-head" }, h("h2", {}, "New export"), reset),
    !mayStart && notice("note", h("p", {}, "Your key may look at this project, but not export it. That takes a manager.")),
    h("section", { class: "section grid" }, type, h("div", { class: "stack-fields" }, format, splitField, legacy)),
    h("section", { class: "section" }, legendOf("Tasks"), h("div", { class: "grid" }, stages, project.batches.length > 0 && batches, types), more),
    h("section", { class: "section" }, legendOf("Fields"), h("div", { class: "checks" }, toggles.map((one) => one.element))),
    h("section", { class: "section" }, legendOf("Plugins", "Convert into other formats as well. The original export is always there."), picker.element, runsLine(project, plugins)),
    h("section", { class: "section" }, legendOf("When it is ready"), h("div", { class: "checks" }, silent, email)),
    h("footer", { class: "form-foot" }, outcome, h("div", { class: "foot-row" }, line, submit)));

  function read() {
    const isIssue = type.value === "issue";
    const ids = idsOf(tasks.value);
    return {
      ...usual(project.id),
      type: type.value,
      format: legacy.input.checked && !isIssue ? "legacy" : format.value,
      splitTasks: format.value === "split" && !legacy.input.checked && split.value !== "" ? Number(split.value) : undefined,
      stages: stages.values,
      batches: batches.values,
      taskTypes: isIssue ? null : types.values,
      tasks: ids.length ? ids : null,
      ...Object.fromEntries(times.map((one) => [one.name, isoOfField(one.input.value)])),
      ...Object.fromEntries(toggles.map((one) => [one.name, one.element.input.checked])),
      plugins: isIssue ? [] : picker.read().value,
      notify: { silent: !silent.input.checked, email: email.input.checked },
    };
  }

  function refresh() {
    const order = read();
    const isIssue = order.type === "issue";
    splitField.hidden = order.format !== "split";
    format.disabled = order.format === "legacy";
    legacy.hidden = isIssue;
    for (const element of [stages, types, picker.element.closest(".section"), toggles[0].element.closest(".section")]) element.hidden = isIssue;
    if (order.notify.silent) email.input.checked = false;
    email.input.disabled = order.notify.silent;
    const set = [order.updatedAfter, order.updatedBefore, order.createdAfter, order.createdBefore, order.tasks].filter(Boolean).length;
    moreCount.hidden = set === 0;
    moreCount.textContent = plural(set, "filter");
    if (set > 0 && !more.dataset.seen) {
      more.open = true;
      more.dataset.seen = "1";
    }
    replace(line, summary(order, project), order.plugins.length > 0 && [" · ", order.plugins.map((plugin) => plugin.name).join(", ")]);
  }

  function whatIsWrong() {
    const order = read();
    if (!Number.isInteger(order.splitTasks ?? 1) || (order.splitTasks ?? 1) < 1) {
      splitField.fail("Write a whole number above 0, or nothing.");
      return { wrong: split };
    }
    if (order.tasks?.length > MOST_TASKS) {
      tasksField.fail(`These are ${plural(order.tasks.length, "id")}; at most ${MOST_TASKS} can be selected.`);
      more.open = true;
      return { wrong: tasks };
    }
    if (order.type === "task") {
      const { wrong } = picker.check();
      if (wrong) return { wrong };
    }
    return { order };
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { order: wanted, wrong } = whatIsWrong();
    if (wrong) {
      replace(outcome, notice("bad", h("p", {}, "Something above is not right yet.")));
      (wrong.matches("input, textarea, select") ? wrong : wrong.querySelector("[aria-invalid=true]") ?? wrong.querySelector("input, textarea, select"))?.focus();
      return;
    }
    busy(submit, async () => {
      replace(outcome);
      try {
        const one = await api("/v1/exports", { method: "POST", body: order(wanted), headers: { "idempotency-key": once() } });
        keep(wanted);
        announce("The export was started.");
        started(one);
      } catch (error) {
        if (error.name !== "AbortError") replace(outcome, problem(error));
      }
    });
  });
  refresh();
  return form;
}

/** Where programs are run that are none of these plugins. */
function runsLine(project, plugins) {
  if (!plugins.some((plugin) => plugin.kind === "connected")) return null;
  return h("p", { class: "hint after" }, "Programs of your own run from the ", h("a", { href: `#/${encodeURIComponent(project.id)}/runs` }, "Runs tab"), ".");
}

/** Stages or batches by id, whichever way they were named; `null`, which stands for all, when none of them is there. */
export function existing(wanted, all) {
  const found = all.filter((one) => wanted?.includes(one.id) || wanted?.includes(one.name)).map((one) => one.id);
  return found.length ? found : null;
}

/** Fills the form with what another export was asked for with, and goes there. */
export function exportAgain(request) {
  again(request);
  window.location.hash = `#/${encodeURIComponent(request.project)}/export`;
  window.dispatchEvent(new CustomEvent("ango:draft"));
  toast("The form holds the same settings now. Look them over, then export.");
}
