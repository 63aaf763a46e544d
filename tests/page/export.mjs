// An export from the button to the file: with a plugin and an option, its progress, its links, its losses, and once more with the same settings.

import assert from "node:assert/strict";
import { ask, enter, go, open, until } from "./tools.mjs";

const folder = process.env.ANGO_PAGE_DOWNLOADS;

export default async function check(browser) {
  const page = await open(browser);
  await enter(page, "#/harbour/export");
  await page.getByText("No exports yet").waitFor();
  await page.getByRole("checkbox", { name: "YOLO data set" }).check();
  const options = page.getByRole("group", { name: "Options of YOLO" });
  await options.getByText("Split", { exact: true }).click();
  await options.getByLabel("By", { exact: true }).selectOption("ratio");
  await options.getByLabel("Val ratio").fill("1.5");
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await page.getByText("Something above is not right yet.").waitFor();
  assert.equal(await page.locator(":focus").getAttribute("aria-invalid"), "true");
  await options.getByLabel("Val ratio").fill("0.3");
  await options.getByLabel("Task").selectOption("segment");
  await page.getByRole("button", { name: "Export", exact: true }).click();

  const row = page.locator(".history > li").first();
  await row.locator("progress").waitFor();
  await until(async () => /\d tasks/.test(await row.locator(".figures").textContent().catch(() => "") ?? "") || await row.getAttribute("data-state") === "succeeded");
  // Whoever leaves and comes back finds it again.
  await go(page, "#/plugins");
  await page.getByRole("heading", { level: 1, name: "Plugins" }).waitFor();
  await go(page, "#/harbour/export");
  await page.locator(".history > li[data-state=succeeded]").waitFor();
  await page.getByRole("status").getByText("Your export is ready").waitFor();
  await page.getByRole("button", { name: /Notifications, \d+ unread/ }).click();
  await page.getByRole("region", { name: "Notifications" }).getByRole("link").first().waitFor();
  await page.getByRole("button", { name: "Mark all as read" }).click();
  await page.getByRole("button", { name: "Notifications", exact: true }).waitFor();
  await until(async () => (await ask("/v1/notifications")).notifications.every((one) => one.read));
  await page.keyboard.press("Escape");

  await row.getByRole("button", { expanded: false }).click();
  for (const [name, file] of [["Original export", "original.zip"], ["yolo", "yolo.zip"]]) {
    const [download] = await Promise.all([page.waitForEvent("download"), row.locator(".download").filter({ has: page.getByText(name, { exact: true }) }).click()]);
    await download.saveAs(`${folder}/${file}`);
  }
  await row.getByText("does not hold everything").waitFor();
  await row.getByRole("link", { name: "Losses, preview and log" }).click();
  await page.getByText('"split":{"by":"ratio","val_ratio":0.3}').waitFor();
  await page.getByRole("tab", { name: "Losses" }).click();
  await page.getByRole("columnheader", { name: "Count" }).waitFor();
  const counts = async () => (await page.locator(".losses tbody tr:not(.examples) td.number").allTextContents()).map((text) => Number(text.replaceAll(",", "")));
  const first = await counts();
  assert.deepEqual(first, [...first].sort((a, b) => b - a));
  await page.getByRole("button", { name: "Count" }).click();
  assert.deepEqual(await counts(), [...first].sort((a, b) => a - b));
  await page.locator(".losses").getByRole("button", { name: "hole-bridged" }).click();
  await page.getByRole("link", { name: /^Task \d+$/ }).first().click();
  await page.locator(".task.wanted .shape.on").waitFor();
  await page.getByRole("tab", { name: "Log" }).click();
  await page.getByRole("tabpanel", { name: "Log" }).waitFor();

  // Once more, with the same settings, and stopped this time.
  await page.getByRole("tab", { name: "Summary" }).click();
  await page.getByRole("button", { name: "Export again" }).click();
  await page.getByRole("heading", { level: 2, name: "New export" }).waitFor();
  assert.ok(await page.getByRole("checkbox", { name: "YOLO data set" }).isChecked());
  assert.equal(await options.getByLabel("Val ratio").inputValue(), "0.3");
  await page.getByRole("checkbox", { name: "Object detection" }).check();
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.locator(".history > li[data-state=cancelled]").waitFor();
  const { exports } = await ask("/v1/exports?project=harbour");
  assert.deepEqual(exports.map((one) => one.state), ["cancelled", "succeeded"]);
  assert.deepEqual(exports[1].request.plugins, [{ name: "yolo", options: { task: "segment", split: { by: "ratio", val_ratio: 0.3 } } }]);
  await page.getByLabel("Exports in state").selectOption("Failed");
  await page.getByText("None of that kind").waitFor();
  page.nothingWrong();
}
