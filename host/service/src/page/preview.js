// The preview of a finished export: some of its tasks, drawn.

import { api, file, path, query } from "./api.js";
import { empty, loading, problem } from "./dialog.js";
import { cut, h, id, replace } from "./dom.js";
import { button, check } from "./fields.js";
import { count } from "./format.js";
import { colours } from "./shapes.js";
import { taskCard } from "./task-card.js";

const PAGE = 12;
// Whose servers pictures come from is not ours to say: they are asked only when somebody wants them. It holds until the page is left.
let loadImages = false;

/** The preview. `start` is the first task, `focus` an object of it. */
export function preview(one, project, signal, { start = 0, focus } = {}) {
  const element = h("div", { class: "preview" });
  if (one.request.format === "legacy") return replace(element, empty("info", "No preview of the legacy format", "Export in another format to look at it here."));
  if (one.request.type === "issue") return replace(element, empty("info", "No preview of issues", "Issues have no shapes. Download the export to read them."));
  const colour = colours(project.ontology);
  const off = new Set();
  const look = { fill: true, images: loadImages, lists: false, local: (name) => file(query(path("projects", project.id, "picture"), { path: name }), { signal }), shows: (schemaId) => !off.has(String(schemaId)) };
  let from = focus ? start : Math.floor(start / PAGE) * PAGE;
  let cards = [];

  const redraw = () => cards.forEach((card) => card.redraw());
  const toggle = (label, name) => check(label, { checked: look[name], onchange: (event) => {
    look[name] = event.target.checked;
    redraw();
  } });
  const images = toggle("Load images from their servers", "images");
  images.hidden = true;
  images.input.addEventListener("change", () => { loadImages = images.input.checked; });
  const legend = h("div", { class: "legend", role: "group", "aria-label": "Classes" });
  const range = h("p", { class: "quiet", role: "status" });
  const back = button("Earlier tasks", { onclick: () => go(Math.max(0, from - PAGE)) });
  const on = button("Later tasks", { onclick: () => go(from + PAGE) });
  const grid = h("div", { class: "tasks" });
  replace(element,
    h("div", { class: "preview-bar" }, legend, h("div", { class: "switches" }, toggle("Fill", "fill"), images)),
    grid,
    h("nav", { class: "pager", "aria-label": "Tasks" }, back, range, on));

  function drawLegend() {
    const classes = new Map();
    for (const { tools } of cards) {
      for (const tool of tools) {
        const key = String(tool.schemaId);
        const found = classes.get(key) ?? { title: tool.title ?? key, count: 0 };
        found.count += 1;
        classes.set(key, found);
      }
    }
    replace(legend, [...classes].sort(([, a], [, b]) => b.count - a.count).slice(0, 60).map(([key, found]) => {
      const chip = h("button", { type: "button", class: "chip-button", "aria-pressed": String(!off.has(key)), id: id("class"), onclick: () => {
        if (off.has(key)) off.delete(key);
        else off.add(key);
        chip.setAttribute("aria-pressed", String(!off.has(key)));
        redraw();
      } }, h("span", { class: "swatch", style: { "--class": colour(key) } }), cut(found.title, 60), h("span", { class: "quiet" }, count(found.count)));
      return chip;
    }));
  }

  async function go(wanted) {
    from = wanted;
    const height = grid.offsetHeight;
    replace(grid, loading(3));
    grid.style.setProperty("min-height", `${height}px`);
    try {
      const answer = await api(query(`${path("exports", one.id)}/preview`, { from, tasks: PAGE }), { signal });
      const total = answer.total ?? from + answer.tasks.length;
      cards = answer.tasks.map((asset, index) => taskCard(asset, from + index, colour, look, focus && index === 0 && from === start ? focus : undefined));
      const beyond = answer.tasks.length === 0 && from < total;
      replace(grid, cards.length ? cards.map((card) => card.element)
        : beyond ? empty("info", "Too far back to be drawn", "Of a large export, only tasks near its beginning can be shown. Download it to see the others.")
          : empty("search", "No tasks", "No task was exported: nothing passed the filters."));
      replace(range, total === 0 ? "" : `${count(Math.min(from + 1, total))} to ${count(from + answer.tasks.length)} of ${count(total)}`);
      back.disabled = from === 0;
      on.disabled = answer.tasks.length === 0 || from + answer.tasks.length >= total;
      images.hidden = !cards.some((card) => card.elsewhere);
      drawLegend();
      if (focus && from === start) cards[0]?.element.focus({ preventScroll: true });
    } catch (error) {
      if (error.name !== "AbortError") replace(grid, problem(error, () => go(wanted)));
    }
    grid.style.removeProperty("min-height");
  }

  go(from);
  return element;
}
