// The console: sign-in, the bar at the top, the rooms, and the round that keeps them fresh.
import { ApiError, link, read, sample_clock, server_clock, server_now, set_token, token, write } from "./api.js";
import { CaseView } from "./case.js";
import { clock_time, el, fill, set_text, span } from "./dom.js";
import { problem_text } from "./forms.js";
import { paste_instruction } from "./paste.js";
import { Queue, held_by, live_tasks } from "./queue.js";
import { Results } from "./results.js";
import { language, set_language, t, word } from "./words.js";

const kRound = 2000; // ms between two readings of the queue
const kPage = 100;
const kPatience = 3000; // ms of a lost link before the banner
const kDesk = ["operator", "dispatcher", "supervisor", "auditor"];
const kMeasured = ["operator", "dispatcher", "supervisor", "author"];

class Console {
  constructor(me) {
    this.me = me;
    this.pages = 1;
    this.cases = [];
    this.has_more = false;
    this.fresh_at = Date.now();
    this.closed_today = null;
    this.view = new CaseView(me, (of) => this.changed(of));
    this.queue = new Queue(me, (case_id) => this.go(`#${case_id}`));
    this.results = new Results(me);
    this.queue.more.addEventListener("click", () => {
      ++this.pages;
      this.round();
    });
    this.draw();
  }

  draw() {
    this.stats = el("dl", { class: "stats" });
    this.link = el("span", { class: "link" });
    this.banner = el("p", { class: "banner", role: "alert", hidden: true });
    this.said = el("span", { class: "said", role: "status" });
    const desk = kDesk.includes(this.me.role);
    const tabs = el("nav", { class: "tabs" }, desk && el("a", { href: "#" }, t("queue")),
      kMeasured.includes(this.me.role) && el("a", { href: "#results" }, t("results")));
    this.tabs = tabs;
    const claims = desk && this.me.role !== "auditor";
    const switch_language = () => {
      set_language(language === "zh" ? "en" : "zh");
      start(this.me);
    };
    const sign_out = () => {
      set_token("");
      location.reload();
    };
    this.node = el("div", { class: "console" },
      el("header", { class: "bar-top" }, el("h1", {}, t("title")), tabs, this.stats, this.link,
        claims && el("button", { class: "primary", onclick: () => this.claim_next() }, t("claim_next"), " ", el("kbd", {}, "F2")),
        claims && el("button", { onclick: () => this.paste() }, t("paste_instruction")),
        this.said, el("button", { onclick: switch_language }, t("language")),
        el("span", {}, `${this.me.name} · ${word("role", this.me.role)}`), el("button", { onclick: sign_out }, t("sign_out"))),
      this.banner, this.room = el("div", { class: "room" }));
  }

  run() {
    fill(document.body, this.node);
    this.stop = new AbortController();
    const { signal } = this.stop;
    addEventListener("hashchange", () => this.route(), { signal });
    addEventListener("keydown", (event) => this.on_key(event), { signal });
    document.addEventListener("visibilitychange", () => !document.hidden && this.round(), { signal });
    this.ticks = setInterval(() => this.tick(), 1000);
    this.route();
    this.round();
  }

  end() {
    this.stop.abort();
    clearInterval(this.ticks);
    clearTimeout(this.next_round);
  }

  go(hash) {
    if (location.hash === hash) this.route();
    else location.hash = hash;
  }

  route() {
    const name = location.hash.slice(1);
    const can_desk = kDesk.includes(this.me.role);
    const results = name === "results" || !can_desk;
    for (const tab of this.tabs.children) tab.setAttribute("aria-current", String((tab.hash === "#results") === results));
    if (!can_desk && !kMeasured.includes(this.me.role)) return fill(this.room, el("p", { class: "state" }, t("no_room")));
    if (results) {
      fill(this.room, this.results.node);
      this.results.refresh();
      return;
    }
    if (!this.room.contains(this.queue.node)) fill(this.room, this.queue.node, this.view.node);
    this.queue.pick(name);
    this.view.open(name);
  }

  // One reading of everything that is shown. What can't be read leaves what stands.
  async round() {
    clearTimeout(this.next_round);
    try {
      sample_clock(await read("Auth/Me"));
      if (kDesk.includes(this.me.role)) await this.read_queue();
      this.fresh_at = Date.now();
      this.trouble = "";
    } catch (error) {
      if (error.code === "unauthenticated") return sign_in(t("session_over"));
      this.trouble = error instanceof ApiError && error.code !== "offline" ? error.message : "";
    }
    this.tick();
    if (!this.stop?.signal.aborted) this.next_round = setTimeout(() => this.round(), document.hidden ? 5 * kRound : kRound);
  }

  async read_queue() {
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
    const midnight = new Date(server_now());
    midnight.setHours(0, 0, 0, 0);
    this.closed_today = (await read("Cases/Counts", { since: midnight.toISOString() })).closed;
    const shown = this.view.of;
    const listed = shown && cases.find((of) => of.case_id === shown.case_id);
    if (shown && (!listed || listed.version > shown.version)) this.view.open(shown.case_id);
  }

  changed(of) {
    if (of.state === "open") this.queue.patch(of);
    this.round();
  }

  async claim_next() {
    fill(this.said);
    try {
      const answer = await write("Cases/ClaimNext", {});
      if (!answer.case) return fill(this.said, t("nothing_waits"));
      this.go(`#${answer.case.case_id}`);
      this.view.node.focus();
      this.round();
    } catch (error) {
      fill(this.said, problem_text(error));
    }
  }

  paste() {
    paste_instruction((answer) => {
      this.go(`#${answer.case.case_id}`);
      this.view.node.focus();
      this.round();
    });
  }

  on_key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key !== "F2" || !kDesk.includes(this.me.role) || this.me.role === "auditor") return;
    event.preventDefault();
    this.claim_next();
  }

  tick() {
    this.queue.tick();
    this.view.tick();
    this.show_stats();
    const down = !link.up;
    set_text(this.link, `● ${down ? t("link_down") : `${t("link_up")} ${(link.latency / 1000).toFixed(2)} s`}`);
    this.link.classList.toggle("down", down);
    const lost = down && Date.now() - link.since > kPatience;
    const text = lost ? t("link_lost", { at: clock_time(this.fresh_at) })
      : this.trouble ? t("not_serving", { why: this.trouble }) : server_clock.manual ? t("manual_clock") : "";
    set_text(this.banner, text);
    this.banner.hidden = text === "";
    this.banner.classList.toggle("mild", !lost && !this.trouble);
  }

  show_stats() {
    const now = server_now();
    const tasks = this.cases.flatMap(live_tasks);
    const late = this.cases.filter((of) => of.due_at && Date.parse(of.due_at) < now);
    const longest = late.length > 0 ? ` · ${t("longest")} ${span(now - Math.min(...late.map((of) => Date.parse(of.due_at))))}` : "";
    const mine = this.cases.flatMap((of) => held_by(of, this.me.name)).length;
    const closed = Object.entries(this.closed_today ?? {}).map(([name, n]) => `${word("closing", name)} ${n}`).join(" · ");
    const entries = kDesk.includes(this.me.role)
      ? [["open_cases", this.cases.length + (this.has_more ? "+" : "")], ["waiting", tasks.filter((task) => task.state === "waiting").length],
        ["overdue", late.length + longest, late.length > 0], ["mine", mine], ["today", closed || t("none")]]
      : [];
    const shown = JSON.stringify(entries);
    if (shown === this.shown_stats) return;
    this.shown_stats = shown;
    fill(this.stats, entries.map(([name, value, bad]) => el("div", { class: bad ? "bad" : null }, el("dt", {}, t(name)), el("dd", {}, value))));
  }
}

let running = null;
function start(me) {
  running?.end();
  running = new Console(me);
  running.run();
}

// Over what is on the page, which keeps what was typed; the same person goes on where they were.
function sign_in(why = "") {
  const said = el("p", { class: "said", role: "alert" }, why);
  const field = el("input", { type: "password", id: "token", autocomplete: "off", required: true, spellcheck: "false" });
  const submit = async (event) => {
    event.preventDefault();
    set_token(field.value.trim());
    try {
      const me = await read("Auth/Me");
      sample_clock(me);
      dialog.close();
      dialog.remove();
      if (running?.me.name === me.name) running.round();
      else start(me);
    } catch (error) {
      set_token("");
      fill(said, error.code === "unauthenticated" ? t("wrong_token") : problem_text(error));
    }
  };
  const switch_language = () => {
    set_language(language === "zh" ? "en" : "zh");
    dialog.remove();
    sign_in();
  };
  const dialog = el("dialog", { class: "sign-in", oncancel: (event) => event.preventDefault() },
    el("form", { onsubmit: submit }, el("h1", {}, t("title")), el("label", { for: "token" }, t("token")), field,
      el("button", { class: "primary" }, t("sign_in")), said, el("p", { class: "state" }, t("sign_in_hint")),
      el("button", { type: "button", onclick: switch_language }, t("language"))));
  document.body.append(dialog);
  dialog.showModal();
  field.focus();
}

async function begin() {
  set_language(language);
  if (!token()) return sign_in();
  try {
    const me = await read("Auth/Me");
    sample_clock(me);
    start(me);
  } catch (error) {
    if (error.code === "unauthenticated") return sign_in(t("session_over"));
    fill(document.body, el("p", { class: "banner", role: "alert" }, problem_text(error)));
    setTimeout(begin, kRound);
  }
}
begin();
