// The console as a person has it: a page of Debian's chromium, signed in, whose errors and policy reports fail the test.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { chromium } from "playwright-core";
import { after_all } from "./testing.js";

const kAxe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const kPatience = 120_000; // ms, a bound for a loaded machine, not a measure
const kArguments = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
  "--disable-gpu", "--disable-dev-shm-usage"];

let browser = null;
after_all(() => browser?.close());

export async function the_browser() {
  browser ??= await chromium.launch({
    executablePath: process.env.QUANZU_CHROMIUM ?? "/usr/bin/chromium", chromiumSandbox: false, args: kArguments,
  });
  return browser;
}

// A page of the console; `language` zh or en. What it must not do (throw, break its policy, ask another host) is checked
// when the test ends. With QUANZU_WEB=adapters/console/web its files come from there, so that a change needs no build.
export async function open_console(t, server, user, { language = "zh", hash = "", size = [1366, 768], allow = [] } = {}) {
  const context = await (await the_browser()).newContext({
    viewport: { width: size[0], height: size[1] }, locale: language === "zh" ? "zh-CN" : "en-GB", timezoneId: "Asia/Shanghai",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  context.setDefaultTimeout(kPatience);
  if (process.env.QUANZU_WEB) {
    await context.route("**/assets/*", (route) => route.fulfill({ path: `${process.env.QUANZU_WEB}/${basename(route.request().url())}` }));
  }
  const page = await context.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(`threw ${error.stack}`));
  page.on("request", (request) => {
    if (!/^(blob:|data:)/.test(request.url()) && !request.url().startsWith(server.url)) problems.push(`asked for ${request.url()}`);
  });
  await page.exposeFunction("tell_problem", (text) => problems.push(text));
  await page.addInitScript((wanted) => {
    localStorage.setItem("quanzu.language", localStorage.getItem("quanzu.language") ?? wanted);
    document.addEventListener("securitypolicyviolation", (event) => globalThis.tell_problem(
      `policy ${event.violatedDirective}: ${event.blockedURI || event.sample} at ${event.sourceFile}:${event.lineNumber}`));
  }, language);
  t.after(async () => {
    await context.close();
    assert.deepEqual(problems.filter((each) => !allow.some((pattern) => pattern.test(each))), []);
  });
  await page.goto(server.url + hash);
  if (user) await sign_in(page, server.tokens[user]);
  return page;
}

export async function sign_in(page, token) {
  await page.locator("dialog.sign-in input").fill(token);
  await page.keyboard.press("Enter");
  await page.locator("dialog.sign-in").waitFor({ state: "detached" });
}

// Keeps back what the page asks for, until the function that is returned lets it go on.
export async function hold(page, pattern) {
  let go_on = null;
  const gate = new Promise((done) => (go_on = done));
  await page.route(pattern, async (route) => {
    await gate;
    await route.continue();
  });
  return go_on;
}

// No finding of axe's rules for WCAG 2.2 A and AA on what is shown now.
export async function assert_accessible(page) {
  await page.evaluate(kAxe);
  const found = await page.evaluate(() => globalThis.axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"],
  }));
  assert.deepEqual(found.violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).slice(0, 3).join(" | ")}`), []);
}
