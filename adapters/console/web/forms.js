// What an operator fills in: the result of a visit, the closing, a follow-up. A form keeps what was typed until the server has
// taken it; what the server refuses is shown in the server's words.
import { ApiError, write } from "./api.js";
import { el, fill } from "./dom.js";
import { t, word, words_of } from "./words.js";

const kVisitResults = ["met", "no_one", "door_refused", "found_elsewhere", "moved", "aggressive", "not_safe"];
export const kCallResults = words_of("result").filter((name) => !kVisitResults.includes(name));

let last_id = 0;
export function labelled(label, control) {
  control.id = `field-${++last_id}`;
  return el("div", { class: "field" }, el("label", { for: control.id }, label), control);
}

export function select(kind, names, first = t("none")) {
  return el("select", {}, el("option", { value: "" }, first), names.map((name) => el("option", { value: name }, word(kind, name))));
}

export function problem_text(error) {
  if (!(error instanceof ApiError)) return String(error);
  if (error.code === "offline") return t("offline");
  if (error.code === "unauthenticated") return t("session_over");
  if (error.code === "aborted" && error.owner) return `${t("conflict", { owner: error.owner })} ${error.message}`;
  return `${t("refused")}: ${error.message}`;
}

// A form that sends steps() and says what came of it. steps() is a list of [method, body(answer before)], or a text that says
// what is still missing. `done(answer, next)` gets the last reply and whether the next task is wanted, `conflict()` a lost race.
export function form(title, steps, { done, conflict, can_next }, ...fields) {
  const said = el("p", { class: "said", role: "status" });
  const button = el("button", { class: "primary" }, t("save"));
  const submit = async (event) => {
    event.preventDefault();
    if (button.disabled) return; // on its way already
    const { currentTarget: node } = event;
    const next = node.dataset.next === "yes" || event.submitter?.name === "next";
    const wanted = steps();
    if (typeof wanted === "string") return fill(said, wanted);
    button.disabled = true;
    fill(said);
    let answer = null;
    try {
      for (const [method, body] of wanted) answer = await write(method, body(answer), () => fill(said, t("waits_for_link")));
      fill(said, t("saved"));
      delete node.dataset.touched; // what is saved need not be kept
      done(answer, next && node.isConnected); // who has gone on to another case is not called away
    } catch (error) {
      fill(said, answer ? t("half_done", { why: problem_text(error) }) : problem_text(error));
      if (answer) done(answer, false);
      if (error.code === "aborted") conflict();
    } finally {
      button.disabled = false;
    }
  };
  return el("form", { onsubmit: submit }, el("h3", {}, title), fields, el("div", { class: "buttons" }, button,
    can_next && el("button", { type: "submit", name: "next", value: "yes" }, t("save_and_next"), " ", el("kbd", {}, "Ctrl+Enter")), said));
}

const choice = (name, value, ...words) => el("label", {}, el("input", { type: "radio", name, value }), ...words);

// Of a visit; a call's is in outcome.js.
export function attempt_form(of_now, task, hooks) {
  const results = el("div", { class: "choices", role: "radiogroup", "aria-label": t("result") },
    kVisitResults.map((result) => choice(`result-${task.task_id}`, result, word("result", result))));
  const identity = select("identity", words_of("identity"));
  const stopped_by = select("stopper", words_of("stopper"));
  const line_cut = el("input", { type: "checkbox" });
  const note = el("textarea", { rows: 2, maxlength: 2000 });
  const steps = () => {
    const result = results.querySelector("input:checked")?.value;
    if (!result) return t("choose_result");
    return [["Cases/RecordAttempt", () => ({
      task_id: task.task_id, version: of_now().version, result, line_cut: line_cut.checked,
      identity: identity.value || null, stopped_by: stopped_by.value || null, note: note.value || null,
    })]];
  };
  return form(`${t("record")} · ${word("task", task.type)}`, steps, hooks, results,
    el("div", { class: "pair" }, labelled(t("identity"), identity), labelled(t("stopped_by"), stopped_by)),
    el("label", { class: "check" }, line_cut, t("line_cut")), labelled(t("note"), note));
}

export function close_form(of_now, hooks) {
  const reason = select("closing", words_of("closing"), t("choose"));
  const proof = el("input", { maxlength: 2000 });
  const second = el("input", { maxlength: 100, autocomplete: "off" });
  const steps = () => (reason.value ? [["Cases/Close", () => ({
    case_id: of_now().case_id, version: of_now().version, reason: reason.value,
    proof: proof.value || null, second_person: second.value || null,
  })]] : t("choose_reason"));
  return form(t("close_case"), steps, hooks,
    el("div", { class: "pair" }, labelled(t("reason"), reason), labelled(t("proof"), proof)),
    labelled(t("second_person"), second));
}

export function follow_up_form(of_now, task, hooks) {
  const verdict = select("verdict", words_of("verdict"), t("choose"));
  const source = select("source", words_of("source"), t("choose"));
  const loss = el("input", { type: "number", min: 0, step: "0.01", inputmode: "decimal" });
  const steps = () => [["Cases/FollowUp", () => ({
    case_id: of_now().case_id, version: of_now().version, point: task.point, verdict: verdict.value, source: source.value,
    loss_fen: verdict.value === "loss" && loss.value ? Math.round(Number(loss.value) * 100) : null,
  })]];
  return form(`${t("record_follow_up")} · ${task.point}`, steps, hooks,
    el("div", { class: "pair" }, labelled(t("verdict"), verdict), labelled(t("source"), source)),
    labelled(t("loss_yuan"), loss));
}
