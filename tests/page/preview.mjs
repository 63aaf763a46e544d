// The preview draws what is in an export, and what somebody hid in it does nothing.

import assert from "node:assert/strict";
import { enter, exported, go, open, until } from "./tools.mjs";

export default async function check(browser) {
  const street = await exported({ project: "street-life", stages: null });
  const page = await open(browser, { expected: [/status of 404/] });
  await enter(page, `#/street-life/exports/${street.id}/preview`);
  await page.locator(".task").nth(11).waitFor();
  assert.equal(await page.locator(".task").count(), 12);
  assert.ok(await page.locator(".shape.area").count() > 150);
  assert.ok(await page.locator(".shape.line").count() > 50);
  assert.ok(await page.locator(".shape.point").count() > 5);
  // A facade has windows: rings inside of its outline, which are holes.
  const facade = page.locator(".task").first().locator("path.shape", { has: page.locator("title", { hasText: "Facade (segmentation)" }) }).first();
  assert.equal(await facade.getAttribute("fill-rule"), "evenodd");
  assert.ok((await facade.getAttribute("d")).split("Z").length > 10);
  assert.equal(await facade.getAttribute("stroke"), "#f08c2e", "the class's own colour");
  // A class is taken away and put back.
  const shapes = await page.locator(".shape").count();
  const chip = page.getByRole("group", { name: "Classes" }).getByRole("button", { name: /^Facade/ });
  await chip.click();
  assert.equal(await chip.getAttribute("aria-pressed"), "false");
  assert.ok(await page.locator(".shape").count() < shapes);
  await chip.click();
  assert.equal(await page.locator(".shape").count(), shapes);
  await page.locator(".task").first().getByText("Objects and answers").click();
  await page.locator(".task").first().getByText("Weather:").waitFor();
  // Pictures in the project's folder are behind their shapes.
  await until(async () => await page.locator(".task svg image[href^='blob:']").count() === 12);
  page.nothingWrong();

  const odd = await exported({ project: "odd", format: "ndjson", stages: null });
  await go(page, `#/odd/exports/${odd.id}/preview`);
  const tasks = page.locator(".task");
  await tasks.first().waitFor();
  // The picture that the asset holds itself is behind its shapes.
  await tasks.first().locator("svg image").waitFor();
  assert.equal(await page.evaluate(() => window.hidden), undefined, "nothing of the data was run");
  assert.equal(await tasks.locator("img, script, iframe, b").count(), 0);
  await tasks.first().getByText("<img src=x onerror=window.hidden=1>").waitFor();
  // A box that was drawn from right to left (exports have it the right way round), and frames of a video.
  assert.equal(await tasks.first().locator("path.shape").first().getAttribute("d"), "M10 10L60 10L60 40L10 40Z");
  const video = tasks.nth(1);
  assert.equal(await video.locator(".shape").count(), 1);
  // The frames between key frames are in the export as well: the fifth that has something is frame 7, counted from 0.
  await video.getByLabel("Page or frame").fill("4");
  await video.getByText("8 of 20").waitFor();
  assert.equal(await video.locator(".shape").count(), 2);
  // What cannot be drawn is said, and breaks nothing.
  await tasks.nth(2).getByText("5 not drawn").waitFor();
  page.nothingWrong();
}
