// The desk: the queue at the left, the case at the right, and the keys of the round from a claim to the next one.
import { read, server_now, write } from "./api.js";
import { Alarm } from "./alarm.js";
import { CaseView } from "./case.js";
import { el, span } from "./dom.js";
import { problem_text } from "./forms.js";
import { command_bar } from "./help.js";
import { paste_instruction } from "./paste.js";
import { Queue, held_by, live_tasks } from "./queue.js";
import { t, word } from "./words.js";

const kPage = 100;

export class Desk {
  constructor(me, frame) {
    this.me = me;
    this.frame = frame;
    this.works = me.role !== "auditor"; // an auditor looks on
    this.pages = 1;
    this.cases = [];
    this.has_more = false;
    this.closed_today = null;
    this.alarm = new Alarm();
    this.view = new CaseView(me, (of) => this.changed(of), () => this.claim_next());
    this.queue = new Queue(me, (case_id) => frame.go(`#${case_id}`));
    this.queue.more.addEventListener("click", () => {
      ++this.pages;
      frame.round();
    });
    this.queue.node.prepend(this.alarm.announced);
    this.node = el("div", { class: "desk" }, this.queue.node, this.view.node);
    this.buttons = this.works && [
      el("button", { class: "primary", onclick: () => this.claim_next() }, t("claim_next"), " ", el("kbd", {}, "F2")),
      el("button", { onclick: () => this.paste() }, t("paste_instruction")), this.alarm.button];
    this.keys = [["F2", "claim_next"], ["F8", "to_outcome"], ["1–6", "pick_outcome"], ["Ctrl+Enter", "save_and_next"],
      ["Esc", "to_queue"], ["↑ ↓", "walk_queue"], ["/", "command_bar"]];
  }

  shown(case_id) {
    this.queue.pick(case_id);
    this.view.open(case_id);
  }

  async round() {
    const cases = [];
    let cursor = "";
    for (let page = 0; page < this.pages; ++page) {
      const answer = await read("Cases/List", { state: "open", page_size: kPage, ...(cursor && { cursor }) });
      cases.push(...answer.cases);
      cursor = answer.next_cursor;
      if (!cursor) break;
    }
    this.cases = cases;
    this.has_more = cursor !== "";
    this.queue.show(cases, this.has_more);
    if (this.works) this.alarm.look(cases);
    const midnight = new Date(server_now());
    midnight.setHours(0, 0, 0, 0);
    this.closed_today = (await read("Cases/Counts", { since: midnight.toISOString() })).closed;
    const shown = this.view.of;
    const listed = shown && cases.find((of) => of.case_id === shown.case_id);
    if (shown && (!listed || listed.version > shown.version)) this.view.open(shown.case_id);
  }

  changed(of) {
    if (of.state === "open") this.queue.patch(of);
    this.frame.round();
  }

  // The case that was claimed takes the focus, so that the keys of its outcome work at once.
  take(of) {
    this.frame.go(`#${of.case_id}`);
    this.view.node.focus();
  }

  async claim_next() {
    this.frame.say("");
    try {
      const answer = await write("Cases/ClaimNext", {});
      if (!answer.case) return this.frame.say(t("nothing_waits"));
      this.take(answer.case);
    } catch (error) {
      this.frame.say(problem_text(error));
    }
  }

  paste() {
    paste_instruction((answer) => this.take(answer.case));
  }

  commands() {
    const each = this.queue.order().map((of) => [`${of.case_id} ${of.subject.name || of.subject.place || ""} ${word("level", of.level)}`,
      () => this.take(of)]);
    return [...(this.works ? [[t("claim_next"), () => this.claim_next()], [t("paste_instruction"), () => this.paste()]] : []),
      [t("to_results"), () => this.frame.go("#results")], ...each];
  }

  // Whether the key was ours. F1, F3, F5 to F7 and F10 to F12 stay the browser's.
  key(event, typing) {
    if (event.altKey || event.metaKey) return false;
    if (event.key === "/" && !typing) {
      command_bar(this.commands(), (text) => this.frame.go(`#${text}`));
      return true;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") return this.queue.walk(event.key === "ArrowDown" ? 1 : -1);
    if (event.key === "Escape") {
      this.queue.focus();
      return true;
    }
    if (!this.works) return false;
    if (event.key === "F2") this.claim_next();
    else if (event.key === "F8") this.view.focus_outcome();
    else if (event.key === "Enter" && event.ctrlKey) return this.view.save_and_next(event.target);
    else if (/^[1-6]$/.test(event.key) && !typing && !event.ctrlKey) return this.view.pick_outcome(Number(event.key));
    else return false;
    return true;
  }

  tick() {
    this.queue.tick();
    this.view.tick();
  }

  stats() {
    const now = server_now();
    const waiting = this.cases.flatMap(live_tasks).filter((task) => task.state === "waiting");
    const late = this.cases.filter((of) => of.due_at && Date.parse(of.due_at) < now);
    const longest = late.length > 0 ? ` · ${t("longest")} ${span(now - Math.min(...late.map((of) => Date.parse(of.due_at))))}` : "";
    const mine = this.cases.flatMap((of) => held_by(of, this.me.name)).length;
    const closed = Object.entries(this.closed_today ?? {}).map(([name, n]) => `${word("closing", name)} ${n}`).join(" · ");
    return [["open_cases", this.cases.length + (this.has_more ? "+" : "")], ["waiting", waiting.length],
      ["overdue", late.length + longest, late.length > 0], ["mine", mine], ["today", closed || t("none")]];
  }
}
