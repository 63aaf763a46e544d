// Signing in with a key.

import { ApiError, api, key } from "./api.js";
import { h, replace } from "./dom.js";
import { busy, button, field } from "./fields.js";
import { mark } from "./icons.js";
import { themeSwitch } from "./theme.js";

/** Shows the form. `done(me)` is called when the key counts; `reason` says why somebody is here again. */
export function signIn(root, reason, done) {
  const input = h("input", { type: "password", name: "key", autocomplete: "off", autocapitalize: "none", spellcheck: "false", placeholder: "ango_…" });
  const keyField = field("API key", input, { hint: "An admin makes keys in the Keys tab. It stays in this tab of the browser, and is forgotten with it." });
  const submit = button("Sign in", { kind: "primary large", type: "submit" });
  const form = h("form", { class: "card sign-in", novalidate: true, "aria-labelledby": "sign-in-title" },
    h("div", { class: "brand big" }, mark(), h("h1", { id: "sign-in-title" }, "Ango Export")),
    h("p", { class: "quiet" }, "Exports of annotation projects, in Ango's own format and in others."),
    keyField, submit);
  replace(root, h("div", { class: "corner" }, themeSwitch()), h("main", { class: "sign-in-page" }, form));
  if (reason) keyField.fail(reason);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const secret = input.value.trim();
    if (!secret) {
      keyField.fail("Paste your key here.");
      input.focus();
      return;
    }
    busy(submit, async () => {
      try {
        // Headers hold plain letters alone. What else was pasted is no key.
        if (!/^[\x21-\x7e]+$/.test(secret)) throw new ApiError(401, "unauthorized", "");
        const me = await api("/v1/me", { secret });
        key.set(secret);
        done(me);
      } catch (error) {
        keyField.fail(error.status === 401 ? "The service does not know this key. It may have expired, or been revoked." : error.message);
        input.focus();
        input.select();
      }
    });
  });
  input.focus();
}
