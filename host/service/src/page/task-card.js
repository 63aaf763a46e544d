// One task of the preview: a sheet with its shapes, and the list of what is on it.

import { cut, h, replace, s } from "./dom.js";
import { count, plural } from "./format.js";
import { extent, kindName, outline, shape } from "./shapes.js";

const MOST_SHAPES = 3000;
const MOST_LISTED = 300;

const PICTURE = /\.(avif|bmp|gif|jpe?g|png|webp)$/i;

/** Where a picture is that a browser can show: in the data itself, in the project's folder (`local`), or at another server (`elsewhere`). Everything else stays a plain sheet. */
function picture(text) {
  if (typeof text !== "string") return undefined;
  if (/^data:image\/(png|jpeg|gif|webp|avif|bmp);base64,/i.test(text)) return { href: text };
  try {
    const url = new URL(text);
    return url.protocol === "https:" && PICTURE.test(url.pathname) ? { href: url.href, elsewhere: true } : undefined;
  } catch {
    return PICTURE.test(text) && !text.startsWith("/") ? { local: text } : undefined;
  }
}

/** Tools of an asset on one of its pages or frames; `null` stands for assets that have none. */
function toolsOn(tools, page) {
  return tools.filter((tool) => (page === null || (tool.page ?? 0) === page) && tool.interpolationStopped !== true);
}

/** An answer in words. */
function answer(value) {
  if (value === undefined || value === null || value === "") return "—";
  if (Array.isArray(value)) return value.filter((one) => one !== null).map((one) => (typeof one === "object" ? JSON.stringify(one) : String(one))).join(", ") || "—";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Classifications with those nested in them. */
function answers(list, depth = 0) {
  if (!Array.isArray(list) || list.length === 0 || depth > 8) return null;
  return h("ul", { class: "answers" }, list.slice(0, 100).filter(Boolean).map((one) => h("li", {}, h("span", { class: "quiet" }, cut(one.title ?? "", 100), ": "), cut(answer(one.answer), 300), answers(one.classifications, depth + 1))));
}

/** The card of an asset. `look` says which classes and what else are shown; `focus` is the object that somebody wants to see. Has `element`, `tools` and `redraw()`; `elsewhere` says that its picture is at another server. */
export function taskCard(asset, index, colour, look, focus) {
  const task = asset.task ?? {};
  const tools = (Array.isArray(task.tools) ? task.tools : []).filter((tool) => tool && typeof tool === "object").slice(0, MOST_SHAPES);
  const pages = [...new Set(tools.filter((tool) => Number.isInteger(tool.page)).map((tool) => tool.page))].sort((a, b) => a - b);
  let page = pages.length ? (tools.find((tool) => tool.objectId === focus)?.page ?? pages[0]) : null;
  const { width, height } = asset.metadata?.width > 0 && asset.metadata?.height > 0 ? asset.metadata : extent(tools);
  const large = Math.max(width, height);
  const name = asset.externalId || task.taskId || `Task ${index + 1}`;

  const shapes = s("g", { class: "shapes" });
  const back = s("g", {});
  const brush = s("g", { class: "brush" });
  const drawing = s("svg", { class: "sheet", viewBox: `0 0 ${width} ${height}`, role: "img", preserveAspectRatio: "xMidYMid meet" },
    s("rect", { class: "paper", width, height }), back, brush, shapes);
  const list = h("ul", { class: "objects" });
  const figure = h("p", { class: "quiet" });
  const where = h("output", { class: "quiet" });
  const slide = pages.length > 1 && h("input", { type: "range", min: 0, max: pages.length - 1, step: 1, value: pages.indexOf(page), "aria-label": "Page or frame", oninput: () => {
    page = pages[Number(slide.value)];
    draw();
  } });
  const found = picture(Array.isArray(asset.dataset) && page !== null && asset.dataset[page] ? asset.dataset[page] : asset.asset);
  const painted = typeof task.brushDataUrl === "string" && task.brushDataUrl.startsWith("https://") ? picture(task.brushDataUrl) : undefined;

  function point(objectId) {
    shapes.classList.toggle("pointing", objectId !== null);
    for (const element of shapes.children) element.classList.toggle("on", element.dataset.object === objectId);
    for (const element of list.children) element.classList.toggle("on", element.dataset.object === objectId);
  }

  function draw() {
    const here = toolsOn(tools, page);
    const shown = here.filter((tool) => look.shows(tool.schemaId));
    const drawn = [];
    let flat = 0;
    for (const tool of shown) {
      const element = shape(tool, colour(tool.schemaId), large);
      if (!element) {
        flat += 1;
        continue;
      }
      element.dataset.object = tool.objectId ?? "";
      element.append(s("title", {}, `${tool.title ?? ""} (${kindName(tool)})`));
      drawn.push(element);
    }
    replace(shapes, drawn);
    drawing.setAttribute("aria-label", `${name}: ${plural(drawn.length, "shape")} drawn`);
    drawing.classList.toggle("no-fill", !look.fill);
    replace(figure, [task.stage, plural(here.length, "object"), flat > 0 && `${count(flat)} not drawn`, painted && !look.images && "brush not loaded"].filter(Boolean).join(" · "));
    if (slide) replace(where, `${count(page + 1)} of ${count(asset.metadata?.frameTotal ?? pages[pages.length - 1] + 1)}`);
    replace(list, shown.slice(0, MOST_LISTED).map((tool) => h("li", { "data-object": tool.objectId ?? "", onpointerenter: () => point(tool.objectId ?? ""), onpointerleave: () => point(focus ?? null) },
      h("span", { class: "swatch", style: { "--class": colour(tool.schemaId) } }),
      h("span", {}, h("strong", {}, cut(tool.title ?? "", 100)), " ", h("span", { class: "quiet" }, kindName(tool), !outline(tool) && ", not drawn"),
        (tool.ner?.selection || tool.pdf?.content?.text) && h("q", {}, cut(tool.ner?.selection ?? tool.pdf.content.text, 200)),
        answers(tool.classifications)))),
    shown.length > MOST_LISTED && h("li", { class: "quiet" }, `and ${count(shown.length - MOST_LISTED)} more`));
    const wanted = focus && here.some((tool) => tool.objectId === focus) ? focus : null;
    point(wanted);
    if (wanted) requestAnimationFrame(() => { panel.scrollTop = [...list.children].find((child) => child.dataset.object === wanted)?.offsetTop - 40 || 0; });
    if (found && (look.images || !found.elsewhere)) showPicture();
    else replace(back);
    showBrush();
  }

  /** What was painted is a picture of its own, of the size of the asset. */
  function showBrush() {
    if (!look.images || !painted) return replace(brush);
    if (brush.firstChild) return brush;
    const image = s("image", { width, height, preserveAspectRatio: "none", href: painted.href });
    image.addEventListener("error", () => image.remove());
    return replace(brush, image);
  }

  async function showPicture() {
    if (back.firstChild) return;
    const image = s("image", { width, height, preserveAspectRatio: "none" });
    back.append(image);
    let href = found.href;
    try {
      if (found.local) href = await look.local(found.local);
    } catch {
      // Without a picture there is a plain sheet.
      image.remove();
      return;
    }
    const settled = () => { if (found.local) URL.revokeObjectURL(href); };
    image.addEventListener("load", settled);
    image.addEventListener("error", () => {
      settled();
      image.remove();
    });
    image.setAttribute("href", href);
  }

  const panel = h("div", { class: "object-panel", tabindex: 0, role: "region", "aria-label": `Objects and answers of ${cut(name, 80)}` }, answers(task.classifications), list);
  const details = h("details", { open: look.lists || Boolean(focus) }, h("summary", {}, "Objects and answers"), panel);
  const element = h("article", { class: focus ? "task wanted" : "task", "aria-label": name, tabindex: -1 },
    h("header", {}, h("h2", {}, h("span", { class: "quiet" }, `${count(index + 1)}. `), cut(name, 120)), figure),
    h("div", { class: "frame" }, drawing),
    slide && h("div", { class: "slider" }, slide, where),
    details);
  draw();
  return { element, redraw: draw, tools, elsewhere: found?.elsewhere === true || painted !== undefined };
}
