// Every view, in light and dark and on a small screen, for those who see it, hear it, or have no mouse.

import assert from "node:assert/strict";
import { accessible, ask, base, enter, exported, fits, go, open } from "./tools.mjs";

const SMALL = { width: 360, height: 740 };

export default async function check(browser) {
  const one = await exported({ project: "street-life", stages: null, plugins: [{ name: "coco" }, { name: "yolo" }] });
  await exported({ project: "street-life", format: "legacy" });
  const views = [
    ["#/street-life/export", ".form", async (page) => {
      await page.getByRole("checkbox", { name: "YOLO data set" }).check();
      await page.getByText("Times and selected tasks").click();
      await page.locator(`.history [data-id="${one.id}"]`).getByRole("button", { expanded: false }).click();
      await page.locator(".download").first().waitFor();
    }],
    [`#/street-life/exports/${one.id}`, ".download"],
    [`#/street-life/exports/${one.id}/losses`, ".losses", (page) => page.locator(".losses .row-toggle").first().click()],
    [`#/street-life/exports/${one.id}/preview`, ".task", (page) => page.locator(".task summary").first().click()],
    [`#/street-life/exports/${one.id}/preview/2`, ".task"],
    [`#/street-life/exports/${one.id}/log`, "[role=tabpanel]"],
    ["#/street-life/runs", ".set-up"],
    ["#/street-life/settings", ".form", (page) => page.getByRole("switch").check()],
    ["#/plugins", ".plugin", (page) => page.locator(".plugin summary").first().click()],
    ["#/plugins", ".plugin", (page) => page.getByRole("button", { name: /^Approve/ }).first().click()],
    ["#/keys", "table", (page) => page.getByRole("button", { name: "New key" }).click()],
    ["#/keys", "table"],
    ["#/audit", "tbody tr", (page) => page.getByRole("button", { name: /^Notifications/ }).click()],
  ];
  for (const [colorScheme, viewport] of [["light", undefined], ["dark", undefined], ["light", SMALL], ["dark", SMALL]]) {
    const page = await open(browser, { colorScheme, viewport });
    const where = `${colorScheme} ${viewport?.width ?? "wide"}`;
    await page.goto(`${base}/`);
    await page.getByLabel("API key").waitFor();
    await accessible(page, `sign-in ${where}`);
    await fits(page, `sign-in ${where}`);
    await enter(page);
    for (const [hash, ready, act] of views) {
      await go(page, "#/street-life/none");
      await go(page, hash);
      await page.locator(ready).first().waitFor();
      await act?.(page);
      await accessible(page, `${hash} ${where}`);
      await fits(page, `${hash} ${where}`);
      while (await page.locator("dialog[open]").count()) await page.keyboard.press("Escape");
    }
    page.nothingWrong();
    await page.context().close();
  }
  await keyboard(browser);
  await switched(browser);
}

/** From the address bar to a running export without a mouse. */
async function keyboard(browser) {
  const page = await open(browser);
  await enter(page, "#/street-life/export");
  await page.locator(".form").waitFor();
  await page.reload();
  await page.locator(".form").waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await page.locator(":focus").textContent(), "Skip to the content");
  await page.keyboard.press("Enter");
  assert.equal(await page.locator(":focus").getAttribute("id"), "main");
  const seen = [];
  for (let step = 0; step < 80 && !seen.includes("Export"); step += 1) {
    await page.keyboard.press("Tab");
    seen.push(await page.evaluate(() => document.activeElement.labels?.[0]?.textContent ?? document.activeElement.textContent));
    assert.ok(await page.evaluate(() => {
      const element = document.activeElement;
      const shown = element.labels?.[0] ?? element;
      return [element, shown, element.nextElementSibling ?? element].some((one) => getComputedStyle(one).outlineStyle !== "none");
    }), `the focus is seen on ${seen.at(-1)}`);
  }
  for (const name of ["JSON", "Complete", "Annotation Metadata", "Export"]) assert.ok(seen.includes(name), `${name} is reached: ${seen.join(", ")}`);
  await page.keyboard.press("Enter");
  await page.locator(".history > li").nth(2).waitFor();
  // The focus follows to the export that was started; a view that is opened begins at its heading.
  await page.waitForFunction(() => document.activeElement.closest(".history > li:first-child"));
  await go(page, "#/plugins");
  await page.waitForFunction(() => document.activeElement.textContent === "Plugins");
  assert.match(await page.title(), /^Plugins/);
  assert.ok((await ask("/v1/exports?project=street-life")).exports.length >= 3);
  page.nothingWrong();
}

/** The switch of colours is remembered, and gives way when it says what the system says. */
async function switched(browser) {
  const page = await open(browser, { colorScheme: "light" });
  await enter(page, "#/plugins");
  const dark = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await dark();
  await page.getByRole("button", { name: "Use the dark colours" }).click();
  assert.notEqual(await dark(), light);
  await page.reload();
  assert.notEqual(await dark(), light);
  await page.getByRole("button", { name: "Use the light colours" }).click();
  assert.equal(await dark(), light);
  assert.equal(await page.evaluate(() => localStorage.length), 0);
  page.nothingWrong();
}
