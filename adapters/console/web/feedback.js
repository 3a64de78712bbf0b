// The answer to an instruction: a sheet drafted from what was done, to look over, to copy into the issuer's own system, and to
// record here.
import { read, server_now } from "./api.js";
import { el, fill, moment } from "./dom.js";
import { form, labelled, problem_text, select } from "./forms.js";
import { t, word, words_of } from "./words.js";

const at = (time) => moment(time, server_now() - 100 * 86400_000); // always with its day: the sheet leaves this screen

// A line a fact; what is not known has no line.
export function feedback_sheet(instruction, of) {
  const tried = of.attempts.map((each) => `${at(each.at)} ${word("task", each.channel)} ${word("result", each.result)}` +
    `${each.identity ? `（${word("identity", each.identity)}）` : ""}${each.note ? `：${each.note}` : ""}`);
  const closing = of.closing ? `${word("closing", of.closing.reason)} ${at(of.closing.at)}` : t("still_open");
  const lines = [
    [t("instruction_upstream_id"), instruction.upstream_id], [t("instruction_unit"), instruction.unit], [t("instruction_issued_at"), at(instruction.issued_at)],
    [t("instruction_level"), word("level", instruction.level)], [t("instruction_fraud_type"), word("fraud", instruction.fraud_type)],
    [t("instruction_number"), instruction.name], [t("signed_at"), instruction.signed_at && `${at(instruction.signed_at)} ${instruction.signed_by}`],
    [t("attempts"), tried.length > 0 ? tried.join("；") : t("no_attempts")], [t("closing"), closing],
  ];
  return lines.filter(([, value]) => value).map(([name, value]) => `${name}：${value}`).join("\n");
}

// Only what is shown is copied, so where the clipboard is refused the text is selected for Ctrl+C.
async function copy(text, said) {
  try {
    await navigator.clipboard.writeText(text.value);
    fill(said, t("copied"));
  } catch {
    text.select();
    fill(said, t("copy_by_hand"));
  }
}

const suggested = (of) => {
  if (of.attempts.some((each) => each.channel === "visit" && each.in_person)) return "met";
  return of.attempts.some((each) => each.in_person) ? "contacted" : "";
};

export function feedback_form(of_now, task, hooks) {
  const instruction_id = task.instruction_id ?? of_now().instructions.at(-1);
  const action = select("action", words_of("action"), t("choose"));
  const text = el("textarea", { rows: 7, maxlength: 2000, required: true });
  const said = el("span", { class: "state", role: "status" });
  const draft = async () => {
    try {
      const { instructions } = await read("Instructions/List", { case_id: of_now().case_id, page_size: 200 });
      const instruction = instructions.find((each) => each.instruction_id === instruction_id);
      if (!instruction) return;
      text.value = feedback_sheet(instruction, of_now());
      action.value ||= suggested(of_now());
    } catch (error) {
      fill(said, problem_text(error));
    }
  };
  draft();
  const steps = () => (action.value ? [["Instructions/FeedBack", () => ({ instruction_id, action: action.value, text: text.value })]] : t("choose_action"));
  return form(t("feed_back"), steps, hooks, labelled(t("action"), action), labelled(t("feedback_text"), text),
    el("div", { class: "buttons" }, el("button", { type: "button", class: "copy", onclick: () => copy(text, said) }, t("copy_feedback")),
      el("button", { type: "button", onclick: draft }, t("draft_again")), said));
}
