// Light or dark: what the system says, or what somebody chose here.

import { h, replace, spoken } from "./dom.js";
import { icon } from "./icons.js";

const STORED = "ango-export.theme";
const system = window.matchMedia("(prefers-color-scheme: dark)");

function chosen() {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

function isDark() {
  return (chosen() ?? (system.matches ? "dark" : "light")) === "dark";
}

/** Lets the choice hold. */
export function applyTheme() {
  const choice = chosen();
  if (choice === "dark" || choice === "light") document.documentElement.dataset.theme = choice;
  else delete document.documentElement.dataset.theme;
}

/** The switch. */
export function themeSwitch() {
  const button = h("button", { type: "button", class: "ghost square", title: "Light or dark" });
  const show = () => replace(button, icon(isDark() ? "sun" : "moon"), spoken(isDark() ? "Use the light colours" : "Use the dark colours"));
  button.addEventListener("click", () => {
    const next = isDark() ? "light" : "dark";
    try {
      // Whoever chooses what the system says anyway follows the system from then on.
      if ((next === "dark") === system.matches) localStorage.removeItem(STORED);
      else localStorage.setItem(STORED, next);
    } catch {
      // Without a place to keep it, it holds until the page is left.
    }
    document.documentElement.dataset.theme = next;
    show();
  });
  system.addEventListener("change", show);
  show();
  return button;
}
