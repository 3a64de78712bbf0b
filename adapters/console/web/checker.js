// The checker's messages on a rule's text, in place: a click on one goes to its line. Nothing is kept: rules live in files.
import { read } from "./api.js";
import { el, fill } from "./dom.js";
import { problem_text } from "./forms.js";
import { t, word } from "./words.js";

const kPause = 400; // ms without a key before the text is checked

export class Checker {
  constructor() {
    this.text = el("textarea", { class: "code", id: "rule-text", rows: 16, spellcheck: "false", wrap: "off", maxlength: 60000, oninput: () => this.later() });
    this.lines = el("pre", { class: "line-numbers", "aria-hidden": "true" });
    this.said = el("p", { class: "state", role: "status" }, t("checker_hint"));
    this.problems = el("ol", { class: "problems" });
    this.text.addEventListener("scroll", () => (this.lines.scrollTop = this.text.scrollTop));
    this.node = el("section", { class: "checker" }, el("h2", {}, el("label", { for: "rule-text" }, t("checker"))),
      el("div", { class: "editor" }, this.lines, this.text), this.said, this.problems);
    this.number();
  }

  number() {
    const count = Math.max(this.text.value.split("\n").length, 1);
    if (count !== this.count) fill(this.lines, Array.from({ length: count }, (_, line) => line + 1).join("\n"));
    this.count = count;
  }

  later() {
    this.number();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), kPause);
  }

  async check() {
    const text = this.text.value;
    if (!text.trim()) {
      fill(this.problems);
      return fill(this.said, t("checker_hint"));
    }
    try {
      const answer = await read("Rules/Check", { text });
      if (text !== this.text.value) return; // a later check tells
      const errors = answer.problems.filter((each) => each.severity === "error").length;
      fill(this.said, answer.problems.length === 0 ? t("checker_fine", { n: answer.rules }) : t("checker_found", { errors, warnings: answer.problems.length - errors }));
      fill(this.problems, answer.problems.map((each) => this.row(each)));
    } catch (error) {
      fill(this.said, problem_text(error));
    }
  }

  row(problem) {
    const where = problem.line > 0 ? `${problem.line}:${problem.column}` : "";
    return el("li", { class: problem.severity }, el("button", { type: "button", onclick: () => this.go_to(problem) }, el("b", {}, word("severity", problem.severity)), ` ${where} `,
      problem.text && el("code", {}, problem.text), ` ${problem.reason}`, problem.suggestion && el("small", {}, ` → ${problem.suggestion}`)));
  }

  go_to({ line }) {
    const lines = this.text.value.split("\n");
    const begin = lines.slice(0, Math.max(line - 1, 0)).reduce((sum, each) => sum + each.length + 1, 0);
    this.text.focus();
    this.text.setSelectionRange(begin, begin + (lines[line - 1] ?? "").length);
  }
}
