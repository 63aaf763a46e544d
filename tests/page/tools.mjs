// What the checks share: a browser that watches what the page does, signing in, and the judge of accessibility.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(`${process.env.ANGO_PAGE_TOOLS}/`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

// A program that calls home at each start is not what is tested.
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"];
const WIDE = { width: 1280, height: 900 };

/** Address of the service, without a slash at its end. */
export const base = process.env.ANGO_PAGE_URL;
/** A key of an admin. */
export const key = process.env.ANGO_PAGE_KEY;

/** Starts the browser. */
export function launch() {
  return chromium.launch({ executablePath: process.env.ANGO_PAGE_CHROMIUM, args: FLAGS, timeout: 120_000 });
}

/** A page in a context of its own, which fails the check when the page says an error or asks another server for something. `expected` are errors that belong to what is tested. */
export async function open(browser, { viewport = WIDE, expected = [], ...options } = {}) {
  const context = await browser.newContext({ viewport, acceptDownloads: true, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const wrong = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !expected.some((pattern) => pattern.test(message.text()))) wrong.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => wrong.push(`error: ${error.stack}`));
  page.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(`${base}/`)) wrong.push(`asked ${request.url()}`);
    if (request.url().includes(key)) wrong.push("the key is in an address");
  });
  page.nothingWrong = () => assert.deepEqual(wrong, []);
  return page;
}

/** Signs in, and goes where `hash` says. */
export async function enter(page, hash = "", secret = key) {
  await page.goto(`${base}/`);
  await page.getByLabel("API key").fill(secret);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("navigation", { name: "Main" }).waitFor();
  if (hash) await go(page, hash);
}

/** Goes to another view. */
export async function go(page, hash) {
  await page.evaluate((wanted) => { window.location.hash = wanted; }, hash);
}

/** Asks the service, past the page. */
export async function ask(path, { method = "GET", body, secret = key } = {}) {
  const response = await fetch(`${base}${path}`, { method, headers: { authorization: `Bearer ${secret}`, ...(body ? { "content-type": "application/json" } : {}) }, body: body && JSON.stringify(body) });
  assert.ok(response.ok, `${method} ${path}: ${response.status}`);
  return response.status === 204 ? null : response.json();
}

/** Starts an export past the page, and waits until it has ended. */
export async function exported(order) {
  let one = await ask("/v1/exports", { method: "POST", body: order });
  await until(async () => {
    one = await ask(`/v1/exports/${one.id}`);
    return ["succeeded", "failed", "cancelled"].includes(one.state);
  });
  assert.equal(one.state, "succeeded", JSON.stringify(one.error));
  return one;
}

/** Waits until something is so. */
export async function until(is) {
  const end = Date.now() + 60_000;
  while (!await is()) {
    assert.ok(Date.now() < end, "it does not happen");
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
}

/** Nothing that people with a screen reader or a keyboard stumble over, as far as a program can tell. */
export async function accessible(page, where) {
  // Colours are judged when nothing fades in any more. What fades may be taken away meanwhile.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().filter((one) => Number.isFinite(one.effect.getComputedTiming().endTime)).map((one) => one.finished)));
  if (!await page.evaluate(() => "axe" in window)) await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const found = violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${one.help}: ${node.html.slice(0, 160)}: ${node.failureSummary}`));
  assert.deepEqual(found.slice(0, 12), [], where);
}

/** Nothing sticks out at the side. */
export async function fits(page, where) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(over <= 0, `${where} is ${over} pixels too wide`);
}
