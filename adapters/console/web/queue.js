// The queue at the left: open cases in the server's order, a row each, patched in place. While a row has the focus the order
// stands still, so that nothing moves under a finger; when the focus leaves, it is put right.
import { server_now } from "./api.js";
import { el, fill, set_text, span } from "./dom.js";
import { t, word } from "./words.js";

const kShapes = { critical: "▲▲", high: "▲", medium: "◆", low: "○", none: "·" };

export function level_badge(of) {
  return el("span", { class: `level ${of.level}` }, `${kShapes[of.level]} ${word("level", of.level)} ${of.score}`);
}

const live = (task) => task.state === "waiting" || task.state === "claimed" || task.state === "under_way";
export const live_tasks = (of) => of.tasks.filter(live);
export const held_by = (of, name) => of.tasks.filter((task) => live(task) && task.owner === name && name !== "");

// In the calendar's years, as people say it.
export function age(of) {
  return of.subject.birth_year ? t("age", { n: new Date(server_now()).getFullYear() - of.subject.birth_year }) : "";
}
const community = (of) => of.area.split("/").slice(0, 2).join(" ");

function owners(of, me) {
  const names = [...new Set(live_tasks(of).map((task) => task.owner).filter(Boolean))];
  return names.map((name) => (name === me.name ? `● ${t("mine")}` : `● ${name}`)).join(" ");
}

export class Queue {
  constructor(me, on_pick) {
    this.me = me;
    this.on_pick = on_pick;
    this.rows = new Map(); // by case_id
    this.cases = []; // in the server's order
    this.picked = "";
    this.list = el("ol", { class: "rows" });
    this.more = el("button", { class: "more", hidden: true }, t("more"));
    this.state = el("p", { class: "state" }, t("loading"));
    this.node = el("nav", { class: "queue", "aria-label": t("queue") }, this.state, this.list, this.more);
    this.list.addEventListener("focusout", () => setTimeout(() => this.sort()));
  }

  show(cases, has_more) {
    set_text(this.state, cases.length === 0 ? t("queue_empty") : t("queue_order"));
    this.more.hidden = !has_more;
    const ids = new Set(cases.map((of) => of.case_id));
    for (const [id, row] of this.rows) {
      if (ids.has(id)) continue;
      row.node.remove();
      this.rows.delete(id);
    }
    for (const of of cases) this.patch(of);
    this.cases = cases;
    this.sort();
  }

  sort() {
    if (this.list.contains(document.activeElement)) return;
    this.cases.forEach(({ case_id }, place) => {
      const node = this.rows.get(case_id)?.node;
      if (node && this.list.children[place] !== node) this.list.insertBefore(node, this.list.children[place] ?? null);
    });
  }

  // As they stand on the page.
  order() {
    const by_node = new Map([...this.rows.values()].map((row) => [row.node, row.of]));
    return [...this.list.children].map((node) => by_node.get(node));
  }

  // Moves the focus between rows. Whether a row had it: elsewhere the arrows scroll.
  walk(step) {
    const rows = [...this.list.children].map((node) => node.firstChild);
    const at = rows.indexOf(document.activeElement);
    if (at < 0) return false;
    rows[Math.min(Math.max(at + step, 0), rows.length - 1)].focus();
    return true;
  }

  // To the picked row, or the first.
  focus() {
    (this.list.querySelector('[aria-current="true"]') ?? this.list.querySelector(".row"))?.focus();
  }

  patch(of) {
    let row = this.rows.get(of.case_id);
    if (!row) {
      row = { top: el("span", { class: "top" }), who: el("span", { class: "who" }), due: el("time"), version: 0 };
      row.button = el("button", { class: "row", onclick: () => this.on_pick(of.case_id) }, row.top, row.who, row.due);
      row.node = el("li", {}, row.button);
      this.list.append(row.node);
      this.rows.set(of.case_id, row);
    }
    row.of = of;
    if (row.version !== of.version) {
      row.version = of.version;
      fill(row.top, level_badge(of), el("b", {}, of.subject.name || of.subject.place || ""), el("small", {}, age(of)));
      const words = [community(of), word("fraud", of.fraud_type), owners(of, this.me)];
      set_text(row.who, words.filter(Boolean).join(" · "));
    }
    row.button.setAttribute("aria-current", String(of.case_id === this.picked));
    this.tick_row(row, server_now());
  }

  pick(case_id) {
    this.picked = case_id;
    for (const [id, row] of this.rows) row.button.setAttribute("aria-current", String(id === case_id));
  }

  tick() {
    const now = server_now();
    for (const row of this.rows.values()) this.tick_row(row, now);
  }

  tick_row(row, now) {
    if (!row.of.due_at) return set_text(row.due, "");
    const left = Date.parse(row.of.due_at) - now;
    set_text(row.due, span(left));
    row.due.classList.toggle("late", left < 0);
  }
}
