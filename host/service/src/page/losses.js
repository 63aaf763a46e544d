// What conversions could not hold: by code, with examples that lead to the task.

import { api, path } from "./api.js";
import { empty, loading, problem } from "./dialog.js";
import { cut, h, id, replace } from "./dom.js";
import { icon } from "./icons.js";
import { count, plural } from "./format.js";
import { detailOf } from "./result-parts.js";

const COLUMNS = [
  { key: "code", label: "Code" },
  { key: "plugin", label: "Plugin" },
  { key: "count", label: "Count", number: true },
];

/** The table of an export's losses. The examples are in its report. */
export function losses(one, signal) {
  const element = h("div", {});
  const total = (one.result?.conversions ?? []).reduce((sum, conversion) => sum + conversion.losses, 0);
  if (total === 0) {
    const words = one.request.plugins.length ? "Every conversion holds everything that the export does." : "The export was not converted: the original holds everything.";
    return replace(element, empty("check", "No losses", words));
  }
  async function load() {
    replace(element, loading(4));
    try {
      const report = await api(`${path("exports", one.id)}/report`, { signal });
      const rows = report.plugins.flatMap((plugin) => plugin.losses.codes.map((code) => ({ ...code, plugin: plugin.plugin.name, examples: code.examples ?? [] })));
      replace(element, table(rows, one));
    } catch (error) {
      if (error.name !== "AbortError") replace(element, problem(error, load));
    }
  }
  load();
  return element;
}

function table(rows, one) {
  let by = "count";
  let down = true;
  const most = Math.max(...rows.map((row) => row.count), 1);
  const open = new Set();
  const body = h("tbody", {});
  const heads = COLUMNS.map((column) => {
    const sort = h("button", { type: "button", class: "sort", onclick: () => {
      down = by === column.key ? !down : Boolean(column.number);
      by = column.key;
      draw();
    } }, column.label, icon("chevron"));
    return h("th", { scope: "col", class: column.number ? "number" : undefined }, sort);
  });

  function draw() {
    const order = [...rows].sort((a, b) => (by === "count" ? a.count - b.count : String(a[by]).localeCompare(String(b[by]))) * (down ? -1 : 1) || b.count - a.count);
    heads.forEach((head, index) => {
      if (COLUMNS[index].key === by) head.setAttribute("aria-sort", down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    replace(body, order.flatMap((row) => lines(row)));
  }

  function lines(row) {
    const key = `${row.plugin} ${row.code}`;
    const panel = id("examples");
    const detail = h("tr", { class: "examples", id: panel, hidden: !open.has(key) }, h("td", { colspan: 4 }, examples(row, one)));
    const toggle = h("button", { type: "button", class: "row-toggle", "aria-expanded": String(open.has(key)), "aria-controls": panel, onclick: () => {
      if (open.has(key)) open.delete(key);
      else open.add(key);
      detail.hidden = !open.has(key);
      toggle.setAttribute("aria-expanded", String(open.has(key)));
    } }, icon("chevron"), h("code", {}, cut(row.code, 100)));
    return [h("tr", {},
      h("th", { scope: "row" }, toggle),
      h("td", {}, row.plugin),
      h("td", { class: "number" }, count(row.count)),
      h("td", { class: "share", "aria-hidden": "true" }, h("span", { class: "share-bar", style: { "--share": String(row.count / most) } }))), detail];
  }

  draw();
  return [
    h("p", { class: "lead" }, `${plural(rows.reduce((sum, row) => sum + row.count, 0), "loss", "losses")} by code. The original export holds all of it; a conversion says what its format has no place for.`),
    h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Losses" }, h("table", { class: "losses" },
      h("caption", { class: "spoken" }, "Losses by code"),
      h("thead", {}, h("tr", {}, heads, h("td", { class: "share" }))), body)),
  ];
}

function examples(row, one) {
  if (row.examples.length === 0) return h("p", { class: "hint" }, "The report holds no examples.");
  return [
    h("p", { class: "hint" }, row.examples.length < row.count ? `${plural(row.examples.length, "example")} of ${count(row.count)}` : "All of them"),
    h("div", { class: "example-box", tabindex: 0, role: "region", "aria-label": `Examples of ${cut(row.code, 80)} in ${row.plugin}` }, h("ul", { class: "example-list" }, row.examples.map((example) => h("li", {},
      Number.isInteger(example.task) && one.request.format !== "legacy"
        ? h("a", { href: detailOf(one, `preview/${example.task}${example.object ? `/${encodeURIComponent(example.object)}` : ""}`) }, `Task ${count(example.task + 1)}`)
        : h("span", {}, Number.isInteger(example.task) ? `Task ${count(example.task + 1)}` : "The export"),
      example.object && h("code", { class: "quiet" }, cut(example.object, 40)),
      h("span", {}, cut(example.detail ?? "", 500)))))),
  ];
}
