// What stands behind one figure: its cases (or, of the closed loop, its instructions), page by page, in a row under it.
import { read } from "./api.js";
import { el, fill, moment } from "./dom.js";
import { problem_text } from "./forms.js";
import { level_badge } from "./queue.js";
import { t, word } from "./words.js";

const kPage = 20;

function case_row(of) {
  return el("li", {}, el("a", { href: `#${of.case_id}` }, level_badge(of), " ", el("b", {}, of.subject.name || of.subject.place || of.case_id)),
    ` · ${word("fraud", of.fraud_type)} · ${t("opened")} ${moment(of.opened_at, Date.now())} · ${word("state", of.state)}`,
    of.truth && ` · ${word("truth", of.truth.truth)}`);
}

function instruction_row(of) {
  return el("li", {}, of.case_id ? el("a", { href: `#${of.case_id}` }, of.upstream_id) : of.upstream_id,
    ` · ${word("level", of.level)} · ${word("fraud", of.fraud_type)} · ${moment(of.issued_at, Date.now())}`);
}

// `of`: the fields of Measures/Drill but side and page.
export class Drill {
  constructor(of, side, columns) {
    this.of = { ...of, side };
    this.list = el("ol", { class: "behind" });
    this.head = el("p", { class: "state", role: "status" }, t("loading"));
    this.more = el("button", { type: "button", hidden: true, onclick: () => this.read_page() }, t("more"));
    this.cursor = "";
    this.node = el("tr", { class: "drill" }, el("td", { colspan: columns }, this.head, this.list, this.more));
  }

  async read_page() {
    try {
      const page = await read("Measures/Drill", { ...this.of, page_size: kPage, ...(this.cursor && { cursor: this.cursor }) });
      this.cursor = page.next_cursor;
      this.more.hidden = !this.cursor;
      fill(this.head, t("behind", { side: word("side", this.of.side), n: page.total }));
      this.list.append(...page.cases.map(case_row), ...page.instructions.map(instruction_row));
    } catch (error) {
      fill(this.head, problem_text(error));
    }
  }
}
