// The console's frame: the bar at the top, the rooms, the round that keeps them fresh, and what is said of the link.
import { ApiError, link, read, sample_clock, server_clock, set_token, token } from "./api.js";
import { clock_time, el, fill, set_text } from "./dom.js";
import { problem_text } from "./forms.js";
import { show_help } from "./help.js";
import { rooms_of } from "./rooms.js";
import { sign_in } from "./sign_in.js";
import { watermark } from "./watermark.js";
import { language, set_language, t, word } from "./words.js";

const kRound = 2000; // ms between two readings of what is shown
const kPatience = 3000; // ms of a lost link before the banner

class Console {
  constructor(me) {
    this.me = me;
    this.rooms = rooms_of(me.role).map((room) => ({ ...room, it: null }));
    this.room = null;
    this.fresh_at = Date.now();
    this.trouble = "";
    this.turn = 0;
    this.draw();
  }

  draw() {
    this.stats = el("dl", { class: "stats" });
    this.link = el("span", { class: "link" });
    this.banner = el("p", { class: "banner", role: "alert", hidden: true });
    this.said = el("span", { class: "said", role: "status" });
    this.buttons = el("span", { class: "buttons" });
    this.tabs = el("nav", { class: "tabs", "aria-label": t("rooms") }, this.rooms.map((room) => el("a", { href: `#${room.hash}` }, t(room.title))));
    const switch_language = () => {
      set_language(language === "zh" ? "en" : "zh");
      start(this.me);
    };
    const sign_out = () => {
      set_token("");
      location.reload();
    };
    this.body = el("div", { class: "room" });
    this.node = el("div", { class: "console" },
      el("header", { class: "bar-top" }, el("h1", {}, t("title")), this.tabs, this.stats, this.link, this.buttons, this.said,
        el("button", { onclick: () => show_help(this.room?.it), title: t("help"), "aria-label": t("help") }, "?"),
        el("button", { onclick: switch_language, lang: language === "zh" ? "en" : "zh-CN" }, t("language")),
        el("span", { class: "who-i-am" }, `${this.me.name} · ${word("role", this.me.role)}`), el("button", { onclick: sign_out }, t("sign_out"))),
      this.banner, this.body, watermark(`${this.me.name} ${word("role", this.me.role)}`));
  }

  run() {
    fill(document.body, this.node);
    this.stop = new AbortController();
    const { signal } = this.stop;
    addEventListener("hashchange", () => this.route(), { signal });
    addEventListener("keydown", (event) => this.on_key(event), { signal });
    addEventListener("beforeunload", (event) => link.waiting > 0 && event.preventDefault(), { signal });
    document.addEventListener("visibilitychange", () => !document.hidden && this.round(), { signal });
    this.ticks = setInterval(() => this.tick(), 1000);
    this.route();
  }

  end() {
    this.stop.abort();
    clearInterval(this.ticks);
    clearTimeout(this.next_round);
  }

  // What the rooms ask of the frame.
  go(hash) {
    if (location.hash === hash) this.route();
    else location.hash = hash;
  }
  say(text) {
    set_text(this.said, text);
  }

  route() {
    const name = location.hash.slice(1);
    const named = this.rooms.find((room) => room.hash === name && name !== "");
    const room = named ?? this.rooms.find((each) => each.hash === "") ?? this.rooms[0];
    if (!room) return fill(this.body, el("main", { class: "plain" }, el("p", { class: "state" }, t("no_room"))));
    room.it ??= room.make(this.me, this);
    this.rooms.forEach((each, place) => {
      if (each === room) this.tabs.children[place].setAttribute("aria-current", "page");
      else this.tabs.children[place].removeAttribute("aria-current");
    });
    if (this.room !== room) {
      this.room = room;
      fill(this.body, room.it.node);
      fill(this.buttons, room.it.buttons ?? []);
      this.say("");
    }
    room.it.shown?.(named ? "" : name);
    this.round();
  }

  // One reading of everything that is shown. What can't be read leaves what stands.
  async round() {
    clearTimeout(this.next_round);
    const turn = ++this.turn;
    try {
      sample_clock(await read("Auth/Me"));
      await this.room?.it.round?.();
      this.fresh_at = Date.now();
      this.trouble = "";
    } catch (error) {
      if (error.code === "unauthenticated") return sign_in((me) => this.entered(me), t("session_over"));
      this.trouble = this.trouble_of(error);
    }
    if (turn !== this.turn || this.stop.signal.aborted) return; // a later one goes on
    this.tick();
    this.next_round = setTimeout(() => this.round(), document.hidden ? 5 * kRound : kRound);
  }

  trouble_of(error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === "offline") return "";
    return error.code === "unavailable" ? t("not_serving", { why: error.message }) : problem_text(error);
  }

  entered(me) {
    if (me.name === this.me.name) this.round();
    else start(me);
  }

  on_key(event) {
    if (event.isComposing || event.keyCode === 229 || document.querySelector("dialog[open]")) return;
    const typing = event.target.matches?.("input:not([type=radio], [type=checkbox]), textarea, select");
    if (event.key === "?" && !typing) show_help(this.room?.it);
    else if (!this.room?.it.key?.(event, typing)) return;
    event.preventDefault();
  }

  tick() {
    this.room?.it.tick?.();
    this.show_stats(this.room?.it.stats?.() ?? []);
    const down = !link.up;
    set_text(this.link, `● ${down ? t("link_down") : `${t("link_up")} ${(link.latency / 1000).toFixed(2)} s`}`);
    this.link.classList.toggle("down", down);
    const lost = down && Date.now() - link.since > kPatience;
    const lines = lost ? [t("link_lost", { at: clock_time(this.fresh_at) }), link.waiting > 0 && t("writes_wait", { n: link.waiting })]
      : [this.trouble, !this.trouble && server_clock.manual && t("manual_clock")];
    const text = lines.filter(Boolean).join(" ");
    set_text(this.banner, text);
    this.banner.hidden = text === "";
    this.banner.classList.toggle("mild", !lost && !this.trouble);
    this.node.classList.toggle("stale", lost);
  }

  // [[name of the dictionary, value, whether it is bad], ...]
  show_stats(entries) {
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

async function begin() {
  set_language(language);
  if (!token()) return sign_in(start);
  try {
    const me = await read("Auth/Me");
    sample_clock(me);
    start(me);
  } catch (error) {
    if (error.code === "unauthenticated") return sign_in(start, t("session_over"));
    fill(document.body, el("main", { class: "plain" }, el("p", { class: "banner", role: "alert" }, problem_text(error))));
    setTimeout(begin, kRound);
  }
}
begin();
