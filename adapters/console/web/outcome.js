// What came of a call, by one key: 1 to 6 choose it, the fields that it needs appear, Ctrl+Enter saves it and claims the next.
// A choice is an attempt, a closing, or one after the other; the server's checks decide, and what it refuses stays to be mended.
import { el, fill } from "./dom.js";
import { form, kCallResults, labelled, select } from "./forms.js";
import { t, word, words_of } from "./words.js";

// `result` of the attempt, `closes` with this reason, `asks` for these fields.
const kOutcomes = [
  { name: "dissuaded", result: "reached", closes: "dissuaded", asks: ["identity", "stopped_by", "line_cut", "note"] },
  { name: "stop_payment", result: "reached", asks: ["identity", "note"], hint: true },
  { name: "disbelieves", result: "disbelieves", asks: ["note"] },
  { name: "no_answer", result: "no_answer", asks: ["note"] },
  { name: "false_alarm", closes: "false_alarm", asks: ["proof", "second"] },
  { name: "to_visit", result: "refused", asks: ["note"], hint: true },
];
const kOther = { name: "other", asks: ["result", "identity", "stopped_by", "line_cut", "note"] };

export class Outcome {
  constructor(of_now, task, hooks) {
    this.of_now = of_now;
    this.task = task;
    const radio = (outcome, index) => el("label", {},
      el("input", { type: "radio", name: `outcome-${task.task_id}`, value: index, onchange: () => this.choose(outcome) }),
      index < kOutcomes.length && el("kbd", {}, index + 1), ` ${word("outcome", outcome.name)}`);
    this.choices = el("fieldset", { class: "choices outcomes" }, el("legend", {}, t("outcome_legend")), [...kOutcomes, kOther].map(radio));
    this.controls = {
      result: select("result", kCallResults, t("choose")), identity: select("identity", words_of("identity"), t("choose")),
      stopped_by: select("stopper", words_of("stopper"), t("choose")), line_cut: el("input", { type: "checkbox" }),
      note: el("textarea", { rows: 2, maxlength: 2000 }), proof: el("textarea", { rows: 2, maxlength: 2000 }),
      second: el("input", { maxlength: 100, autocomplete: "off" }),
    };
    this.fields = { line_cut: el("label", { class: "check" }, this.controls.line_cut, t("line_cut")) };
    for (const [name, title] of [["result", "result"], ["identity", "identity"], ["stopped_by", "stopped_by"], ["note", "note"], ["proof", "proof"], ["second", "second_person"]]) {
      this.fields[name] = labelled(t(title), this.controls[name]);
    }
    this.hint = el("p", { class: "state" });
    this.asked = el("div", { class: "asked" });
    this.node = form(`${t("record")} · ${word("task", task.type)}`, () => this.steps(), hooks, this.choices, this.hint, this.asked);
    this.choose(null);
  }

  // The n-th key's outcome; the first field it needs gets the focus.
  pick(n) {
    const radio = this.choices.querySelectorAll("input")[n - 1];
    radio.checked = true;
    radio.dispatchEvent(new Event("input", { bubbles: true }));
    this.choose(kOutcomes[n - 1]);
    this.asked.querySelector("select, textarea, input")?.focus();
  }

  focus() {
    (this.choices.querySelector("input:checked") ?? this.choices.querySelector("input")).focus();
  }

  choose(outcome) {
    this.chosen = outcome;
    const asks = (outcome?.asks ?? []).filter((name) => name !== "second" || this.needs_second());
    if (outcome?.closes === "dissuaded" && !this.controls.stopped_by.value) this.controls.stopped_by.value = "operator";
    fill(this.hint, outcome?.hint ? t(`hint_${outcome.name}`) : "");
    fill(this.asked, asks.map((name) => this.fields[name]));
  }

  needs_second() {
    return ["high", "critical"].includes(this.of_now().level);
  }

  steps() {
    const { chosen, controls } = this;
    if (!chosen) return t("choose_result");
    const result = chosen === kOther ? controls.result.value : chosen.result;
    if (chosen === kOther && !result) return t("choose_result");
    if (chosen.closes === "dissuaded" && !controls.identity.value) return t("choose_identity");
    if (chosen.closes === "dissuaded" && !controls.line_cut.checked) return t("needs_line_cut");
    if (chosen.closes === "false_alarm" && !controls.proof.value.trim()) return t("needs_proof");
    const of = this.of_now(); // by the second step another case may be shown
    const asked = (name, value) => (chosen.asks.includes(name) && value) || null;
    const steps = [];
    if (result) {
      steps.push(["Cases/RecordAttempt", () => ({
        task_id: this.task.task_id, version: of.version, result, identity: asked("identity", controls.identity.value),
        stopped_by: asked("stopped_by", controls.stopped_by.value), line_cut: asked("line_cut", controls.line_cut.checked) ?? false,
        note: asked("note", controls.note.value),
      })]);
    }
    if (chosen.closes) {
      steps.push(["Cases/Close", (before) => ({
        case_id: of.case_id, version: before?.case.version ?? of.version, reason: chosen.closes,
        proof: asked("proof", controls.proof.value), second_person: asked("second", this.needs_second() && controls.second.value),
      })]);
    }
    return steps;
  }
}
