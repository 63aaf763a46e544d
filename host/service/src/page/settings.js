// Settings of a project: where its exports go.

import { api, path } from "./api.js";
import { loading, notice, problem, toast } from "./dialog.js";
import { cut, h, replace } from "./dom.js";
import { busy, button, check, field, select } from "./fields.js";
import { icon } from "./icons.js";

const KINDS = { local: "folder", s3: "S3", gcs: "Google Cloud Storage", azure: "Azure Blob Storage" };
const STEPS = { open: "Open the storage", write: "Write a small object", read: "Read it again", link: "Sign a link to it", delete: "Delete it" };

/** Shows it. */
export async function settingsView(main, { project, signal }) {
  const title = h("div", { class: "view-head" }, h("h1", { tabindex: -1 }, "Settings"), h("p", { class: "quiet" }, project.name));
  if (project.role === "viewer") {
    replace(main, title, notice("note", h("strong", {}, "Your key may look at this project only"), h("p", {}, "Settings take a manager of the project.")));
    return;
  }
  replace(main, title, loading(5));
  const where = path("projects", project.id, "settings");
  const [settings, { storages, default: usual }] = await Promise.all([api(where, { signal }), api("/v1/storages", { signal })]);
  replace(main, title, form(where, settings.exportStorage, storages, usual, signal));
}

function form(where, saved, storages, usual, signal) {
  const toggle = check("Export Storage", { checked: saved !== null, role: "switch", hint: "Send exports of this project to a bucket of your choice, originals and conversions.", onchange: () => refresh() });
  const known = storages.map((storage) => ({ value: storage.name, label: `${storage.name} (${KINDS[storage.kind] ?? storage.kind})` }));
  // A storage that the configuration does not hold any more is still what is set.
  if (saved && !storages.some((storage) => storage.name === saved.storage)) known.unshift({ value: saved.storage, label: `${saved.storage} (not there any more)` });
  const storage = select(known, { value: saved?.storage ?? storages[0]?.name, onchange: () => refresh(true) });
  const storageField = field("Storage", storage, { hint: "Storages are set up by whoever runs the service." });
  const bucketHolder = h("div", {});
  const folder = h("input", { type: "text", value: saved?.path ?? "", placeholder: "exports/2023", spellcheck: "false", autocomplete: "off" });
  const folderField = field("Path", folder, { hint: "Folder in the bucket, e.g. exports/2023, without a slash at its beginning. It is made when it is not there." });
  const details = h("div", { class: "grid" }, storageField, bucketHolder, folderField);
  const nothing = notice("warn", h("strong", {}, "No storages are set up"), h("p", {}, "Whoever runs the service adds them as [storages.NAME] to its configuration file."));
  const off = h("p", { class: "hint" }, "Exports go where the service puts those of all projects", usual && [": ", h("code", {}, cut([usual.storage, usual.path].filter(Boolean).join(" / "), 200))], ".");
  const result = h("div", { class: "outcome", "aria-live": "polite" });
  const test = button("Test connection", { picture: "run", onclick: () => busy(test, tryOut) });
  const save = button("Save", { kind: "primary", type: "submit" });
  let bucket;
  let bucketField;

  const element = h("form", { class: "card form", novalidate: true, "aria-label": "Export Storage" },
    h("section", { class: "section" }, toggle), h("section", { class: "section" }, details, nothing, off),
    h("footer", { class: "form-foot" }, result, h("div", { class: "foot-row" }, test, save)));
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    busy(save, store);
  });
  element.addEventListener("input", () => replace(result));

  function refresh(other) {
    const on = toggle.input.checked;
    details.hidden = !on || known.length === 0;
    nothing.hidden = !on || known.length > 0;
    off.hidden = on;
    save.disabled = on && known.length === 0;
    test.disabled = save.disabled;
    const chosen = storages.find((one) => one.name === storage.value);
    const value = other ? "" : bucket?.value ?? saved?.bucket ?? "";
    if (chosen?.buckets?.length) {
      bucket = select([{ value: "", label: "Choose…" }, ...chosen.buckets.map((name) => ({ value: name, label: name }))], { value: chosen.buckets.includes(value) ? value : chosen.buckets.length === 1 ? chosen.buckets[0] : "" });
      bucketField = field("Bucket", bucket, { hint: "Where you would like to receive exports." });
    } else {
      bucket = null;
      bucketField = h("div", { class: "field" }, h("p", { class: "static-label" }, "Bucket"), h("p", { class: "break" }, chosen ? h("code", {}, chosen.url) : "—"), h("p", { class: "hint" }, "The storage says which one it is."));
    }
    replace(bucketHolder, bucketField);
  }

  function read() {
    if (!toggle.input.checked) return { exportStorage: null };
    const place = { storage: storage.value, path: folder.value.trim().replace(/\/+$/, "") };
    if (bucket) {
      if (!bucket.value) {
        bucketField.fail("Choose the bucket.");
        bucket.focus();
        return null;
      }
      place.bucket = bucket.value;
    }
    if (place.path.startsWith("/") || place.path.split("/").some((part) => part === "." || part === "..")) {
      folderField.fail("Folder names with / between them, e.g. exports/2023.");
      folder.focus();
      return null;
    }
    return { exportStorage: place };
  }

  async function tryOut() {
    const settings = read();
    if (!settings) return;
    replace(result, h("p", { class: "hint" }, "Writing, reading, and deleting a small object…"));
    try {
      const { ok, steps } = await api(`${where}/test`, { method: "POST", body: settings, signal });
      replace(result, notice(ok ? "good" : "bad",
        h("strong", {}, ok ? "The connection works" : "The connection does not work"),
        h("ol", { class: "steps" }, steps.map((step) => h("li", { class: step.ok ? "good" : "bad" },
          icon(step.ok ? "check" : "cross"), h("span", {}, STEPS[step.step] ?? step.step, h("span", { class: "spoken" }, step.ok ? ": done" : ": failed"), step.detail && h("span", { class: "quiet" }, ` ${cut(step.detail, 500)}`)))))));
    } catch (error) {
      if (error.name !== "AbortError") replace(result, problem(error));
    }
  }

  async function store() {
    const settings = read();
    if (!settings) return;
    try {
      const stored = await api(where, { method: "PUT", body: settings, signal });
      saved = stored.exportStorage;
      replace(result);
      toast("Saved. It holds for exports that start from now on.", { kind: "good" });
    } catch (error) {
      if (error.name !== "AbortError") replace(result, problem(error));
    }
  }

  refresh();
  return element;
}
