// The desk: the operator's round from a claim to the next one, on the keyboard alone.
import assert from "node:assert/strict";
import { assert_accessible, open_console } from "./browser.js";
import { Human } from "./human.js";
import { Server, brushing } from "./server.js";
import { test } from "./testing.js";

const kInstruction = `【预警指令】编号：YJ20261124-000123
下发单位：市局反诈中心
下发时间：2026-11-24 09:55:00
预警等级：高
诈骗类型：虚假贷款
居民手机号：139 0000 1111，涉诈号码 00852 61234567
请15分钟内签收，4小时内见面劝阻并反馈。`;

const outcome = (page, n) => page.locator(".outcomes label").nth(n - 1);
const get = (server, case_id) => server.call("li", "Cases/Get", { case_id }).then((answer) => answer.case);

test("a round from a claim to the next one is done on the keyboard alone", async (t) => {
  const server = await Server.start(t, { li: "operator" });
  await server.send([1, 2].map(brushing));
  const page = await open_console(t, server, "li");
  await page.locator(".row").nth(1).waitFor();
  await page.keyboard.press("F2");
  await page.locator(".outcomes").waitFor();
  const first = new URL(page.url()).hash.slice(1);
  await page.keyboard.press("1");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown"); // called back
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab"); // who stopped it is set already
  await page.keyboard.press("Space"); // the line is cut
  await page.keyboard.press("Tab");
  await page.keyboard.type("约好不再刷单 123"); // digits in a note are no keys
  await page.keyboard.press("Control+Enter");
  await page.waitForFunction((before) => location.hash.length > 1 && location.hash.slice(1) !== before, first);
  const closed = await get(server, first);
  assert.equal(closed.state, "following_up");
  assert.deepEqual([closed.closing.reason, closed.attempts.length, closed.attempts[0].identity, closed.attempts[0].note],
    ["dissuaded", 1, "called_back", "约好不再刷单 123"]);
  const second = await get(server, new URL(page.url()).hash.slice(1));
  assert.equal(second.tasks[0].owner, "li");
});

test("each of the keys 1 to 6 does what its label says", async (t) => {
  const server = await Server.start(t, { li: "operator" });
  const page = await open_console(t, server, "li");
  const rounds = [
    [2, [], (of) => [of.state, of.attempts.at(-1).result], ["open", "reached"]],
    [3, [], (of) => [of.attempts.at(-1).result, of.tasks.some((task) => task.type === "visit")], ["disbelieves", true]],
    [4, [], (of) => [of.attempts.at(-1).result, of.tasks[0].state], ["no_answer", "waiting"]],
    [5, ["是快递员本人"], (of) => [of.closing.reason, of.closing.proof, of.attempts.length], ["false_alarm", "是快递员本人", 0]],
    [6, [], (of) => [of.attempts.at(-1).result, of.tasks.some((task) => task.type === "visit")], ["refused", true]],
  ];
  for (const [key, typed, seen, expected] of rounds) {
    await t.test(`key ${key}`, async () => {
      const { case_id } = await server.open("li", `1390000100${key}`, { fraud_type: "loan" });
      await page.locator(".row").first().waitFor();
      await page.keyboard.press("F2");
      await page.waitForURL(`**/#${case_id}`);
      await page.locator(".outcomes").waitFor();
      await page.keyboard.press("F8");
      await page.keyboard.press(String(key));
      assert.equal(await outcome(page, key).locator("input").isChecked(), true);
      for (const text of typed) await page.keyboard.insertText(text);
      const saved = page.waitForResponse((reply) => /RecordAttempt|Close/.test(reply.url()));
      await page.locator(".work form").first().locator("button.primary").click();
      assert.equal((await saved).status(), 200);
      assert.deepEqual(seen(await get(server, case_id)), expected);
      // Nothing of it is left for the next round.
      for (const task of (await get(server, case_id)).tasks.filter((each) => each.owner === "li")) {
        await server.call("li", "Cases/Release", { task_id: task.task_id });
      }
      for (const { case_id: open, version, state } of (await server.call("li", "Cases/List", {})).cases) {
        if (state === "open") await server.call("li", "Cases/Close", { case_id: open, version, reason: "wrong_user" });
      }
      await page.locator(".row").first().waitFor({ state: "detached" });
      await page.locator("h1").click();
    });
  }
});

test("what is missing for a key's outcome is asked for before anything is sent", async (t) => {
  const server = await Server.start(t, { li: "operator" });
  const { case_id } = await server.open("li", "13900001001", { level: "critical", fraud_type: "impersonate_police" });
  const page = await open_console(t, server, "li");
  await page.locator(".row").first().waitFor();
  await page.keyboard.press("F2");
  await page.locator(".outcomes").waitFor();
  const said = page.locator(".work form").first().locator(".said");
  await page.keyboard.press("1");
  await page.keyboard.press("Control+Enter");
  await said.filter({ hasText: "身份核实" }).waitFor();
  await page.keyboard.press("ArrowDown"); // a question alone, which a critical case is not closed by
  await page.keyboard.press("Control+Enter");
  await said.filter({ hasText: "断开联系" }).waitFor();
  assert.equal((await get(server, case_id)).attempts.length, 0);
  await page.locator(".asked .check input").check();
  await page.keyboard.press("Control+Enter");
  await said.filter({ hasText: "联系结果已保存，结案未完成" }).waitFor();
  const of = await get(server, case_id);
  assert.deepEqual([of.state, of.attempts.length], ["open", 1]);
  await page.locator(".asked select").first().selectOption("called_back");
  await page.keyboard.press("Control+Enter");
  await page.waitForFunction(() => document.querySelector(".queue .rows").children.length === 0);
  assert.equal((await get(server, case_id)).closing.reason, "dissuaded");
});

test("keys rest while an input method composes, and help and the command bar open by theirs", async (t) => {
  const server = await Server.start(t, { li: "operator" });
  const { case_id } = await server.open("li", "13900001001");
  const page = await open_console(t, server, "li");
  await page.locator(".row").first().waitFor();
  await page.evaluate(() => document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "F2", isComposing: true, bubbles: true })));
  await page.evaluate(() => document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "F2", keyCode: 229, bubbles: true })));
  await page.keyboard.press("?");
  await page.locator("dialog.help").filter({ hasText: "Ctrl+Enter" }).waitFor();
  await assert_accessible(page);
  await page.keyboard.press("F2"); // not behind a dialog
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  await page.locator("dialog.command input").waitFor();
  await page.keyboard.type("c-");
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/#${case_id}`);
  assert.equal((await get(server, case_id)).tasks[0].owner, "");
});

test("the queue is walked by arrows, and stands still while a row has the focus", async (t) => {
  const server = await Server.start(t, { li: "operator" });
  await server.open("li", "13900001001", { level: "high" });
  await server.open("li", "13900001002");
  const page = await open_console(t, server, "li");
  const names = () => page.locator(".row b").allInnerTexts();
  await page.locator(".row").nth(1).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.locator(".case h2").filter({ hasText: "139****1002" }).waitFor();
  await server.open("li", "13900001003", { level: "critical" });
  await page.locator(".row").nth(2).waitFor();
  await page.locator(".announced").filter({ hasText: "139****1003" }).waitFor();
  assert.deepEqual(await names(), ["139****1001", "139****1002", "139****1003"]);
  await page.locator("h1").click(); // the focus leaves
  await page.locator(".row").first().filter({ hasText: "139****1003" }).waitFor();
  assert.deepEqual(await names(), ["139****1003", "139****1001", "139****1002"]);
});

test("a new operator pastes an instruction, records a call and a visit and copies the feedback in under three minutes", async (t) => {
  const server = await Server.start(t, { li: "operator" });
  const page = await open_console(t, server, "li");
  await page.locator(".queue .state").filter({ hasText: "没有在办案件" }).waitFor();
  const human = new Human(page);
  await human.click(page.getByRole("button", { name: "粘贴指令" }));
  await human.type("");
  await page.evaluate((text) => navigator.clipboard.writeText(text), kInstruction);
  await human.press("Control+v");
  await page.locator("dialog.paste").getByLabel("指令编号").waitFor();
  for (const field of await page.locator(".pasted .field").all()) human.read(await field.innerText());
  human.read(kInstruction);
  await human.press("Enter");
  await page.locator(".tasks li").filter({ hasText: "电话劝阻" }).waitFor();
  human.think();
  for (const task of ["电话劝阻", "上门见面", "反馈"]) {
    await human.click(page.locator(".tasks li").filter({ hasText: task }).getByRole("button", { name: "领取" }));
    await page.locator(".tasks li").filter({ hasText: task }).getByRole("button", { name: "退回队列" }).waitFor();
  }
  human.think();
  await human.press("4");
  await human.type("响铃无人接");
  await human.press("Control+Enter");
  await page.locator(".timeline li").filter({ hasText: "无人接听" }).waitFor();
  const visit = page.locator(".work form").filter({ hasText: "上门见面" });
  human.think();
  await human.click(visit.getByText("已见面", { exact: true }));
  await human.choose(visit.getByLabel("身份核实"), "face_to_face");
  await human.click(visit.getByText("已断开联系"));
  await human.click(visit.getByLabel("备注"));
  await human.type("本人已卸载软件，民警在场");
  await human.click(visit.getByRole("button", { name: "保存" }));
  await page.locator(".timeline li").filter({ hasText: "已见面" }).waitFor();
  const feedback = page.locator(".work form").filter({ hasText: "反馈预警指令" });
  await human.click(feedback.getByRole("button", { name: "重新生成" }));
  await page.waitForFunction(() => [...document.querySelectorAll(".work textarea")].some((each) => each.value.includes("已见面")));
  human.read(await feedback.locator("textarea").inputValue());
  await human.click(feedback.getByRole("button", { name: "复制反馈单" }));
  await feedback.getByText("已复制").waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  for (const word of ["YJ20261124-000123", "市局反诈中心", "虚假贷款", "139****1111", "已见面", "民警在场"]) assert.ok(copied.includes(word), copied);
  assert.ok(!copied.includes("13900001111"), "the sheet shows a whole number");
  assert.ok(human.seconds > 20 && human.seconds < 180, `${human.seconds} s of human pace`);
  assert.equal(await feedback.getByLabel("处置").inputValue(), "met");
  await human.click(feedback.getByRole("button", { name: "保存" }));
  const answered = page.waitForFunction(() => !document.querySelector(".work")?.innerText.includes("反馈预警指令"));
  await answered;
  assert.equal((await server.call("li", "Instructions/List", {})).instructions[0].state, "fed_back");
});

test("a message's text is shown as text, whatever stands in it", async (t) => {
  const server = await Server.start(t, { li: "operator" });
  const text = "刷单<img src=x onerror=alert(1)><script>alert(2)</script>";
  await server.send([{ ...brushing(1), text }]);
  const page = await open_console(t, server, "li");
  page.on("dialog", () => assert.fail("a script in a message ran"));
  await page.locator(".row").first().click();
  const quoted = page.locator(".reasons q");
  await quoted.waitFor();
  assert.equal(await quoted.textContent(), text);
  assert.equal(await page.locator(".reasons mark").first().textContent(), "刷单");
});
