// Numbers and times, for people.

import { h } from "./dom.js";

const NUMBER = new Intl.NumberFormat("en");
const SHORT = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const LONG = new Intl.DateTimeFormat("en", { dateStyle: "long", timeStyle: "long" });
const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });

/** A number with its thousands set apart. */
export function count(number) {
  return NUMBER.format(number ?? 0);
}

/** `1 task`, `2 tasks`. */
export function plural(number, one, many = `${one}s`) {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** A size: `27.6 kB`. */
export function bytes(number) {
  let value = Number(number) || 0;
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** A size as limits have it: `512 MiB`. */
export function binary(number) {
  let value = Number(number) || 0;
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${Number(value.toFixed(1))} ${units[unit]}`;
}

/** How long something took. */
export function duration(milliseconds) {
  const seconds = milliseconds / 1000;
  if (milliseconds < 1000) return `${Math.max(0, Math.round(milliseconds))} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}

/** How long ago something was, or how soon it will be. */
export function ago(iso) {
  const seconds = (new Date(iso).getTime() - Date.now()) / 1000;
  const far = Math.abs(seconds);
  if (far < 45) return seconds <= 0 ? "just now" : "in a moment";
  if (far < 3600) return RELATIVE.format(Math.round(seconds / 60), "minute");
  if (far < 86_400) return RELATIVE.format(Math.round(seconds / 3600), "hour");
  if (far < 7 * 86_400) return RELATIVE.format(Math.round(seconds / 86_400), "day");
  return SHORT.format(new Date(iso));
}

/** A moment as an element: how long ago it was, and the whole of it for those who point at it. */
export function moment(iso, exact = false) {
  if (!iso || Number.isNaN(new Date(iso).getTime())) return h("span", {}, "—");
  return h("time", { datetime: iso, title: LONG.format(new Date(iso)) }, exact ? SHORT.format(new Date(iso)) : ago(iso));
}

/** The time of day, with seconds. */
export function clock(iso) {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? "" : date.toLocaleTimeString("en", { hourCycle: "h23" });
}

/** What a date and time field holds, as the API has it. Fields are in the time of whoever sits here. */
export function isoOfField(value) {
  if (!value) return undefined;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** The other way. */
export function fieldOfIso(iso) {
  if (!iso) return "";
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return "";
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}

/** `val_ratio` as a label. */
export function label(name) {
  const words = String(name).replace(/[_-]+/g, " ").trim();
  return words ? words[0].toUpperCase() + words.slice(1) : String(name);
}
