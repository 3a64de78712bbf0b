// The paste box for an instruction that came on another way: its text is read into fields by the server, a person looks at
// them (what was guessed is marked), and it becomes a case with a feedback task.
import { read, write } from "./api.js";
import { el, fill, two } from "./dom.js";
import { labelled, problem_text, select } from "./forms.js";
import { t, words_of } from "./words.js";

const kLevels = ["critical", "high", "medium", "low"];
const kActions = ["meet", "contact", "feed_back", "sign"];
const kRequired = ["upstream_id", "number", "level"];
const kFields = ["upstream_id", "number", "peer", "level", "fraud_type", "issued_at", "unit", "action"];

function control(name) {
  if (name === "level") return select("level", kLevels, t("choose"));
  if (name === "fraud_type") return select("fraud", words_of("fraud").filter((each) => each !== "none"), t("choose"));
  if (name === "action") return select("required_action", kActions, t("choose"));
  if (name === "issued_at") return el("input", { type: "datetime-local", step: 1 });
  return el("input", { autocomplete: "off", maxlength: 200 });
}

function local_time(at) {
  if (!at) return "";
  const date = new Date(at);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

// `done(answer)` gets {instruction, case} of what was created.
export function paste_instruction(done) {
  const said = el("p", { class: "said", role: "status" });
  const text = el("textarea", { rows: 8, maxlength: 2600, required: true, "aria-describedby": "paste-hint" });
  const controls = Object.fromEntries(kFields.map((name) => [name, control(name)]));
  for (const name of kRequired) controls[name].required = true;
  const rows = kFields.map((name) => labelled(t(`instruction_${name}`), controls[name]));
  const fields = el("div", { class: "pasted", hidden: true }, rows);
  const save = el("button", { class: "primary", hidden: true }, t("take_instruction"));

  const read_text = async () => {
    fill(said);
    try {
      const answer = await read("Instructions/Paste", { text: text.value });
      for (const name of kFields) {
        const value = answer.parsed[name] ?? "";
        controls[name].value = name === "issued_at" ? local_time(value) : value;
        const confidence = answer.confidence[name];
        controls[name].closest(".field").dataset.confidence = confidence;
        controls[name].title = t(`confidence_${confidence}`);
      }
      fields.hidden = save.hidden = false;
      if (answer.known) return fill(said, t("instruction_known", { id: answer.known }));
      const first = kRequired.find((name) => answer.confidence[name] !== "high") ?? "upstream_id";
      controls[first].focus();
    } catch (error) {
      fill(said, problem_text(error));
    }
  };
  const submit = async (event) => {
    event.preventDefault();
    if (fields.hidden) return read_text();
    save.disabled = true;
    try {
      const at = controls.issued_at.value;
      const answer = await write("Instructions/Create", {
        upstream_id: controls.upstream_id.value.trim(), number: controls.number.value.trim(), level: controls.level.value,
        peer: controls.peer.value.trim() || null, fraud_type: controls.fraud_type.value || null, unit: controls.unit.value.trim() || null,
        action: controls.action.value || null, issued_at: at ? new Date(at).toISOString() : null, text: text.value,
      });
      dialog.close();
      done(answer);
    } catch (error) {
      fill(said, problem_text(error));
    } finally {
      save.disabled = false;
    }
  };
  const dialog = el("dialog", { class: "paste", "aria-labelledby": "paste-title", onclose: () => dialog.remove() },
    el("form", { onsubmit: submit }, el("h2", { id: "paste-title" }, t("paste_instruction")),
      labelled(t("instruction_text"), text),
      el("p", { class: "state", id: "paste-hint" }, t("paste_hint")), fields,
      el("div", { class: "buttons" }, el("button", { type: "button", onclick: read_text }, t("read_text")), save,
        el("button", { type: "button", onclick: () => dialog.close() }, t("cancel")), said)));
  text.addEventListener("paste", () => setTimeout(read_text));
  document.body.append(dialog);
  dialog.showModal();
  text.focus();
}
