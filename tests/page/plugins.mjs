// An installed plugin: looked at, approved, used, revoked.

import assert from "node:assert/strict";
import { ask, enter, exported, go, open } from "./tools.mjs";

const one = async (name) => (await ask("/v1/plugins")).plugins.find((plugin) => plugin.name === name);

export default async function check(browser) {
  const page = await open(browser, { expected: [/400/] });
  await enter(page, "#/plugins");
  const card = page.locator("[data-plugin=boxes-csv]");
  await card.getByText("Waits for approval").waitFor();
  await card.getByText("Asks for no rights").waitFor();
  await card.getByText(/Passed all \d+ checks of the conformance kit/).waitFor();
  await page.locator("[data-plugin=yolo]").getByText("Details").click();
  await page.locator("[data-plugin=yolo]").getByText("min_area").waitFor();

  const approve = card.getByRole("button", { name: /^Approve/ });
  await approve.click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("with exactly this component").waitFor();
  // Escape leaves it, and nothing was done; the focus is back on the button.
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.ok(await approve.evaluate((element) => element === document.activeElement));
  assert.equal((await one("boxes-csv")).state, "waiting");
  await approve.click();
  await dialog.getByText("Limits that differ").click();
  await dialog.getByLabel("Memory").fill("much");
  await dialog.getByRole("button", { name: "Approve" }).click();
  await dialog.getByRole("alert").waitFor();
  await dialog.getByLabel("Memory").fill("200MiB");
  await dialog.getByLabel("Until").fill("2099-12-31");
  await dialog.getByLabel("Note").fill("tried <b>it</b>");
  await dialog.getByRole("button", { name: "Approve" }).click();
  await card.getByText("Approved", { exact: true }).waitFor();
  await card.getByText("tried <b>it</b>").waitFor();
  const approved = await one("boxes-csv");
  assert.deepEqual([approved.state, approved.note, approved.limits.memory], ["active", "tried <b>it</b>", 200 << 20]);
  assert.match(approved.until, /^2099-12-31|^2100-01-01/);

  await go(page, "#/harbour/export");
  await page.getByRole("checkbox", { name: "Boxes as CSV" }).waitFor();
  await exported({ project: "harbour", plugins: [{ name: "boxes-csv" }] });

  await go(page, "#/plugins");
  await card.getByRole("button", { name: /^Revoke/ }).click();
  await dialog.getByText("No export of any project can use this component from then on.").waitFor();
  await dialog.getByRole("button", { name: "Keep it" }).click();
  assert.equal((await one("boxes-csv")).state, "active");
  await card.getByRole("button", { name: /^Revoke/ }).click();
  await dialog.getByRole("button", { name: "Revoke" }).click();
  await card.getByText("Revoked", { exact: true }).waitFor();
  assert.equal((await one("boxes-csv")).state, "revoked");
  await go(page, "#/harbour/export");
  await page.getByRole("checkbox", { name: "YOLO data set" }).waitFor();
  assert.equal(await page.getByRole("checkbox", { name: "Boxes as CSV" }).count(), 0);

  await go(page, "#/plugins");
  await page.locator("[data-plugin=hub-csv]").getByText("Offline").waitFor();
  page.nothingWrong();
}
