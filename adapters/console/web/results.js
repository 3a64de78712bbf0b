// The results room: each measure with n/N, its interval, the bounds of what is not settled yet, what is immature and what was
// left out. Where there are under 20 it shows counts alone (docs/measures.md).
import { read } from "./api.js";
import { el, fill, moment, percent, span, svg } from "./dom.js";
import { problem_text } from "./forms.js";
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

function row(measure) {
  const range = (low, high) => (low === null && high === null ? "–" : `${shown(measure, low)} – ${shown(measure, high)}`);
  const excluded = measure.excluded.map((each) => `${word("exclusion", each.reason)} ${each.count}`).join(", ");
  const group = Object.entries(measure.group).map(([key, value]) => group_word(key, value)).join(" ");
  return el("tr", {},
    el("th", { scope: "row" }, el("details", {}, el("summary", {}, word("measure", measure.name), group && ` · ${group}`),
      el("p", {}, el("small", {}, measure.definition)))),
    el("td", { class: "number" }, `${measure.numerator}/${measure.denominator}`),
    measure.small ? el("td", { colspan: 3, class: "small" }, t("small"))
      : [el("td", { class: "number" }, el("b", {}, shown(measure, measure.value)), picture(measure)),
        el("td", { class: "number" }, range(measure.low, measure.high)),
        el("td", { class: "number" }, is_time(measure) ? "" : range(measure.bound_low, measure.bound_high))],
    el("td", { class: "number" }, measure.immature || ""), el("td", {}, excluded));
}

function group_word(key, value) {
  if (key === "level") return word("level", value);
  if (key === "fraud_type") return word("fraud", value);
  return value;
}

export class Results {
  constructor(me) {
    this.me = me;
    this.by = el("select", { onchange: () => this.refresh() }, el("option", { value: "" }, t("no_group")),
      words_of("group").map((name) => el("option", { value: name }, word("group", name))));
    this.head = el("p", { class: "state" }, t("loading"));
    this.body = el("tbody");
    const columns = ["measure", "count", "value", "interval", "bounds", "immature", "excluded"];
    this.table = el("table", { hidden: true }, el("thead", {}, el("tr", {}, columns.map((name) => el("th", { scope: "col" }, t(name))))), this.body);
    this.node = el("main", { class: "results", tabindex: -1 },
      el("div", { class: "bar" }, el("h2", {}, t("results")), el("label", {}, `${t("group_by")} `, this.by)),
      this.head, this.table, el("p", { class: "state" }, t("results_note")));
  }

  async refresh() {
    try {
      const answer = await read("Measures/Query", this.by.value ? { group_by: [this.by.value] } : {});
      const own = this.me.role === "operator" || this.me.role === "dispatcher" ? ` ${t("own_work")}` : "";
      const any = answer.measures.length > 0;
      fill(this.head, any ? `${t("as_of")} ${moment(answer.as_of, Date.now())}.${own}` : t("no_measures"));
      this.table.hidden = !any;
      fill(this.body, answer.measures.map(row));
    } catch (error) {
      if (error.code !== "offline") fill(this.head, problem_text(error));
    }
  }
}
