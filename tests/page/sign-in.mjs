// Signing in and out: a wrong key, the right one, one that is revoked meanwhile, one that may not do everything.

import assert from "node:assert/strict";
import { ask, base, enter, go, key, open } from "./tools.mjs";

export default async function check(browser) {
  const page = await open(browser, { expected: [/status of 40[134]/] });
  await page.goto(`${base}/#/harbour/settings`);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("Paste your key here.").waitFor();
  for (const wrong of ["ango_00000000_nothing", "schlüssel", "x".repeat(3000)]) {
    await page.getByLabel("API key").fill(wrong);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("The service does not know this key.").waitFor();
  }
  await page.getByLabel("API key").fill(`  ${key}\n`);
  await page.keyboard.press("Enter");
  // Whoever came for something gets there.
  await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
  assert.equal(await page.evaluate(() => localStorage.length), 0);
  assert.ok(!page.url().includes(key));
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("API key").waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  await page.reload();
  await page.getByLabel("API key").waitFor();

  const made = await ask("/v1/keys", { method: "POST", body: { name: "guest", roles: [{ project: "harbour", role: "viewer" }] } });
  await page.getByLabel("API key").fill(made.secret);
  await page.keyboard.press("Enter");
  await page.getByRole("navigation", { name: "Main" }).waitFor();
  assert.deepEqual(await page.getByRole("navigation", { name: "Main" }).getByRole("link").allTextContents(), ["Export", "Runs", "Settings", "Plugins"]);
  await page.getByText("Settings take a manager of the project.").waitFor();
  await go(page, "#/harbour/export");
  await page.getByText("That takes a manager.").waitFor();
  assert.ok(await page.getByRole("button", { name: "Export", exact: true }).isDisabled());
  await go(page, "#/harbour/exports/0000000000000000");
  await page.getByRole("alert").getByText("Not found").waitFor();

  await ask(`/v1/keys/${made.key.id}`, { method: "DELETE" });
  await go(page, "#/plugins");
  await page.getByText("The service does not take this key any more.").waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  page.nothingWrong();

  // A service that is gone is not a wrong key.
  const away = await open(browser, { expected: [/ERR_FAILED|Failed to load/] });
  await enter(away);
  await away.route("**/v1/plugins", (route) => route.abort());
  await go(away, "#/plugins");
  await away.getByText("The service does not answer.").waitFor();
  await away.unroute("**/v1/plugins");
  await away.getByRole("button", { name: "Try again" }).click();
  await away.locator("[data-plugin=coco]").waitFor();
  away.nothingWrong();
}
