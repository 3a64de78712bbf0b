// Feeds: each stream with what it brought and how far behind it is, and the signals that were rejected, with the reason and
// without their payload.
import { read, server_now } from "./api.js";
import { el, fill, moment, span } from "./dom.js";
import { State, cell, number, table } from "./state.js";
import { t, word, words_of } from "./words.js";

const kQuiet = 15 * 60_000; // ms without a signal, assumed: a street's carriers are never silent for so long by day
const kAhead = -2 * 60_000; // a clock that is ahead by more has its signals rejected

function state_of(stream) {
  if (stream.behind_ms === null) return "none_yet";
  if (stream.behind_ms < kAhead) return "ahead";
  return stream.behind_ms > kQuiet ? "quiet" : "flowing";
}

function stream_row(stream, now) {
  const state = state_of(stream);
  const behind = stream.behind_ms === null ? "–" : span(stream.behind_ms);
  return el("tr", {}, el("th", { scope: "row" }, stream.feed), cell(stream.stream), el("td", { class: `flow ${state}` }, word("flow", state)),
    cell(stream.latest_at ? moment(stream.latest_at, now) : "–"), number(behind), number(stream.accepted), number(stream.rejected));
}

function reject_row(reject, now) {
  return el("tr", {}, cell(moment(reject.received_at, now)), cell(reject.feed), cell(reject.stream), number(reject.seq),
    cell(word("reject", reject.reason)), cell(reject.detail), number(reject.payload_bytes));
}

export class Feeds {
  constructor(me) {
    this.sees_rejects = me.role === "supervisor";
    this.state = new State(() => this.round());
    this.streams = el("div");
    this.rejects_state = new State(() => this.read_rejects());
    this.rejects = el("div");
    this.more = el("button", { type: "button", hidden: true, onclick: () => this.read_rejects(true) }, t("more"));
    this.reason = el("select", { onchange: () => this.read_rejects() }, el("option", { value: "" }, t("all")),
      words_of("reject").map((name) => el("option", { value: name }, word("reject", name))));
    this.node = el("main", { class: "page" }, el("h2", {}, t("feeds")), this.state.node, this.streams,
      this.sees_rejects && [el("div", { class: "bar" }, el("h2", {}, t("rejects")), el("label", {}, `${t("reason")} `, this.reason)),
        this.rejects_state.node, this.rejects, this.more, el("p", { class: "state" }, t("rejects_note"))]);
  }

  shown() {
    if (this.sees_rejects) this.read_rejects();
  }

  async round() {
    try {
      const { streams } = await read("Feed/Status");
      if (streams.length === 0) return this.state.empty(t("no_feeds"));
      const silent = streams.filter((stream) => state_of(stream) !== "flowing").length;
      this.state.note(silent === 0 ? t("feeds_flow", { n: streams.length }) : t("feeds_silent", { n: silent, of: streams.length }));
      fill(this.streams, table(["feed", "stream", "flow", "latest", "behind_now", "accepted", "rejected"],
        streams.map((stream) => stream_row(stream, server_now())), { label: t("feeds") }));
    } catch (error) {
      this.state.failed(error);
      throw error;
    }
  }

  async read_rejects(next = false) {
    if (!next) this.listed = [];
    try {
      const answer = await read("Feed/Rejects", { page_size: 50, ...(this.reason.value && { reason: this.reason.value }), ...(next && { cursor: this.cursor }) });
      this.listed.push(...answer.rejects);
      this.cursor = answer.next_cursor;
      this.more.hidden = !this.cursor;
      if (this.listed.length === 0) this.rejects_state.empty(t("no_rejects"));
      else this.rejects_state.note(t("newest_first"));
      fill(this.rejects, this.listed.length > 0 ? table(["received", "feed", "stream", "seq", "reason", "detail", "bytes"],
        this.listed.map((reject) => reject_row(reject, server_now())), { label: t("rejects") }) : []);
    } catch (error) {
      this.rejects_state.failed(error);
    }
  }
}
