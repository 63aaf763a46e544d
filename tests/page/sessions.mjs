// A program of one's own: it comes online, is run from the form, followed, its file fetched; it fails, is stopped, and run again.

import assert from "node:assert/strict";
import { accessible, ask, enter, fits, go, open, until } from "./tools.mjs";

const folder = process.env.ANGO_PAGE_DOWNLOADS;
const SMALL = { width: 360, height: 740 };

export default async function check(browser) {
  const page = await open(browser);
  await enter(page, "#/plugins");
  await connected(page);
  await go(page, "#/harbour/export");
  await page.getByText("Programs of your own run from the").getByRole("link", { name: "Runs tab" }).click();
  await page.getByText("No runs yet").waitFor();
  const run = page.getByRole("button", { name: "Run", exact: true });
  const config = page.getByLabel("Configuration");

  // What is offline can be looked at, and not be run.
  await page.getByRole("radio", { name: "Away" }).check();
  await page.getByText("Away is offline").waitFor();
  assert.ok(await run.isDisabled());
  assert.equal(await config.inputValue(), "{}");
  await page.getByRole("radio", { name: "Warehouse" }).check();
  assert.equal(await page.getByText("is offline").count(), 0);
  assert.equal(await config.inputValue(), '{\n  "file_name": "result.json"\n}');

  // A configuration that is wrong is told by line, while it is written and when it is sent.
  await config.fill('{\n  "file_name": "<b>ships</b>.json",\n}');
  await page.getByText("Line 2: the comma before } is one too many.").waitFor();
  await run.click();
  await page.getByText("The configuration is not right yet.").waitFor();
  assert.equal(await page.locator(":focus").getAttribute("aria-invalid"), "true");
  await config.fill('["ships.json"]');
  await page.getByText("Line 1: an object in { } is expected, and this is a list.").waitFor();
  await page.getByRole("button", { name: "Reset to default" }).click();
  await config.fill('{ "file_name": "ships.json" }');
  await page.getByRole("group", { name: "Stage", exact: true }).getByText("All stages").click();
  await page.getByRole("group", { name: "Batches", exact: true }).getByText("north").click();
  const [request] = await Promise.all([page.waitForRequest((one) => one.method() === "POST" && one.url().endsWith("/v1/sessions")), run.click()]);
  assert.deepEqual(request.postDataJSON(), { project: "harbour", plugin: "one", stages: null, batches: ["dddddddddddddddddddddd01"], config: { file_name: "ships.json" }, notify: { silent: false, email: false } });
  const first = await ended(page, "Done");
  await page.getByRole("log").getByText("converted").first().waitFor();
  await page.getByText('"file_name": "ships.json"').waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("a.download").click()]);
  assert.equal(download.suggestedFilename(), first.files[0].name);
  await download.saveAs(`${folder}/result`);
  await page.getByRole("link", { name: "The export that it was given" }).click();
  await page.getByRole("tab", { name: "Losses" }).waitFor();
  await page.goBack();

  // Once more with the same settings, and with one that the program does not like.
  await page.getByRole("button", { name: "Run again" }).click();
  await page.getByRole("heading", { level: 1, name: "Runs" }).waitFor();
  assert.ok(await page.getByRole("checkbox", { name: "north" }).isChecked() && await page.getByRole("checkbox", { name: "All stages" }).isChecked());
  assert.equal(await config.inputValue(), '{\n  "file_name": "ships.json"\n}');
  await config.fill('{"fail": true}');
  await run.click();
  const second = await ended(page, "Failed");
  await page.locator(".said").getByText("the converter does not like it").waitFor();

  // The list, the bell and the address lead to the same place.
  await page.getByRole("link", { name: "All runs" }).click();
  await page.locator(".history > li").nth(1).waitFor();
  assert.deepEqual(await page.locator(".history > li").evaluateAll((rows) => rows.map((row) => [row.dataset.id, row.dataset.state])), [[second.id, "failed"], [first.id, "succeeded"]]);
  await page.locator(".history").getByText("the converter does not like it").waitFor();
  await page.getByRole("button", { name: /^Notifications, \d+ unread/ }).click();
  await page.getByRole("region", { name: "Notifications" }).locator(`a[href="#/harbour/runs/${first.id}"]`).click();
  await page.getByRole("link", { name: "The export that it was given" }).waitFor();
  assert.ok(page.url().endsWith(`#/harbour/runs/${first.id}`));

  await stopped(page, run, config);
  await told(page);
  await wording(page);
  await looking(browser, first.id);
  page.nothingWrong();
  for (const [colorScheme, viewport] of [["light", undefined], ["dark", undefined], ["light", SMALL], ["dark", SMALL]]) await everybody(browser, { colorScheme, viewport }, first.id, second.id);
}

/** The Plugins tab says which program listens, without being asked again. */
async function connected(page) {
  const card = page.locator("[data-plugin=one]");
  await card.getByText("Online").waitFor();
  assert.match(await card.getByRole("time").getAttribute("title"), /\d{4}/);
  await card.getByText("Details").click();
  await card.getByText('"file_name": "result.json"').waitFor();
  await page.locator("[data-plugin=two]").getByText("never seen yet").waitFor();
}

/** Waits until the run that is looked at has ended, as it should. */
async function ended(page, state) {
  await page.waitForURL(/#\/harbour\/runs\/.+/);
  await page.locator(".title-row").getByText(state, { exact: true }).waitFor();
  return ask(`/v1/sessions/${page.url().split("/").at(-1)}`);
}

/** A run that nobody wants to wait for. */
async function stopped(page, run, config) {
  await page.getByRole("button", { name: "Run again" }).click();
  await config.fill('{"lines": 60, "wait": 30}');
  await run.click();
  await page.getByText("The program works on it").waitFor();
  // Lines come while it runs. The panel stays at the last one, unless somebody reads further up.
  const log = page.getByRole("log");
  const below = () => log.evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight);
  await log.getByText("line 59", { exact: true }).waitFor();
  await until(async () => await below() < 2);
  const newest = page.getByRole("button", { name: "Newest" });
  assert.ok(await newest.isHidden());
  await log.hover();
  await page.mouse.wheel(0, -300);
  await newest.click();
  await until(async () => await below() < 2);
  await page.getByRole("button", { name: "Stop" }).click();
  await ended(page, "Stopped");
  assert.equal(await page.locator(":focus").evaluate((element) => element.tagName), "H1", "the button is gone, and the focus has a place");
  await until(async () => (await ask("/v1/sessions?project=harbour")).sessions[0].state === "cancelled");
}

/** Whoever looks at something else is told when their run is done. */
async function told(page) {
  await go(page, "#/plugins");
  await page.locator("[data-plugin=one]").waitFor();
  const { id } = await ask("/v1/sessions", { method: "POST", body: { project: "harbour", plugin: "one" } });
  const toasts = page.locator(".toast", { hasText: /Your run is done|A run of yours failed/ });
  await toasts.filter({ hasText: "Your run is done: Warehouse." }).locator(`a[href="#/harbour/runs/${id}"]`).waitFor();
  assert.equal(await toasts.count(), 1, "of those that were watched, nobody is told again");
}

/** What is wrong with a configuration is said by line. What is let pass is what JSON is. */
async function wording(page) {
  const said = await page.evaluate(async () => {
    const { objectOf } = await import("/assets/json-text.js");
    const letters = "{}[]\",:\\'0123456789.-+eEtrufalsn \n\t/#abN";
    const some = (list) => list[Math.floor(Math.random() * list.length)];
    for (let turn = 0; turn < 20_000; turn += 1) {
      let text = some(['{"a":[1,2,{"b":"c\\n"}],"d":null}', '{\n "x" : -0.5e3 ,\n "y":true}']);
      for (let times = 0; times < 3; times += 1) {
        const at = Math.floor(Math.random() * text.length);
        text = text.slice(0, at) + some(["", some(letters)]) + text.slice(at + some([0, 1]));
      }
      const read = objectOf(text);
      if (read.value && JSON.stringify(read.value) !== JSON.stringify(JSON.parse(text))) return `it reads ${text}`;
      if (read.error?.startsWith("This is not JSON")) return `it lets pass ${text}`;
    }
    return ["", '"a"', "{'a':1}", "{a:1}", '{"a" 1}', '{"a":}', '{"a":True}', '{"a":yes}', '{"a":.5}', '{\n"a":1\n"b":2}', '{"a":"C:\\data"}', '{"a":1', '{"a":1,"a":2}', '{"a":12345678901234567890}', "# a\n{}", "{“a”:1}", "{} {}"]
      .map((text) => objectOf(text).error);
  });
  assert.deepEqual(said, [
    "Write an object. The one that says nothing is {}.", "Line 1: an object in { } is expected, and this is a text.", "Line 1: names and texts stand in double quotes, not in single ones.",
    "Line 1: the name “a” has to stand in double quotes.", "Line 1: a colon is missing after “a”.", "Line 1: the value of “a” is missing.", "Line 1: True is called true in JSON.",
    "Line 1: “yes” is no value: texts stand in double quotes.", "Line 1: “.5” is no number of JSON. Numbers look like 12, -0.5 or 1e3.", "Line 2: a comma is missing at the end of the line.",
    "Line 1: a backslash is written as \\\\: \\d means nothing.", "Line 1: the { is never closed: a } is missing.", "Line 1: “a” is there twice.",
    "Line 1: “12345678901234567890” has more digits than numbers keep. Write it as a text.", "Line 1: JSON has no comments.", "Line 1: quotes have to be straight ones, \", and not “.", "Line 1: the object has ended, and there is more after it.",
  ]);
}

/** Whoever may only look sees everything, and can start and fetch nothing. */
async function looking(browser, id) {
  const { secret } = await ask("/v1/keys", { method: "POST", body: { name: "guest", roles: [{ project: "harbour", role: "viewer" }] } });
  const page = await open(browser);
  await enter(page, `#/harbour/runs/${id}`, secret);
  await page.getByText("Downloading takes a manager of the project.").waitFor();
  assert.equal(await page.locator("a.download").count() + await page.getByRole("button", { name: "Run again" }).count(), 0);
  await go(page, "#/harbour/runs");
  await page.getByText("That takes a manager.").waitFor();
  assert.ok(await page.getByRole("button", { name: "Run", exact: true }).isDisabled());
  page.nothingWrong();
}

/** For those who see it, hear it, or have a small screen. */
async function everybody(browser, how, done, failed) {
  const page = await open(browser, how);
  const where = (what) => `${what} ${how.colorScheme} ${how.viewport?.width ?? "wide"}`;
  const views = [
    ["#/harbour/runs", ".history > li", async () => {
      await page.getByLabel("Configuration").fill("{");
      await page.getByText("is never closed").waitFor();
      await page.getByRole("radio", { name: "Away" }).check();
    }],
    [`#/harbour/runs/${done}`, "a.download"],
    [`#/harbour/runs/${failed}`, ".said"],
    ["#/plugins", "[data-plugin=one]", () => page.locator("[data-plugin=one] summary").click()],
  ];
  await enter(page);
  for (const [hash, ready, act] of views) {
    await go(page, hash);
    await page.locator(ready).first().waitFor();
    await act?.();
    await accessible(page, where(hash));
    await fits(page, where(hash));
  }
  page.nothingWrong();
  await page.context().close();
}
