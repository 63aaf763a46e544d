// Runs one check: `node run.mjs NAME`. Where the service and the browser are is in the environment, see tools.mjs.

import { launch } from "./tools.mjs";

// Every step has its own patience; this is for what hangs all the same.
setTimeout(() => {
  console.error("the check hangs");
  process.exit(1);
}, 10 * 60_000).unref();

const { default: check } = await import(`./${process.argv[2]}.mjs`);
const browser = await launch();
try {
  await check(browser);
} finally {
  await browser.close();
}
