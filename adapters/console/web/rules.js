// Rules: the live pack with each rule's state and what it has said, switching one, what going over to the folder would mean,
// publishing, going back, shadow, and the checker's messages on a text.
import { read, write } from "./api.js";
import { Checker } from "./checker.js";
import { el, fill, moment } from "./dom.js";
import { problem_text } from "./forms.js";
import { State, cell, number, table } from "./state.js";
import { t, word } from "./words.js";

const kMaySwitch = ["approver", "supervisor", "admin"];
const kMayPublish = ["approver", "admin"];
const kMayPreview = ["author", "approver", "admin"];

// Asks for a reason in place, since a rule that is off must say why to those who wonder.
function switcher(rule, done) {
  const off = rule.state === "off";
  const why = el("input", { maxlength: 200, required: true, "aria-label": t("why"), placeholder: t("why") });
  const said = el("span", { class: "said", role: "status" });
  const submit = async (event) => {
    event.preventDefault();
    try {
      await write("Rules/Switch", { rule: rule.rule, on: off, why: why.value });
      done();
    } catch (error) {
      fill(said, problem_text(error));
    }
  };
  const form = el("form", { class: "switch", hidden: true, onsubmit: submit }, why, el("button", { class: "primary" }, off ? t("switch_on") : t("switch_off")), said);
  const open = el("button", { type: "button", onclick: () => {
    form.hidden = !form.hidden;
    if (!form.hidden) why.focus();
  } }, off ? t("switch_on") : t("switch_off"), el("span", { class: "unseen" }, ` ${rule.rule}`));
  return [open, form];
}

export class Rules {
  constructor(me) {
    this.me = me;
    this.state = new State(() => this.refresh());
    this.filter = el("input", { type: "search", "aria-label": t("find_rule"), placeholder: t("find_rule"), oninput: () => this.draw() });
    this.list = el("div");
    this.change = el("section", { class: "panel change", "aria-live": "polite", hidden: true });
    const button = (may, name, work, primary = false) => may.includes(me.role) && el("button", { type: "button", class: primary ? "primary" : null, onclick: work }, t(name));
    this.node = el("main", { class: "page" },
      el("div", { class: "bar" }, el("h2", {}, t("rules")), this.filter,
        button(kMayPreview, "preview", () => this.preview()), button(kMayPublish, "publish", () => this.publish(), true),
        button(kMayPublish, "rollback", () => this.roll_back()), button(kMayPreview, "shadow", () => this.shadow({}))),
      this.change, this.state.node, this.list);
    if (kMayPreview.includes(me.role)) this.node.append(new Checker().node);
  }

  shown() {
    this.refresh();
  }

  async refresh() {
    try {
      const answer = await read("Rules/List");
      this.rules = answer.rules;
      if (this.rules.length === 0) {
        fill(this.list);
        return this.state.empty(t("no_rules"));
      }
      const off = this.rules.filter((rule) => rule.state === "off").length;
      this.state.note(t("rules_live", { version: answer.version, n: this.rules.length, off, hash: answer.hash.slice(0, 12) }));
      this.draw();
    } catch (error) {
      this.state.failed(error);
    }
  }

  draw() {
    const words = this.filter.value.trim().toLowerCase();
    const fits = (rule) => `${rule.rule} ${rule.title} ${word("fraud", rule.fraud_type)} ${rule.fraud_type}`.toLowerCase().includes(words);
    const found = (this.rules ?? []).filter(fits);
    fill(this.list, found.length === 0 ? el("p", { class: "state" }, t("no_rule_fits"))
      : table(["rule_state", "rule", "fraud_type", "rule_stage", "weight", "alerts_today", "held_back", "actions"], found.map((rule) => this.row(rule)), { label: t("rules") }));
  }

  row(rule) {
    const limit = rule.max_alerts_per_day ? ` / ${rule.max_alerts_per_day}` : "";
    const today = rule.day ? `${rule.alerts_that_day ?? 0}${limit}` : limit ? `0${limit}` : "–";
    return el("tr", { class: rule.state === "off" ? "off" : null }, el("td", { class: `rule-state ${rule.state}` }, word("rule_state", rule.state)),
      el("th", { scope: "row" }, rule.title, el("small", {}, ` ${rule.rule} · ${rule.version}`), rule.why && el("small", { class: "why-off" }, `${t("why")}：${rule.why}`)),
      cell(word("fraud", rule.fraud_type)), cell(word("stage", rule.stage)), number(rule.weight / 1000), number(today), number(rule.held_back ?? "–"),
      cell(kMaySwitch.includes(this.me.role) ? switcher(rule, () => this.refresh()) : ""));
  }

  tell(title, ...content) {
    this.change.hidden = false;
    fill(this.change, el("h3", {}, title), ...content);
  }

  async ask(title, method, body, show, is_write = false) {
    this.tell(title, el("p", { class: "state" }, t("loading")));
    try {
      show(await (is_write ? write(method, body) : read(method, body)));
    } catch (error) {
      this.tell(title, el("p", { class: "said" }, problem_text(error)));
    }
  }

  preview() {
    return this.ask(t("preview"), "Rules/Preview", {}, (next) => {
      const names = (title, list) => list.length > 0 && el("div", {}, el("dt", {}, `${t(title)} ${list.length}`), el("dd", {}, list.join("、")));
      const cost = next.ns_per_signal;
      const same = next.added.length + next.changed.length + next.removed.length === 0;
      this.tell(t("preview"), same && el("p", {}, t("preview_same")),
        el("dl", { class: "pairs" }, names("added", next.added), names("changed_rules", next.changed), names("removed", next.removed),
          names("start_empty", next.windows.start_empty),
          el("div", {}, el("dt", {}, t("cost")), el("dd", {}, cost.live !== null && cost.next !== null ? t("cost_told", { live: Math.round(cost.live), next: Math.round(cost.next), texts: cost.texts }) : t("cost_unknown"))),
          el("div", {}, el("dt", {}, t("rules")), el("dd", {}, `${next.rules} · ${t("always", { n: next.evaluated_for_every_signal })}`))));
    });
  }

  publish() {
    return this.ask(t("publish"), "Rules/Publish", {}, (done) => {
      this.tell(t("publish"), el("p", {}, done.changed ? t("published", { before: done.before, version: done.version, n: done.rules }) : t("publish_same")));
      this.refresh();
    }, true);
  }

  roll_back() {
    return this.ask(t("rollback"), "Rules/Rollback", {}, (done) => {
      this.tell(t("rollback"), el("p", {}, t("published", { before: done.before, version: done.version, n: done.rules })));
      this.refresh();
    }, true);
  }

  shadow(body) {
    return this.ask(t("shadow"), "Rules/Shadow", body, (told) => {
      const begin = el("button", { type: "button", onclick: () => this.shadow({ on: true }) }, told.on ? t("shadow_again") : t("shadow_begin"));
      if (!told.on) return this.tell(t("shadow"), el("p", {}, t("shadow_off")), begin);
      const end = el("button", { type: "button", onclick: () => this.shadow({ on: false }) }, t("shadow_end"));
      const pair = (name, value) => el("div", {}, el("dt", {}, t(name)), el("dd", {}, value));
      this.tell(t("shadow"), el("p", { class: "state" }, `${t("since")} ${moment(told.since, Date.now())}`),
        el("dl", { class: "pairs" }, pair("signals", told.signals), pair("alerts_shadow_live", `${told.alerts.shadow} / ${told.alerts.live}`),
          pair("residents_shadow_live", `${told.residents.shadow} / ${told.residents.live}`), pair("residents_gained_lost", `+${told.residents.gained} −${told.residents.lost}`)),
        el("div", { class: "buttons" }, begin, end));
    });
  }
}
