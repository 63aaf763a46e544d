// From the geometry of an annotation to a shape of SVG. Coordinates are pixels of the image, x to the right and y down, as in SVG.
// Whatever is in an export can be wrong: what is no number, or too much, is not drawn.

import { s } from "./dom.js";

const MOST_POINTS = 20_000;
const KINDS = {
  "bounding-box": "box", "rotated-bounding-box": "rotated box", polygon: "polygon", polyline: "polyline", segmentation: "segmentation", point: "point", circle: "circle", spline: "spline",
  angle: "angle", ner: "entity", pdf: "PDF area", "medical-brush": "voxel brush", pct: "cuboid", message: "message",
};

const isNumber = (value) => typeof value === "number" && Number.isFinite(value) && Math.abs(value) < 1e7;
const isPoint = (value) => Array.isArray(value) && isNumber(value[0]) && isNumber(value[1]);

function points(list) {
  return Array.isArray(list) ? list.slice(0, MOST_POINTS).filter(isPoint) : [];
}

const round = (value) => Math.round(value * 100) / 100;

function ring(list, closed = true) {
  const found = points(list);
  if (found.length === 0) return "";
  return `M${found.map(([x, y]) => `${round(x)} ${round(y)}`).join("L")}${closed ? "Z" : ""}`;
}

/** The corners of a rotated box: those that it names, else those that follow from where it begins and how it is turned. */
function corners(box) {
  const named = points(box.corners);
  if (named.length === 4) return named;
  const { x, y, width, height, rotation = 0 } = box;
  if (![x, y, width, height, rotation].every(isNumber)) return [];
  const turn = (rotation * Math.PI) / 180;
  const along = [Math.cos(turn) * width, Math.sin(turn) * width];
  const down = [-Math.sin(turn) * height, Math.cos(turn) * height];
  return [[x, y], [x + down[0], y + down[1]], [x + down[0] + along[0], y + down[1] + along[1]], [x + along[0], y + along[1]]];
}

/** What a tool is: the key of its geometry. */
export function kindOf(tool) {
  return Object.keys(KINDS).find((kind) => tool[kind] !== undefined && tool[kind] !== null) ?? "other";
}

/** The same, for people. */
export const kindName = (tool) => KINDS[kindOf(tool)] ?? "other";

/** A path for what has an outline, or a point; nothing for what cannot be drawn. `{ d, closed }` or `{ point }`. */
export function outline(tool) {
  const kind = kindOf(tool);
  const value = tool[kind];
  switch (kind) {
    case "bounding-box": {
      const { x, y, width, height } = value;
      if (![x, y, width, height].every(isNumber)) return null;
      // Whoever drew from right to left has a negative width.
      return { d: ring([[x, y], [x + width, y], [x + width, y + height], [x, y + height]]), closed: true };
    }
    case "rotated-bounding-box": return { d: ring(corners(value)), closed: true };
    case "polygon": return { d: ring(value), closed: true };
    case "segmentation": {
      const zones = Array.isArray(value.zones) ? value.zones.slice(0, 2000) : [];
      return { d: zones.map((zone) => [zone?.region, ...(Array.isArray(zone?.holes) ? zone.holes : [])].map((one) => ring(one)).join("")).join(""), closed: true };
    }
    case "polyline": return { d: ring(value, false), closed: false };
    case "spline": return { d: ring(Array.isArray(value) ? value : value.points, value.closed === true), closed: value.closed === true };
    case "circle": {
      const { x, y } = value;
      const radius = Math.abs(value.radius ?? value.r);
      if (![x, y, radius].every(isNumber)) return null;
      return { d: `M${round(x - radius)} ${round(y)}a${round(radius)} ${round(radius)} 0 1 0 ${round(2 * radius)} 0a${round(radius)} ${round(radius)} 0 1 0 ${round(-2 * radius)} 0Z`, closed: true };
    }
    case "point": return isPoint(value) ? { point: value } : null;
    case "angle": return { d: ring([value.p1, value.vertex, value.p2], false), closed: false };
    default: return null;
  }
}

/** The shape of a tool, in a colour. `size` is the larger side of the image: marks of points have the same size on the screen whatever the image. */
export function shape(tool, colour, size) {
  const found = outline(tool);
  if (!found || (found.d === "" && !found.point)) return null;
  if (found.point) {
    const [x, y] = found.point;
    return s("circle", { class: "shape point", cx: round(x), cy: round(y), r: round(size / 110), fill: colour, stroke: "#fff" });
  }
  return s("path", { class: found.closed ? "shape area" : "shape line", d: found.d, fill: found.closed ? colour : "none", stroke: colour, "fill-rule": "evenodd" });
}

/** How far shapes reach, for an image whose size nobody knows. */
export function extent(tools) {
  let [right, bottom] = [0, 0];
  const see = ([x, y]) => {
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  };
  for (const tool of tools) {
    const value = tool[kindOf(tool)];
    if (!value) continue;
    if (isPoint(value)) see(value);
    else if (Array.isArray(value)) points(value).forEach(see);
    else if (value.zones) for (const zone of [value.zones].flat()) points(zone?.region).forEach(see);
    else if (isNumber(value.x) && isNumber(value.y)) {
      const reach = isNumber(value.radius) ? value.radius : 0;
      see([value.x + reach + Math.max(0, value.width || 0), value.y + reach + Math.max(0, value.height || 0)]);
      points(value.corners).forEach(see);
    } else if (Array.isArray(value.points)) points(value.points).forEach(see);
  }
  return right > 0 && bottom > 0 ? { width: Math.ceil(right * 1.04), height: Math.ceil(bottom * 1.04) } : { width: 4, height: 3 };
}

const COLOUR = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;
const PALETTE = ["#2f6fed", "#e8467c", "#1f9d55", "#f08c2e", "#7a3ff2", "#0ea5b7", "#c2410c", "#64748b", "#a16207", "#be185d"];

/** The colours of classes: those of the ontology, else one that depends on the class alone. */
export function colours(ontology) {
  const named = new Map();
  for (const one of [ontology?.tools, ontology?.classifications].flat()) {
    if (one && COLOUR.test(one.color ?? "")) named.set(String(one.schemaId), one.color);
  }
  return (schemaId) => {
    const key = String(schemaId);
    if (!named.has(key)) named.set(key, PALETTE[[...key].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) >>> 0, 7) % PALETTE.length]);
    return named.get(key);
  };
}
