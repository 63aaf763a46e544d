// Export Storage: chosen, tested, saved, and where the next export goes.

import assert from "node:assert/strict";
import { ask, enter, exported, go, open, until } from "./tools.mjs";

export default async function check(browser) {
  const page = await open(browser, { expected: [/400|502/] });
  await enter(page, "#/harbour/settings");
  const toggle = page.getByRole("switch", { name: "Export Storage" });
  assert.equal(await toggle.isChecked(), false);
  await page.getByText("Exports go where the service puts those of all projects").waitFor();
  await toggle.check();
  await page.getByLabel("Storage", { exact: true }).selectOption("customer");
  await page.getByLabel("Path").fill("/exports");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Folder names with / between them").waitFor();
  await page.getByLabel("Path").fill("exports/2023");
  await page.getByRole("button", { name: "Test connection" }).click();
  await page.getByText("The connection works").waitFor();
  assert.ok(await page.locator(".steps li").count() >= 4);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("It holds for exports that start from now on.").waitFor();
  assert.deepEqual((await ask("/v1/projects/harbour/settings")).exportStorage, { storage: "customer", path: "exports/2023" });
  const one = await exported({ project: "harbour", notify: { silent: true } });
  assert.equal(one.result.place.storage, "customer");

  await page.getByLabel("Storage", { exact: true }).selectOption("broken");
  await page.getByRole("button", { name: "Test connection" }).click();
  await page.getByText("The connection does not work").or(page.getByText("That did not work")).waitFor();

  // What is saved is what is shown to the next one who looks.
  await go(page, "#/harbour/export");
  await page.getByRole("heading", { level: 1, name: "Export", exact: true }).waitFor();
  await go(page, "#/harbour/settings");
  assert.equal(await page.getByLabel("Path").inputValue(), "exports/2023");
  await toggle.uncheck();
  await page.getByRole("button", { name: "Save" }).click();
  await until(async () => (await ask("/v1/projects/harbour/settings")).exportStorage === null);
  page.nothingWrong();
}
