// The review of truth, blind: a case without what came of it and who worked on it, and the criteria by which a person says
// whether the danger was real. The server picks the case and checks the criteria.
import { read, server_now, write } from "./api.js";
import { el, fill, marked, moment } from "./dom.js";
import { problem_text } from "./forms.js";
import { level_badge } from "./queue.js";
import { State } from "./state.js";
import { t, word, words_of } from "./words.js";

const kTruths = ["confirmed", "refuted", "undetermined"];

function reason_row(reason, now) {
  return el("li", {}, el("b", { class: "points" }, reason.points > 0 ? `+${reason.points}` : ""),
    el("div", {}, reason.label || reason.rule, el("small", {}, ` ${moment(reason.at, now)}${reason.peer ? ` · ${t("peer")} ${reason.peer}` : ""}`),
      reason.text && el("q", {}, marked(reason.text, reason.spans ?? []))));
}

export class TruthReview {
  constructor() {
    this.of = null;
    this.decided = 0;
    this.state = new State(() => this.read_next());
    this.shown_case = el("div", { class: "review" });
    this.node = el("main", { class: "page", tabindex: -1 }, el("h2", {}, t("truth_review")), el("p", { class: "state" }, t("truth_note")),
      this.state.node, this.shown_case);
    this.keys = [["1–3", "pick_truth"], ["Ctrl+Enter", "decide"]];
  }

  shown() {
    if (this.of === null) this.read_next();
  }

  // What waits may come while the room is open and empty.
  async round() {
    if (this.of === null) await this.read_next();
  }

  async read_next() {
    try {
      const { case: of } = await read("Truth/Next");
      if (of && of.case_id === this.of?.case_id) return;
      this.of = of ?? null;
      if (!of) {
        fill(this.shown_case);
        return this.state.empty(this.decided > 0 ? t("truth_done", { n: this.decided }) : t("truth_empty"));
      }
      this.state.note(this.decided > 0 ? t("truth_so_far", { n: this.decided }) : "");
      this.draw();
    } catch (error) {
      this.state.failed(error);
    }
  }

  draw() {
    const { of } = this;
    const now = server_now();
    const attempts = of.attempts.map((each) => el("li", {}, el("time", {}, moment(each.at, now)),
      el("span", {}, `${word("task", each.channel)} — ${word("result", each.result)}${each.identity ? ` · ${word("identity", each.identity)}` : ""}`)));
    this.truths = el("div", { class: "choices", role: "radiogroup", "aria-label": t("truth") }, kTruths.map((name, index) => el("label", {},
      el("input", { type: "radio", name: "truth", value: name }), el("kbd", {}, index + 1), ` ${word("truth", name)}`)));
    this.criteria = el("fieldset", { class: "criteria" }, el("legend", {}, t("criteria")), words_of("criterion").map((name) => el("label", { class: "check" },
      el("input", { type: "checkbox", value: name }), word("criterion", name))));
    this.said = el("p", { class: "said", role: "status" });
    this.button = el("button", { class: "primary" }, t("decide"), " ", el("kbd", {}, "Ctrl+Enter"));
    const submit = (event) => {
      event.preventDefault();
      this.decide();
    };
    this.form = el("form", { class: "panel", onsubmit: submit }, el("h3", {}, t("truth")), this.truths, this.criteria, el("div", { class: "buttons" }, this.button), this.said);
    fill(this.shown_case, el("section", { class: "panel" }, el("h3", {}, `${of.case_id} `, level_badge(of)),
      el("p", { class: "lines" }, [of.area, word("fraud", of.fraud_type), word("stage", of.stage), `${t("opened")} ${moment(of.opened_at, now)}`].filter(Boolean).join(" · ")),
      el("ul", { class: "reasons" }, of.reasons.map((reason) => reason_row(reason, now))),
      attempts.length > 0 && [el("h3", {}, t("attempts")), el("ul", { class: "timeline" }, attempts)]), this.form);
  }

  async decide() {
    const truth = this.truths.querySelector("input:checked")?.value;
    const criteria = [...this.criteria.querySelectorAll("input:checked")].map((each) => each.value);
    if (!truth) return fill(this.said, t("choose_truth"));
    if (criteria.length === 0) return fill(this.said, t("choose_criteria"));
    this.button.disabled = true;
    try {
      await write("Truth/Decide", { case_id: this.of.case_id, truth, criteria }, () => fill(this.said, t("waits_for_link")));
      ++this.decided;
      this.of = null;
      await this.read_next();
      this.node.focus();
    } catch (error) {
      fill(this.said, problem_text(error));
    } finally {
      this.button.disabled = false;
    }
  }

  key(event, typing) {
    if (!this.of || event.altKey || event.metaKey) return false;
    if (event.key === "Enter" && event.ctrlKey) this.decide();
    else if (/^[1-3]$/.test(event.key) && !typing && !event.ctrlKey) this.truths.querySelectorAll("input")[event.key - 1].click();
    else return false;
    return true;
  }
}
