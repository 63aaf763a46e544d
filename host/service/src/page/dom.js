// Making elements. Whatever comes from data becomes a text node or an attribute, never HTML: there is no other way in here.

const SVG = "http://www.w3.org/2000/svg";
// What browsers keep in a property; the attribute is only where it begins.
const PROPERTIES = new Set(["checked", "disabled", "hidden", "indeterminate", "multiple", "open", "readOnly", "required", "selected", "value"]);

let last = 0;

/** An id that no other element of the page has. */
export function id(prefix) {
  last += 1;
  return `${prefix}-${last}`;
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") for (const [key, what] of Object.entries(value)) element.style.setProperty(key, what);
    else if (PROPERTIES.has(name)) element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

/** An element: `h("p", { class: "soft" }, "text", child)`. `on…` is a listener, `style` an object; nothing is set for `undefined`, `null` and `false`. */
export function h(name, properties = {}, ...children) {
  return fill(document.createElement(name), properties, children);
}

/** An element of SVG. */
export function s(name, properties = {}, ...children) {
  return fill(document.createElementNS(SVG, name), properties, children);
}

/** Puts children in place of what is there. */
export function replace(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

/** An address that a link may have, or nothing: links come from data as well, and `javascript:` is an address too. */
export function address(text) {
  try {
    const url = new URL(text, window.location.href);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** Text that is cut where it becomes too long to be of use. */
export function cut(text, most = 2000) {
  const whole = String(text);
  return whole.length > most ? `${whole.slice(0, most)}…` : whole;
}

/** Text for screen readers alone. */
export function spoken(text) {
  return h("span", { class: "spoken" }, text);
}

/** Waits, unless the signal comes first. */
export function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}

/** Calls `act` again and again, `milliseconds` apart, until the signal comes. While the page is hidden it waits. */
export async function every(milliseconds, signal, act) {
  while (!signal.aborted) {
    await pause(typeof milliseconds === "function" ? milliseconds() : milliseconds, signal);
    if (!signal.aborted && !document.hidden) await act();
  }
}
