// What can't wait to be looked at: a critical case that nobody has taken is rung and announced once, when it appears.
import { el, set_text } from "./dom.js";
import { live_tasks } from "./queue.js";
import { t } from "./words.js";

const kSound = "quanzu.sound";

function ring() {
  const context = new AudioContext();
  for (const [at, pitch] of [[0, 880], [0.22, 660], [0.44, 880]]) {
    const tone = new OscillatorNode(context, { frequency: pitch });
    const volume = new GainNode(context, { gain: 0.2 });
    tone.connect(volume).connect(context.destination);
    tone.start(context.currentTime + at);
    tone.stop(context.currentTime + at + 0.18);
    if (at > 0.4) tone.onended = () => context.close();
  }
}

export class Alarm {
  constructor() {
    this.known = null; // the ids of the reading before; at first everything is known
    this.sound = localStorage.getItem(kSound) !== "off";
    this.announced = el("span", { class: "announced", role: "alert" });
    this.button = el("button", { class: "sound", "aria-pressed": String(this.sound), onclick: () => this.toggle() }, this.sound ? t("sound_on") : t("sound_off"));
  }

  toggle() {
    this.sound = !this.sound;
    localStorage.setItem(kSound, this.sound ? "on" : "off");
    this.button.setAttribute("aria-pressed", String(this.sound));
    set_text(this.button, this.sound ? t("sound_on") : t("sound_off"));
  }

  look(cases) {
    const free = cases.filter((of) => of.level === "critical" && live_tasks(of).length > 0 && live_tasks(of).every((task) => !task.owner));
    const fresh = this.known === null ? [] : free.filter((of) => !this.known.has(of.case_id));
    this.known = new Set(cases.filter((of) => of.level === "critical").map((of) => of.case_id));
    if (fresh.length > 0 && this.sound) ring();
    const [first] = fresh;
    if (first) set_text(this.announced, t("critical_waits", { who: first.subject.name || first.subject.place || first.case_id }));
    else if (free.length === 0) set_text(this.announced, "");
  }
}
