// What a room says of itself, each told apart by word and colour: it is being read, there is nothing, it could not be read (with
// what to do), or a note about what is shown. What was shown before stays.
import { ApiError } from "./api.js";
import { el, fill } from "./dom.js";
import { problem_text } from "./forms.js";
import { t } from "./words.js";

export class State {
  // `again()` is what the button after a failure does.
  constructor(again) {
    this.again = again;
    this.node = el("p", { class: "state", role: "status" });
    this.loading();
  }

  set(kind, ...content) {
    this.node.dataset.state = kind;
    fill(this.node, ...content);
  }
  loading() {
    this.set("loading", t("loading"));
  }
  empty(text) {
    this.set("empty", text);
  }
  note(text) {
    this.set("note", text);
  }
  // Of a lost link and a session that is over the frame tells. What is no answer of the server is a fault of ours.
  failed(error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === "offline" || error.code === "unauthenticated") return;
    this.set("error", problem_text(error), " ", el("button", { type: "button", onclick: () => this.again() }, t("try_again")));
  }
}

// A table whose body is filled row by row; `columns` are names of the dictionary.
export function table(columns, rows, { label }) {
  return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": label },
    el("table", {}, el("thead", {}, el("tr", {}, columns.map((name) => el("th", { scope: "col" }, t(name))))), el("tbody", {}, rows)));
}
export const cell = (...content) => el("td", {}, ...content);
export const number = (value) => el("td", { class: "number" }, typeof value === "number" ? value.toLocaleString() : value);
