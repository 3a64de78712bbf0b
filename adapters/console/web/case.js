// One case at the right: why it is here, what was tried, what to do. Parts are redrawn when the case has a new version; the
// forms stay as long as the tasks that they are for, so that a refresh takes away nothing that was typed.
import { ApiError, read, server_now, write } from "./api.js";
import { el, fill, marked, moment, set_text, span } from "./dom.js";
import { feedback_form } from "./feedback.js";
import { attempt_form, close_form, follow_up_form, problem_text } from "./forms.js";
import { Outcome } from "./outcome.js";
import { age, held_by, level_badge, live_tasks } from "./queue.js";
import { t, word } from "./words.js";

const kReasons = 4;

const yuan = (fen) => `¥${(fen / 100).toLocaleString(undefined, { minimumFractionDigits: 2 })}`;

function reason_row(reason, now) {
  const points = reason.points === 0 ? "" : reason.points > 0 ? `+${reason.points}` : `−${-reason.points}`;
  const about = [moment(reason.at, now), reason.peer && `${t("peer")} ${reason.peer}`, reason.rule].filter(Boolean).join(" · ");
  return el("li", {}, el("b", { class: "points" }, points),
    el("div", {}, el("div", {}, reason.label || reason.rule, el("small", {}, ` ${about}`)),
      reason.text && el("q", {}, marked(reason.text, reason.spans ?? []))));
}

function attempt_row(attempt, now) {
  const words = [attempt.by, attempt.identity && word("identity", attempt.identity), attempt.note];
  return el("li", {}, el("time", {}, moment(attempt.at, now)),
    el("span", {}, `${word("task", attempt.channel)} — `, el("b", {}, word("result", attempt.result)),
      el("small", {}, ` ${words.filter(Boolean).join(" · ")}`)));
}

function follow_up_row(follow_up, now) {
  const loss = follow_up.loss_fen === null ? "" : ` ${yuan(follow_up.loss_fen)}`;
  const what = follow_up.recorded ? `${word("verdict", follow_up.verdict)}${loss} · ${follow_up.by}` : `${t("due")} ${moment(follow_up.due_at, now)}`;
  return el("li", {}, el("b", {}, follow_up.point), el("span", {}, what));
}

export class CaseView {
  // `changed(case)` hears of each newer state, `next()` that the next task is wanted.
  constructor(me, changed, next) {
    this.me = me;
    this.changed = changed;
    this.next = next;
    this.of = null;
    this.asked = "";
    this.leases = [];
    this.node = el("main", { class: "case", tabindex: -1 }, el("p", { class: "state" }, t("pick_case")));
  }

  async open(case_id) {
    this.asked = case_id;
    if (!case_id) return this.clear(t("pick_case"));
    if (this.of?.case_id !== case_id) this.clear(t("loading"));
    try {
      const { case: of } = await read("Cases/Get", { case_id });
      if (this.asked === case_id) this.show(of);
    } catch (error) {
      if (this.asked !== case_id || error.code === "offline") return; // what is shown stays; the banner says so
      this.clear(error.code === "not_found" ? t("case_gone") : problem_text(error));
    }
  }

  clear(text) {
    this.of = null;
    fill(this.node, el("p", { class: "state" }, text));
  }

  show(of) {
    if (this.of?.case_id === of.case_id && this.of.version >= of.version) return;
    if (this.of?.case_id !== of.case_id) {
      this.head = el("header");
      this.work = el("div", { class: "work" });
      this.reasons = el("section", { class: "why" });
      this.facts = el("div", { class: "facts" });
      this.forms = new Map(); // by task, and "close"
      this.outcome = null; // of the call that I hold
      fill(this.node, this.head, el("div", { class: "main" }, this.reasons, this.work), this.facts);
    }
    this.of = of;
    this.draw_head();
    this.draw_forms();
    this.draw_facts();
    this.tick();
  }

  draw_head() {
    const of = this.of;
    const now = server_now();
    const lines = [of.area, word("fraud", of.fraud_type), word("stage", of.stage), age(of),
      `${t("opened")} ${moment(of.opened_at, now)}`, of.lead && `${t("lead")} ${of.lead}`,
      of.reopened > 0 && t("reopened", { n: of.reopened })];
    this.due = el("b", { class: "due" });
    fill(this.head,
      el("h2", {}, of.subject.name || of.subject.place || of.case_id, " ", level_badge(of), " ",
        of.state !== "open" && el("span", { class: "tag" }, word("state", of.state)), " ", this.due),
      el("p", { class: "lines" }, lines.filter(Boolean).join(" · "), el("small", {}, ` ${of.case_id} v${of.version}`)));
  }

  // A form for each task that is mine. One whose lease was lost stays while it holds something typed: the task may be claimed
  // again, and what was typed is sent then.
  draw_forms() {
    const of = this.of;
    const mine = held_by(of, this.me.name);
    const wanted = new Map(mine.map((task) => [task.task_id, () => this.form_of(task)]));
    if (of.state === "open" && mine.length > 0) wanted.set("close", () => close_form(...this.form_context()));
    const live = new Set(live_tasks(of).map((task) => task.task_id));
    for (const [key, form] of this.forms) {
      const lost = !wanted.has(key);
      const keep = lost && form.dataset.touched && (key === "close" ? of.state === "open" : live.has(key));
      if (lost && !keep) {
        (form.closest(".closing") ?? form).remove();
        this.forms.delete(key);
        if (this.outcome?.node === form) this.outcome = null;
      }
      form.querySelector(".lost").hidden = !lost;
    }
    for (const [key, make] of wanted) {
      if (this.forms.has(key)) continue;
      const form = make();
      form.addEventListener("input", () => (form.dataset.touched = "yes"));
      form.append(el("p", { class: "lost late", role: "alert", hidden: true }, t("lease_lost")));
      this.forms.set(key, form);
      if (key === "close") this.work.append(el("details", { class: "closing" }, el("summary", {}, t("close_otherwise")), form));
      else this.work.insertBefore(form, this.work.querySelector(":scope > .closing"));
    }
  }

  form_context() {
    const done = (answer, next) => {
      this.took(answer);
      if (next) this.next();
    };
    return [() => this.of, { done, conflict: () => this.open(this.asked) }];
  }

  form_of(task) {
    const [now, hooks] = this.form_context();
    if (task.type === "feedback") return feedback_form(now, task, hooks);
    if (task.type === "follow_up") return follow_up_form(now, task, hooks);
    if (task.type === "visit") return attempt_form(now, task, hooks);
    this.outcome = new Outcome(now, task, { ...hooks, can_next: true });
    return this.outcome.node;
  }

  // The desk's keys. Whether there was something to do.
  pick_outcome(n) {
    this.outcome?.pick(n);
    return this.outcome !== null && this.outcome !== undefined;
  }
  focus_outcome() {
    this.outcome?.focus();
  }
  save_and_next(target) {
    const form = target.closest?.(".work form") ?? this.outcome?.node;
    if (!form) return false;
    form.dataset.next = "yes";
    form.requestSubmit();
    delete form.dataset.next; // where a field was missing nothing was sent
    return true;
  }

  draw_facts() {
    const of = this.of;
    const now = server_now();
    this.leases = [];
    const closing = of.closing && `${word("closing", of.closing.reason)} · ${of.closing.by}` +
      `${of.closing.second_person ? ` + ${of.closing.second_person}` : ""} · ${moment(of.closing.at, now)}`;
    const truth = of.truth && `${word("truth", of.truth.truth)} · ${of.truth.by} · ${moment(of.truth.at, now)}`;
    const section = (title, ...content) => el("section", {}, el("h3", {}, title), content);
    this.draw_reasons(now);
    fill(this.facts,
      section(t("tasks"), el("ul", { class: "tasks" }, live_tasks(of).map((task) => this.task_row(task)))),
      section(t("attempts"), of.attempts.length === 0 ? el("p", {}, t("no_attempts"))
        : el("ul", { class: "timeline" }, of.attempts.map((attempt) => attempt_row(attempt, now)).reverse())),
      closing && section(t("closing"), el("p", {}, closing), of.closing.proof && el("q", {}, of.closing.proof)),
      of.follow_ups.length > 0 && section(t("follow_ups"), el("ul", { class: "timeline" }, of.follow_ups.map((each) => follow_up_row(each, now)))),
      truth && section(t("truth"), el("p", {}, truth)));
  }

  // The weightiest ones at once; the rest behind a click, so that the outcome stays on the screen.
  draw_reasons(now) {
    const { reasons, score } = this.of;
    const open = this.reasons.querySelector("details")?.open ?? false;
    const rows = reasons.map((reason) => reason_row(reason, now));
    const rest = rows.slice(kReasons);
    fill(this.reasons, el("h3", {}, t("reasons"), score > 0 && el("small", {}, ` ${t("adds_up", { n: score })}`)),
      rows.length === 0 ? el("p", {}, t("no_reasons")) : el("ul", { class: "reasons" }, rows.slice(0, kReasons)),
      rest.length > 0 && el("details", { open }, el("summary", {}, t("more_reasons", { n: rest.length })), el("ul", { class: "reasons" }, rest)));
  }

  task_row(task) {
    const said = el("span", { class: "said", role: "status" });
    const send = (method, body) => async (event) => {
      const button = event.currentTarget;
      button.disabled = true;
      try {
        this.took(await write(method, body));
      } catch (error) {
        fill(said, problem_text(error));
        if (error instanceof ApiError && error.code === "aborted") this.open(this.of.case_id);
      } finally {
        button.disabled = false;
      }
    };
    const mine = task.owner === this.me.name && task.owner !== "";
    const lease = el("small");
    if (mine) this.leases.push({ node: lease, until: task.lease_until });
    const buttons = [];
    if (this.me.role !== "auditor" && !task.owner) {
      buttons.push(el("button", { onclick: send("Cases/Claim", { task_id: task.task_id, version: this.of.version }) }, t("claim")));
    } else if (mine) {
      buttons.push(el("button", { onclick: send("Cases/Renew", { task_id: task.task_id }) }, t("renew")),
        el("button", { onclick: send("Cases/Release", { task_id: task.task_id }) }, t("release")));
    }
    const due = task.due_at ? `${t("due")} ${moment(task.due_at, server_now())}` : "";
    const about = [word("task_state", task.state), task.owner && (mine ? t("mine") : task.owner), due].filter(Boolean).join(" · ");
    return el("li", {}, el("b", {}, word("task", task.type), task.point ? ` ${task.point}` : ""),
      el("span", { class: "about" }, el("small", {}, `${about} `), lease), el("span", { class: "buttons" }, buttons), said);
  }

  // The reply to a write.
  took(answer) {
    const of = answer.case;
    if (of) {
      // A reply is stored without spans; those that are shown stay.
      const known = new Map((this.of?.reasons ?? []).map((reason) => [`${reason.rule} ${reason.at}`, reason.spans]));
      for (const reason of of.reasons) reason.spans = known.get(`${reason.rule} ${reason.at}`) ?? reason.spans;
      if (this.of?.case_id === of.case_id) this.show(of);
      this.changed(of);
    } else {
      this.open(this.of.case_id);
    }
  }

  tick() {
    if (!this.of || !this.due) return;
    const now = server_now();
    const left = this.of.due_at ? Date.parse(this.of.due_at) - now : null;
    set_text(this.due, left === null ? "" : `${t("due")} ${span(left)}`);
    this.due.classList.toggle("late", left !== null && left < 0);
    for (const lease of this.leases) set_text(lease.node, lease.until ? `${t("lease")} ${span(Date.parse(lease.until) - now)}` : "");
  }
}
