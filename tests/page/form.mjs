// Everything on the Export tab reaches the service, and forms of options are drawn from whatever schema there is.

import assert from "node:assert/strict";
import { enter, go, open } from "./tools.mjs";

const FIRST = "0000000000000065b7000000", SECOND = "0000000000000065b7000001";

export default async function check(browser) {
  const page = await open(browser, { timezoneId: "Europe/Istanbul" });
  await enter(page, "#/harbour/export");
  const sent = async () => {
    const [request] = await Promise.all([page.waitForRequest((one) => one.method() === "POST" && one.url().endsWith("/v1/exports")), page.getByRole("button", { name: "Export", exact: true }).click()]);
    assert.ok(request.headers()["idempotency-key"].length >= 16);
    const response = await request.response();
    assert.equal(response.status(), 202, await response.text());
    return request.postDataJSON();
  };
  const group = (name) => page.getByRole("group", { name, exact: true });
  const usual = { project: "harbour", type: "task", format: "json", stages: ["Complete"], metadata: false, history: false, onlyKeyFrames: false, idle: false, plugins: [], notify: { silent: false, email: false } };
  assert.deepEqual(await sent(), usual);

  await group("Format").getByText("NDJSON (Split)").click();
  await page.getByLabel("Tasks in each file").fill("7");
  await group("Stage").getByText("Review").click();
  await group("Batches").getByText("south").click();
  await group("Task type").getByText("Benchmark").click();
  for (const name of ["Annotation Metadata", "Stage History", "Only Key Frames", "Idle and blur durations", "Send Link as an Email"]) await page.getByLabel(name).check();
  await page.getByText("Times and selected tasks").click();
  await page.getByLabel("Updated after").fill("2024-01-01T03:00");
  await page.getByLabel("Created before").fill("2030-06-01T03:00:30");
  await page.getByLabel("Selected tasks").fill(`${FIRST},\n "${SECOND}"  ${FIRST}`);
  assert.deepEqual(await sent(), {
    ...usual, format: "split", splitTasks: 7, stages: ["5c9b1d95-e366-4b43-b2e9-ec8a23b65792", "Complete"], batches: ["dddddddddddddddddddddd02"], taskTypes: ["benchmark"], tasks: [FIRST, SECOND],
    updatedAfter: "2024-01-01T00:00:00.000Z", createdBefore: "2030-06-01T00:00:30.000Z", metadata: true, history: true, onlyKeyFrames: true, idle: true, notify: { silent: false, email: true },
  });
  // What was filled in is still there when somebody comes back.
  await go(page, "#/harbour/settings");
  await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
  await go(page, "#/harbour/export");
  assert.equal(await page.getByLabel("Selected tasks").inputValue(), `${FIRST}\n${SECOND}`);
  await page.getByRole("button", { name: "Reset" }).click();
  await page.getByLabel("Legacy Export").check();
  await group("Stage").getByText("All stages").click();
  await page.getByLabel("Notify when it is ready").uncheck();
  assert.ok(await page.getByLabel("Send Link as an Email").isDisabled());
  assert.deepEqual(await sent(), { ...usual, format: "legacy", stages: null, notify: { silent: true, email: false } });
  await page.getByRole("button", { name: "Reset" }).click();
  await group("What").getByText("Issues").click();
  assert.ok(await page.getByLabel("Annotation Metadata").isHidden() && await page.getByRole("checkbox", { name: "YOLO data set" }).isHidden());
  assert.equal((await sent()).type, "issue");

  // The odd schema of the plugin that the test installed.
  await page.getByRole("button", { name: "Reset" }).click();
  await page.getByRole("checkbox", { name: "odd" }).check();
  const options = page.getByRole("group", { name: "Options of Title" });
  const wrong = async (label, value, message) => {
    await options.getByLabel(label).fill(value);
    await page.getByRole("button", { name: "Export", exact: true }).click();
    await options.locator(".error-text").getByText(message).waitFor();
  };
  await wrong("Anything", "{", "This is not JSON");
  await wrong("Anything", "[1]", "Expected object.");
  await options.getByLabel("Anything").fill('{"a":[1]}');
  await wrong("Share", "1", "Less than 1.");
  await options.getByLabel("Share").fill("0.5");
  await wrong("Name", "", "Write something.");
  await options.getByLabel("Name").fill("ö");
  await options.getByLabel("Words").fill("one\n two \n\n");
  await options.getByRole("group", { name: "Kinds" }).getByText("b", { exact: true }).click();
  await options.getByLabel("Level").selectOption("3");
  await options.getByLabel("Quick").uncheck();
  await page.getByRole("checkbox", { name: "odd" }).waitFor();
  const [request] = await Promise.all([page.waitForRequest((one) => one.method() === "POST" && one.url().endsWith("/v1/exports")), page.getByRole("button", { name: "Export", exact: true }).click()]);
  assert.deepEqual(request.postDataJSON().plugins, [{ name: "odd", options: { anything: { a: [1] }, share: 0.5, name: "ö", words: ["one", "two"], kinds: ["a", "b"], level: 3, quick: false } }]);
  page.nothingWrong();
}
