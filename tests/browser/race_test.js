// Two operators want one case, and a version that is no longer the newest.
import assert from "node:assert/strict";
import { hold, open_console } from "./browser.js";
import { Server, brushing } from "./server.js";
import { test } from "./testing.js";

const get = (server, case_id) => server.call("li", "Cases/Get", { case_id }).then((answer) => answer.case);
const kReadings = /Cases.(List|Get|Counts)/;
const open_case = (page) => new URL(page.url()).hash.slice(1);

test("two operators who claim the next at once get two cases", async (t) => {
  const server = await Server.start(t, { li: "operator", wang: "operator" });
  await server.send([1, 2].map(brushing));
  const pages = await Promise.all(["li", "wang"].map((name) => open_console(t, server, name)));
  await Promise.all(pages.map((page) => page.locator(".row").nth(1).waitFor()));
  await Promise.all(pages.map((page) => page.keyboard.press("F2")));
  await Promise.all(pages.map((page) => page.locator(".outcomes").waitFor()));
  const [mine, his] = pages.map(open_case);
  assert.notEqual(mine, his);
  assert.deepEqual([(await get(server, mine)).tasks[0].owner, (await get(server, his)).tasks[0].owner], ["li", "wang"]);
  await pages[0].keyboard.press("F2");
  await pages[0].locator(".bar-top .said").filter({ hasText: "没有等待领取的任务" }).waitFor();
});

test("who loses the race for a case is told who has it", async (t) => {
  const server = await Server.start(t, { li: "operator", wang: "operator" });
  const { case_id, tasks, version } = await server.open("li", "13900001001");
  const page = await open_console(t, server, "li", { hash: `#${case_id}` });
  const claim = page.locator(".tasks").getByRole("button", { name: "领取" });
  await claim.waitFor();
  const go_on = await hold(page, kReadings);
  await server.call("wang", "Cases/Claim", { task_id: tasks[0].task_id, version });
  const lost = page.waitForResponse(/Cases\/Claim/);
  await claim.click();
  assert.equal((await lost).status(), 409);
  await page.locator(".tasks .said").filter({ hasText: "现由 wang 办理" }).waitFor();
  go_on();
  await page.locator(".tasks .about").filter({ hasText: "wang" }).waitFor();
  assert.equal(await claim.count(), 0);
  await page.locator(".queue .who").filter({ hasText: "● wang" }).waitFor();
});

test("a stale version is refused, and the note that was typed is sent with the newest", async (t) => {
  const server = await Server.start(t, { li: "operator", wang: "operator" });
  const { case_id } = await server.open("li", "13900001001", { fraud_type: "loan" });
  const page = await open_console(t, server, "li");
  await page.locator(".row").first().waitFor();
  await page.keyboard.press("F2");
  await page.locator(".outcomes").waitFor();
  await page.keyboard.press("4");
  await page.keyboard.insertText("第一次未接");
  const go_on = await hold(page, kReadings);
  await server.call("wang", "Cases/Correct", { case_id, field: "fraud_type", value: "credit", why: "话术是征信" });
  const refused = page.waitForResponse(/Cases\/RecordAttempt/);
  await page.keyboard.press("Control+Enter");
  assert.equal((await refused).status(), 409);
  const said = page.locator(".work form").first().locator(".said");
  await said.filter({ hasText: /有人抢先一步|已有新内容/ }).waitFor();
  go_on();
  await page.locator(".lines").filter({ hasText: "虚假征信" }).waitFor();
  assert.equal(await page.getByLabel("备注").first().inputValue(), "第一次未接");
  await page.getByLabel("备注").first().focus();
  await page.keyboard.press("Control+Enter");
  await page.locator(".timeline li").filter({ hasText: "第一次未接" }).waitFor();
  assert.equal((await get(server, case_id)).attempts.length, 1);
});

test("a closing that is still on its way when another case is opened closes its own case", async (t) => {
  const server = await Server.start(t, { li: "operator" });
  const first = await server.open("li", "13900001001", { level: "high", fraud_type: "loan" });
  const second = await server.open("li", "13900001002", { fraud_type: "loan" });
  const page = await open_console(t, server, "li");
  await page.locator(".row").nth(1).waitFor();
  await page.keyboard.press("F2");
  await page.locator(".outcomes").waitFor();
  await page.keyboard.press("1");
  await page.locator(".asked select").first().selectOption("called_back");
  await page.locator(".asked .check input").check();
  const go_on = await hold(page, /Cases.RecordAttempt/);
  await page.keyboard.press("Control+Enter");
  await page.keyboard.press("Control+Enter"); // an impatient person
  await page.locator(".row").nth(1).click();
  await page.locator(".case h2").filter({ hasText: "139****1002" }).waitFor();
  go_on();
  await page.locator(".row").nth(1).waitFor({ state: "detached" });
  const closed = await get(server, first.case_id);
  assert.deepEqual([closed.closing?.reason, closed.attempts.length], ["dissuaded", 1]);
  const other = await get(server, second.case_id);
  assert.deepEqual([other.state, other.version], ["open", second.version]);
  assert.equal(open_case(page), second.case_id, "nobody is called away");
});
