// Pictures on buttons. They say nothing that the text beside them does not say, so screen readers skip them.

import { s } from "./dom.js";

const PATHS = {
  bell: ["M6 9.5a6 6 0 0 1 12 0c0 5 2 6.5 2 6.5H4s2-1.5 2-6.5", "M10 19.5a2.2 2.2 0 0 0 4 0"],
  box: ["M4 8l8-4 8 4v8l-8 4-8-4z", "M4 8l8 4 8-4", "M12 12v8"],
  check: ["M5 12.5l4.5 4.5L19 7.5"],
  chevron: ["M9 6l6 6-6 6"],
  clock: ["M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17", "M12 7.5V12l3 2"],
  copy: ["M9 9h10v10H9z", "M15 9V5H5v10h4"],
  cross: ["M6 6l12 12", "M18 6L6 18"],
  down: ["M12 5v14", "M6.5 13.5L12 19l5.5-5.5"],
  download: ["M12 4v11", "M7.5 11L12 15.5 16.5 11", "M5 19.5h14"],
  file: ["M6.5 3.5h7.5l4 4v13H6.5z", "M14 3.5v4h4"],
  info: ["M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17", "M12 11v5", "M12 7.8v.2"],
  key: ["M14.5 4.5a5 5 0 1 0 0 10 5 5 0 0 0 0-10", "M11 13l-7 7", "M7 17l2 2"],
  moon: ["M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10"],
  out: ["M14 5h5v14h-5", "M4 12h10", "M10.5 8.5L14 12l-3.5 3.5"],
  plus: ["M12 5v14", "M5 12h14"],
  repeat: ["M4.5 11a7.5 7.5 0 0 1 13-4l2 2", "M19.5 4.5V9H15", "M19.5 13a7.5 7.5 0 0 1-13 4l-2-2", "M4.5 19.5V15H9"],
  run: ["M8 5.5v13l10.5-6.5z"],
  search: ["M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12", "M15 15l5 5"],
  shield: ["M12 3.5l7 2.5v5.5c0 4.5-3 7.5-7 9-4-1.5-7-4.5-7-9V6z", "M9 11.8l2.2 2.2 4-4.2"],
  stop: ["M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17", "M6.2 6.2l11.6 11.6"],
  sun: ["M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8", "M12 2.5v2", "M12 19.5v2", "M2.5 12h2", "M19.5 12h2", "M5.3 5.3l1.4 1.4", "M17.3 17.3l1.4 1.4", "M5.3 18.7l1.4-1.4", "M17.3 6.7l1.4-1.4"],
  terminal: ["M3.5 5h17v14h-17z", "M7 9.5l3 2.5-3 2.5", "M12.5 15h4.5"],
  warning: ["M12 4.5l8.5 15h-17z", "M12 10v4.5", "M12 17v.2"],
};

/** A picture by its name. */
export function icon(name) {
  const paths = PATHS[name].map((d) => s("path", { d }));
  return s("svg", { class: `icon icon-${name}`, viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" }, paths);
}

/** The mark of the program: a box that something leaves. */
export function mark() {
  return s("svg", { class: "mark", viewBox: "0 0 32 32", "aria-hidden": "true", focusable: "false" },
    s("rect", { class: "mark-ground", width: 32, height: 32, rx: 8 }),
    s("path", { class: "mark-line", d: "M13 8H9.5A1.5 1.5 0 0 0 8 9.5v13A1.5 1.5 0 0 0 9.5 24h13a1.5 1.5 0 0 0 1.5-1.5V19" }),
    s("path", { class: "mark-line", d: "M15 17L24 8M17.5 8H24v6.5" }));
}
