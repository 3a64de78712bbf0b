// A person at the console, who takes time: the keystroke-level model (Card, Moran, Newell 1980) says how long each act takes a
// person of average skill, and reading aloud to oneself takes as long as Chinese is read. Nothing waits; the times are added up.

const kKey = 0.28; // s, a key by an average typist
const kPoint = 1.1; // a pointing with the mouse
const kClick = 0.2;
const kHome = 0.4; // a hand from keyboard to mouse, or back
const kThink = 1.35; // making up one's mind
const kRead = 60 / 255; // a Chinese character
const kInput = 3; // keys for a Chinese character by an input method

const is_chinese = (character) => /\p{Script=Han}/u.test(character);

export class Human {
  constructor(page) {
    this.page = page;
    this.seconds = 0;
    this.at_mouse = false;
  }

  reach(mouse) {
    if (this.at_mouse !== mouse) this.seconds += kHome;
    this.at_mouse = mouse;
  }

  think() {
    this.seconds += kThink;
  }

  read(text) {
    this.seconds += [...text].filter((each) => each.trim()).length * kRead;
  }

  async press(...keys) {
    this.reach(false);
    for (const key of keys) {
      this.seconds += kKey * key.split("+").length;
      await this.page.keyboard.press(key);
    }
  }

  async type(text) {
    this.reach(false);
    this.seconds += [...text].reduce((sum, each) => sum + kKey * (is_chinese(each) ? kInput : 1), 0);
    await this.page.keyboard.insertText(text);
  }

  async click(locator) {
    this.reach(true);
    this.seconds += kPoint + kClick;
    await locator.click();
  }

  async choose(locator, value) {
    this.reach(true);
    this.seconds += 2 * (kPoint + kClick) + kThink;
    await locator.selectOption(value);
  }
}
