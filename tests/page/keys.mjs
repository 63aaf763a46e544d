// Keys: made, used, revoked; and the audit log that says so.

import assert from "node:assert/strict";
import { ask, base, enter, go, open } from "./tools.mjs";

const who = (secret) => fetch(`${base}/v1/me`, { headers: { apikey: secret } });

export default async function check(browser) {
  const page = await open(browser);
  await enter(page, "#/keys");
  await page.getByText("yours").waitFor();
  await page.getByRole("button", { name: "New key" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Make the key" }).click();
  await dialog.getByText("Write whose key it is.").waitFor();
  await dialog.getByLabel("Name").fill("Ben & <i>Ann</i>");
  await dialog.getByLabel("Project").selectOption("harbour");
  await dialog.getByLabel("Role").selectOption("manager");
  await dialog.getByRole("button", { name: "Another project" }).click();
  await dialog.getByRole("button", { name: "Remove" }).last().click();
  await dialog.getByRole("button", { name: "Make the key" }).click();
  await dialog.getByText("It is shown this once").waitFor();
  const secret = await dialog.getByLabel("Key of").inputValue();
  assert.match(secret, /^ango_/);
  await dialog.getByRole("button", { name: "Copy" }).click();
  await dialog.getByText("Copied").waitFor();
  await dialog.getByRole("button", { name: "Done" }).click();
  assert.ok(!(await page.content()).includes(secret), "it is gone");
  const made = await (await who(secret)).json();
  assert.deepEqual(made.roles, [{ project: "harbour", role: "manager" }]);
  const { keys } = await ask("/v1/keys");
  const days = (new Date(keys.find((one) => one.id === made.key.id).expiresAt) - Date.now()) / 86_400_000;
  assert.ok(days > 89 && days < 91);

  const row = page.locator(`[data-key="${made.key.id}"]`);
  await row.getByText("Ben & <i>Ann</i>").waitFor();
  await row.getByRole("button", { name: "Revoke" }).click();
  await dialog.getByText("It opens nothing from then on").waitFor();
  await dialog.getByRole("button", { name: "Keep it" }).click();
  assert.equal((await who(secret)).status, 200);
  await row.getByRole("button", { name: "Revoke" }).click();
  await dialog.getByRole("button", { name: "Revoke" }).click();
  await row.getByText("Revoked").waitFor();
  assert.equal((await who(secret)).status, 401);

  await go(page, "#/audit");
  const log = page.getByRole("table");
  await log.getByText("revoked a key").waitFor();
  await log.getByText("made a key").first().waitFor();
  await page.getByLabel("Search in what is shown").fill("revoked");
  assert.equal(await log.locator("tbody tr:visible").count(), 1);
  page.nothingWrong();
}
