// The results room: each measure with n/N, its interval, the bounds of what is not settled yet, what is immature and what was
// left out. Where there are under 20 it shows counts alone (docs/measures.md). A count opens the cases behind it.
import { read, server_now } from "./api.js";
import { Drill } from "./drill.js";
import { el, fill, moment, percent, span, svg } from "./dom.js";
import { State } from "./state.js";
import { t, word, words_of } from "./words.js";

const is_time = (measure) => measure.name.startsWith("time_");

function shown(measure, value) {
  if (value === null) return "–";
  return is_time(measure) ? span(value * 1000) : percent(value);
}

// From 0 to 100%: the bounds as a bar, the interval as a line, the value as a dot.
function picture(measure) {
  if (is_time(measure) || measure.value === null) return null;
  const at = (ratio) => (ratio * 120).toFixed(1);
  const { value, low, high, bound_low, bound_high } = measure;
  const node = svg("svg", { class: "range", viewBox: "0 0 120 12", "aria-hidden": "true" });
  node.append(svg("line", { class: "axis", x1: 0, x2: 120, y1: 6, y2: 6 }));
  if (bound_low !== null) node.append(svg("rect", { class: "bounds", x: at(bound_low), width: at(Math.max(bound_high - bound_low, 0.01)), y: 2, height: 8 }));
  if (low !== null) node.append(svg("line", { class: "interval", x1: at(low), x2: at(high), y1: 6, y2: 6 }));
  node.append(svg("circle", { class: "value", cx: at(value), cy: 6, r: 3 }));
  return node;
}

const kColumns = ["measure", "count", "value", "interval", "bounds", "immature", "excluded"];

// A count that opens what stands behind it, and closes it again. A second count of the row takes the first one's place.
function count(measure, side, n, asked) {
  if (n === 0) return "0";
  return el("button", {
    type: "button", class: "count", "aria-expanded": "false", title: `${word("side", side)}: ${t("show_behind")}`,
    onclick: ({ currentTarget: button }) => {
      const row = button.closest("tr");
      const was_open = button.getAttribute("aria-expanded") === "true";
      for (const each of row.querySelectorAll(".count")) each.setAttribute("aria-expanded", "false");
      if (row.nextElementSibling?.classList.contains("drill")) row.nextElementSibling.remove();
      if (was_open) return;
      button.setAttribute("aria-expanded", "true");
      const drill = new Drill({ name: measure.name, ...asked, ...measure.group }, side, kColumns.length);
      row.after(drill.node);
      drill.read_page();
    },
  }, n);
}

const left_out = (measure) => measure.excluded.reduce((sum, each) => sum + each.count, 0);

// `asked`: the period, and the moment as of which the figures stand.
function row(measure, asked, can_drill) {
  const counted = (side, n) => (can_drill ? count(measure, side, n, asked) : String(n));
  const range = (low, high) => (low === null && high === null ? "–" : `${shown(measure, low)} – ${shown(measure, high)}`);
  const excluded = measure.excluded.map((each) => `${word("exclusion", each.reason)} ${each.count}`).join(", ");
  const group = Object.entries(measure.group).map(([key, value]) => group_word(key, value)).join(" ");
  return el("tr", {},
    el("th", { scope: "row" }, el("details", {}, el("summary", {}, word("measure", measure.name), group && ` · ${group}`),
      el("p", {}, el("small", {}, measure.definition)))),
    el("td", { class: "number" }, counted("numerator", measure.numerator), " / ", counted("denominator", measure.denominator)),
    measure.small ? el("td", { colspan: 3, class: "small" }, t("small"))
      : [el("td", { class: "number" }, el("b", {}, shown(measure, measure.value)), picture(measure)),
        el("td", { class: "number" }, range(measure.low, measure.high)),
        el("td", { class: "number" }, is_time(measure) ? "" : range(measure.bound_low, measure.bound_high))],
    el("td", { class: "number" }, measure.immature ? counted("immature", measure.immature) : ""),
    el("td", {}, excluded, excluded && " ", excluded && can_drill && counted("excluded", left_out(measure))));
}

function group_word(key, value) {
  if (key === "level") return word("level", value);
  if (key === "fraud_type") return word("fraud", value);
  return value;
}

// From midnight to midnight of the reader's own day.
function period(name) {
  const now = new Date(server_now());
  const month = (n) => new Date(now.getFullYear(), now.getMonth() + n, 1).toISOString();
  if (name === "this_month") return { from: month(0) };
  if (name === "last_month") return { from: month(-1), to: month(0) };
  if (name === "this_year") return { from: new Date(now.getFullYear(), 0, 1).toISOString() };
  if (name === "last_year") return { from: new Date(now.getFullYear() - 1, 0, 1).toISOString(), to: new Date(now.getFullYear(), 0, 1).toISOString() };
  return {};
}

export class Results {
  constructor(me) {
    this.me = me;
    this.span = el("select", { onchange: () => this.refresh() }, words_of("period").map((name) => el("option", { value: name }, word("period", name))));
    this.by = el("select", { onchange: () => this.refresh() }, el("option", { value: "" }, t("no_group")),
      words_of("group").map((name) => el("option", { value: name }, word("group", name))));
    this.state = new State(() => this.refresh());
    this.body = el("tbody");
    this.table = el("table", { hidden: true }, el("thead", {}, el("tr", {}, kColumns.map((name) => el("th", { scope: "col" }, t(name))))), this.body);
    this.node = el("main", { class: "results", tabindex: -1 },
      el("div", { class: "bar" }, el("h2", {}, t("results")), el("label", {}, `${t("period")} `, this.span), el("label", {}, `${t("group_by")} `, this.by),
        me.role === "supervisor" || me.role === "author" ? ["csv", "xlsx"].map((format) => el("button", { type: "button", onclick: () => this.save(format) }, format.toUpperCase())) : null),
      this.state.node, this.table, el("p", { class: "state" }, t("results_note")));
  }

  shown() {
    this.refresh();
  }

  asked() {
    return { ...period(this.span.value), ...(this.by.value && { group_by: [this.by.value] }) };
  }

  // The table as a file.
  async save(format) {
    try {
      const file = await read("Measures/Export", { format, ...this.asked() });
      const bytes = Uint8Array.from(atob(file.content), (c) => c.charCodeAt(0));
      const link = el("a", { href: URL.createObjectURL(new Blob([bytes], { type: file.content_type })), download: file.file_name });
      link.click();
      URL.revokeObjectURL(link.href);
    } catch (error) {
      this.state.failed(error);
    }
  }

  async refresh() {
    try {
      const answer = await read("Measures/Query", this.asked());
      const own = this.me.role === "operator" || this.me.role === "dispatcher" ? ` ${t("own_work")}` : "";
      const any = answer.measures.length > 0;
      if (any) this.state.note(`${t("as_of")} ${moment(answer.as_of, Date.now())}.${own}`);
      else this.state.empty(t("no_measures"));
      this.table.hidden = !any;
      const can_drill = this.me.role !== "author";
      const asked = { ...period(this.span.value), as_of: answer.as_of };
      fill(this.body, answer.measures.map((measure) => row(measure, asked, can_drill)));
    } catch (error) {
      this.state.failed(error);
    }
  }
}
