// Signing in, over what is on the page, which keeps what was typed: the same person goes on where they were.
import { read, sample_clock, set_token } from "./api.js";
import { el, fill } from "./dom.js";
import { problem_text } from "./forms.js";
import { language, set_language, t } from "./words.js";

// `entered(me)` hears who it is. One dialog at a time, however many readings find that the session is over.
export function sign_in(entered, why = "") {
  if (document.querySelector("dialog.sign-in")) return;
  const said = el("p", { class: "said", role: "alert" }, why);
  const field = el("input", { type: "password", id: "token", autocomplete: "current-password", required: true, spellcheck: "false" });
  const submit = async (event) => {
    event.preventDefault();
    set_token(field.value.trim());
    try {
      const me = await read("Auth/Me");
      sample_clock(me);
      dialog.close();
      dialog.remove();
      entered(me);
    } catch (error) {
      set_token("");
      fill(said, error.code === "unauthenticated" ? t("wrong_token") : problem_text(error));
    }
  };
  const switch_language = () => {
    set_language(language === "zh" ? "en" : "zh");
    dialog.remove();
    sign_in(entered);
  };
  const dialog = el("dialog", { class: "sign-in", "aria-labelledby": "sign-in-title", oncancel: (event) => event.preventDefault() },
    el("form", { onsubmit: submit }, el("h1", { id: "sign-in-title" }, t("title")), el("p", { class: "purpose" }, t("purpose")),
      el("label", { for: "token" }, t("token")), field,
      el("button", { class: "primary" }, t("sign_in")), said, el("p", { class: "state" }, t("sign_in_hint")),
      el("button", { type: "button", onclick: switch_language }, t("language"))));
  document.body.append(dialog);
  dialog.showModal();
  field.focus();
}
