// The keys, and the command bar: "/" takes a word of what to do, or a case's id.
import { el, fill } from "./dom.js";
import { t } from "./words.js";

const kEverywhere = [["?", "help"]];

// `room.keys` is [[key, name of the dictionary], ...].
export function show_help(room) {
  const rows = [...(room?.keys ?? []), ...kEverywhere];
  const dialog = el("dialog", { class: "help", "aria-labelledby": "help-title", onclose: () => dialog.remove() },
    el("h2", { id: "help-title" }, t("help")),
    el("dl", { class: "keys" }, rows.map(([key, name]) => el("div", {}, el("dt", {}, el("kbd", {}, key)), el("dd", {}, t(name))))),
    el("p", { class: "state" }, t("help_note")),
    el("button", { class: "primary", onclick: () => dialog.close() }, t("close")));
  document.body.append(dialog);
  dialog.showModal();
}

// `commands` is [[words, run], ...]; the first whose words hold what was typed is done. `other(text)` gets what is none.
export function command_bar(commands, other) {
  const list = el("ul", { class: "commands" });
  const field = el("input", { id: "command", autocomplete: "off", spellcheck: "false", "aria-label": t("command_bar"), placeholder: t("command_hint") });
  const found = () => commands.filter(([words]) => words.toLowerCase().includes(field.value.trim().toLowerCase()));
  const run = (work) => {
    dialog.close();
    work();
  };
  const draw = () => fill(list, found().map(([words, work]) => el("li", {}, el("button", { type: "button", onclick: () => run(work) }, words))));
  const submit = (event) => {
    event.preventDefault();
    const [first] = found();
    if (first) return run(first[1]);
    run(() => other(field.value.trim()));
  };
  field.addEventListener("input", draw);
  const dialog = el("dialog", { class: "command", "aria-label": t("command_bar"), onclose: () => dialog.remove() },
    el("form", { onsubmit: submit }, field, list));
  draw();
  document.body.append(dialog);
  dialog.showModal();
  field.focus();
}
