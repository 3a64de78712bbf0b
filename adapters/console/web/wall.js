// The wall, as counts: what is open, what waits, what was closed today, and where, in bands by community so that no figure is
// about one person. No names, no rates of a day.
import { read, server_now } from "./api.js";
import { clock_time, el, fill, span } from "./dom.js";
import { State, number, table } from "./state.js";
import { t, word } from "./words.js";

const kLevels = ["critical", "high", "medium", "low"];

function figure(name, value, kind = "") {
  return el("div", { class: `figure ${kind}` }, el("dt", {}, name), el("dd", {}, value));
}

export class Wall {
  constructor() {
    this.state = new State(() => this.round());
    this.clock = el("time", { class: "clock" });
    this.figures = el("div", { class: "figures" });
    this.node = el("main", { class: "page wall" }, el("div", { class: "bar" }, el("h2", {}, t("wall_title")), this.clock), this.state.node, this.figures);
  }

  async round() {
    try {
      const midnight = new Date(server_now());
      midnight.setHours(0, 0, 0, 0);
      this.draw(await read("Wall/Get", { since: midnight.toISOString() }));
    } catch (error) {
      this.state.failed(error);
      throw error;
    }
  }

  draw(told) {
    const open = Object.values(told.open).reduce((sum, n) => sum + n, 0);
    if (open === 0 && Object.keys(told.closed).length === 0) this.state.empty(t("wall_quiet"));
    else this.state.note(t("wall_note"));
    const closed = Object.entries(told.closed);
    fill(this.figures,
      el("section", {}, el("h3", {}, t("open_cases")), el("dl", {}, kLevels.map((level) => figure(word("level", level), told.open[level] ?? 0, level)))),
      el("section", {}, el("h3", {}, t("waiting")), el("dl", {}, figure(t("waiting"), told.waiting), figure(t("held"), told.held),
        figure(t("overdue"), told.overdue, told.overdue > 0 ? "bad" : ""), figure(t("longest"), told.longest_overdue_s === null ? "–" : span(told.longest_overdue_s * 1000)))),
      el("section", {}, el("h3", {}, t("today")), closed.length === 0 ? el("p", { class: "state" }, t("none_closed"))
        : el("dl", {}, closed.map(([reason, n]) => figure(word("closing", reason), n)))),
      el("section", {}, el("h3", {}, t("by_community")), told.communities.length === 0 ? el("p", { class: "state" }, t("communities_small"))
        : table(["area", "open_cases"], told.communities.map((each) => el("tr", {}, el("th", { scope: "row" }, each.area), number(each.band))), { label: t("by_community") }),
      told.communities.length > 0 && el("p", { class: "state" }, t("communities_note"))));
  }

  tick() {
    fill(this.clock, clock_time(server_now()));
  }
}
