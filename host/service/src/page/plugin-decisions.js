// Approving and revoking a plugin. Both say what they mean before they are done.

import { api, path } from "./api.js";
import { dialog, notice, problem, toast } from "./dialog.js";
import { cut, h, id, replace } from "./dom.js";
import { busy, button, check, field } from "./fields.js";
import { isoOfField } from "./format.js";
import { facts } from "./result-parts.js";

const LIMITS = [["memory", "Memory", "512MiB", "Of one instance."], ["wall-time", "Time, in seconds", "1800", "Of a whole run."], ["output-files", "Files in the archive", "10000", "Besides one for each task."]];
const RIGHTS = { assets: "Read the asset files of the tasks that it converts" };
const DAY = 86_400_000;

/** What a right means. */
export const rightName = (grant) => RIGHTS[grant] ?? grant;

/** Asks for an approval and sends it. True when it was given. */
export function approve(plugin) {
  return dialog(`Approve ${cut(plugin.title || plugin.name, 80)}?`, (close) => {
    const failed = plugin.conformance?.failed ?? [];
    const grants = plugin.asks.map((grant) => ({ grant, element: check(rightName(grant), { checked: plugin.given.includes(grant), hint: `It asks for the right “${grant}”. Without it, it runs as well as it can.` }) }));
    const limits = LIMITS.map(([name, label, usual, hint]) => {
      const input = h("input", { type: "text", placeholder: usual, autocomplete: "off", spellcheck: "false" });
      return { name, input, element: field(label, input, { hint }) };
    });
    const until = h("input", { type: "date", min: new Date(Date.now() + DAY).toISOString().slice(0, 10) });
    const note = h("textarea", { rows: 2, maxlength: 1000, placeholder: "Why, for those who come after you" });
    const outcome = h("div", { "aria-live": "polite" });
    const formId = id("form");
    const act = button("Approve", { kind: "primary", picture: "shield", type: "submit", form: formId });
    const form = h("form", { id: formId, novalidate: true },
      h("p", {}, "From now on, everybody who may export a project of this service can convert with exactly this component. A later version needs an approval of its own."),
      h("p", { class: "hint" }, "It runs in a sandbox: no network, no files, nothing but the export that it converts and what you allow here."),
      facts([["Component", h("code", { class: "break" }, plugin.digest)], ["From", cut(plugin.origin ?? "", 300)], ["Signed by", (plugin.signers ?? []).join(", ") || "nobody who is trusted here"]]),
      failed.length > 0 && notice("warn", h("strong", {}, "It did not stand the conformance kit"), h("ul", {}, failed.slice(0, 20).map((one) => h("li", {}, cut(one, 300))))),
      grants.length > 0 && h("fieldset", { class: "field" }, h("legend", {}, "Rights"), grants.map((one) => one.element)),
      h("details", { class: "more" }, h("summary", {}, "Limits that differ from the usual ones"), h("div", { class: "grid" }, limits.map((one) => one.element))),
      h("div", { class: "grid" }, field("Until", until, { hint: "Empty: until it is revoked." }), field("Note", note, { wide: true })), outcome);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      busy(act, async () => {
        const body = {
          digest: plugin.digest,
          grants: grants.filter((one) => one.element.input.checked).map((one) => one.grant),
          limits: limits.filter((one) => one.input.value.trim()).map((one) => `${one.name}=${one.input.value.trim()}`),
          until: isoOfField(until.value && `${until.value}T23:59:59`),
          note: note.value.trim() || undefined,
        };
        try {
          await api(path("plugins", plugin.name, "approve"), { method: "POST", body });
          toast(`${plugin.name} is approved and can be used.`, { kind: "good" });
          close(true);
        } catch (error) {
          replace(outcome, problem(error));
        }
      });
    });
    return { body: form, actions: [button("Not now", { onclick: () => close(false) }), act] };
  }, { wide: true });
}

/** Asks whether a plugin is to be revoked, and does it. True when it was. */
export function revoke(plugin) {
  return dialog(`Revoke ${cut(plugin.title || plugin.name, 80)}?`, (close) => {
    const note = h("textarea", { rows: 2, maxlength: 1000, placeholder: "Why, for those who come after you" });
    const outcome = h("div", { "aria-live": "polite" });
    const keep = button("Keep it", { onclick: () => close(false) });
    const act = button("Revoke", { kind: "danger", picture: "stop", onclick: () => busy(act, async () => {
      try {
        await api(path("plugins", plugin.name, "revoke"), { method: "POST", body: { digest: plugin.digest, note: note.value.trim() || undefined } });
        toast(`${plugin.name} is revoked.`, { kind: "good" });
        close(true);
      } catch (error) {
        replace(outcome, problem(error));
      }
    }) });
    return {
      body: [
        h("p", {}, "No export of any project can use this component from then on. Exports that wait for it fail with a clear message; what was exported before stays."),
        h("p", { class: "hint" }, "It stays installed, and can be approved again."),
        facts([["Component", h("code", { class: "break" }, plugin.digest)]]), field("Note", note), outcome,
      ],
      actions: [keep, act],
      initial: keep,
    };
  });
}
