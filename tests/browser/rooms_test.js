// The rooms beside the desk: results, the review of truth, the wall, rules and feeds, each for the roles that may enter.
import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { assert_accessible, open_console } from "./browser.js";
import { Server, brushing } from "./server.js";
import { test } from "./testing.js";

const kStaff = { li: "operator", chen: "supervisor", wu: "author", zhao: "approver", sun: "auditor", screen: "wall", he: "field_worker" };
const kSmallPack = fileURLToPath(new URL("../e2e/packs/small/e2e.yml", import.meta.url));

// A case of li's that he closed as dissuaded.
async function dissuaded(server, number) {
  const { case_id } = await server.open("li", number, { fraud_type: "loan" });
  const { task, case: of } = await server.call("li", "Cases/ClaimNext");
  assert.equal(of.case_id, case_id);
  const attempt = { task_id: task.task_id, version: of.version, result: "reached", identity: "called_back", line_cut: true, stopped_by: "operator" };
  const { case: reached } = await server.call("li", "Cases/RecordAttempt", attempt);
  await server.call("li", "Cases/Close", { case_id, version: reached.version, reason: "dissuaded" });
  return case_id;
}

test("each role sees its rooms and no other", async (t) => {
  const server = await Server.start(t, kStaff);
  const rooms = {
    li: ["队列", "结果"], chen: ["队列", "结果", "真实性复核", "看板", "规则", "数据源"], wu: ["结果", "规则"], zhao: ["规则"],
    sun: ["队列"], screen: ["看板"], root: ["规则", "数据源"], he: [],
  };
  for (const [user, expected] of Object.entries(rooms)) {
    const page = await open_console(t, server, user);
    await page.locator(".who-i-am").waitFor();
    assert.deepEqual(await page.locator(".tabs a").allInnerTexts(), expected, user);
    await page.locator("main").first().waitFor();
    await page.evaluate(() => (location.hash = "#feeds")); // an address is no way in
    if (!expected.includes("数据源")) assert.equal(await page.getByText("距今").count(), 0, user);
    if (user === "sun") assert.equal(await page.getByRole("button", { name: "领取下一个" }).count(), 0);
    if (user === "he") await page.getByText("还没有这个角色的页面").waitFor();
    await page.context().close();
  }
});

test("results show counts, open the cases behind them and are saved as files", async (t) => {
  const server = await Server.start(t, kStaff);
  const case_id = await dissuaded(server, "13900001001");
  await server.open("li", "13900001002", { fraud_type: "credit" });
  const page = await open_console(t, server, "chen", { hash: "#results" });
  const row = page.locator("tbody tr").filter({ hasText: "保护率" }).first();
  await row.waitFor();
  await row.getByText("不足 20，只看人数").waitFor();
  await assert_accessible(page);
  const count = row.locator("button.count").last();
  assert.equal(await count.innerText(), "2");
  await count.click();
  const behind = page.locator(".drill .behind li");
  await behind.nth(1).waitFor();
  for (const format of ["CSV", "XLSX"]) {
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: format }).click()]);
    const bytes = readFileSync(await file.path());
    assert.ok(file.suggestedFilename().endsWith(format.toLowerCase()));
    if (format === "CSV") assert.ok(bytes.toString().includes("protected_rate"));
    else assert.equal(bytes.subarray(0, 2).toString(), "PK");
  }
  await page.locator(`.drill a[href="#${case_id}"]`).click();
  await page.locator(".case h2").filter({ hasText: "139****1001" }).waitFor();
});

test("the review of truth is blind and ends in a decision", async (t) => {
  const server = await Server.start(t, kStaff);
  const page = await open_console(t, server, "chen", { hash: "#truth" });
  await page.getByText("没有等待复核的案件").waitFor();
  await assert_accessible(page);
  const case_id = await dissuaded(server, "13900001001");
  await page.locator(".review form").waitFor();
  const text = await page.locator(".review").innerText();
  assert.doesNotMatch(text, /已劝止|劝阻员|\bli\b/);
  await assert_accessible(page);
  await page.keyboard.press("1");
  await page.keyboard.press("Control+Enter");
  await page.getByText("至少选一条依据").waitFor();
  await page.getByText("本人确认内容").click();
  await page.keyboard.press("Control+Enter");
  await page.locator(".review .said").filter({ hasText: "independent_proof" }).waitFor(); // the server's criteria
  await page.getByText("独立佐证").click();
  await page.keyboard.press("Control+Enter");
  await page.getByText("本次复核 1 件").waitFor();
  assert.equal((await server.call("chen", "Cases/Get", { case_id })).case.truth.truth, "confirmed");
});

test("the wall shows counts and neither a name nor a number", async (t) => {
  const server = await Server.start(t, kStaff);
  const page = await open_console(t, server, "screen", { size: [1920, 1080] });
  await page.getByText("今天还没有案件").waitFor();
  await dissuaded(server, "13900001001");
  await server.open("li", "13900001002", { level: "critical" });
  await page.locator(".figure.critical dd").filter({ hasText: "1" }).waitFor();
  await page.getByText("已劝止").waitFor();
  await assert_accessible(page);
  assert.doesNotMatch(await page.locator("main").innerText(), /\d{3}\*{4}\d{4}|c-\d/);
});

test("rules are found, switched with a reason, previewed, published and rolled back", async (t) => {
  const server = await Server.start(t, kStaff, [], (folder) => cpSync(kSmallPack, `${folder}/packs/small/e2e.yml`));
  const page = await open_console(t, server, "zhao", { hash: "#rules" });
  await page.locator("tbody tr").nth(3).waitFor();
  await assert_accessible(page);
  await page.getByRole("searchbox").fill("safe");
  assert.equal(await page.locator("tbody tr").count(), 1);
  await page.getByRole("button", { name: "停用 e2e_safe_account" }).click();
  await page.getByLabel("原因").fill("每个快递都报");
  await page.keyboard.press("Enter");
  await page.locator("tr.off").filter({ hasText: "每个快递都报" }).waitFor();
  await page.getByRole("searchbox").fill("");
  await page.getByText("4 条，停用 1 条").waitFor();
  const change = page.locator(".change");
  await page.getByRole("button", { name: "预览变更" }).click();
  await change.getByText("目录里的规则与在用的相同").waitFor();
  const file = `${server.folder}/packs/small/e2e.yml`;
  writeFileSync(file, readFileSync(file, "utf8").replace("text|contains: 刷单", "text|contains: 刷单返利"));
  await page.getByRole("button", { name: "预览变更" }).click();
  await change.getByText("e2e_paid_orders").waitFor();
  await page.getByRole("button", { name: "发布", exact: true }).click();
  await change.getByText("第 1 版 → 第 2 版").waitFor();
  await page.getByText("第 2 版在用").waitFor();
  await page.getByRole("button", { name: "回退" }).click();
  await change.getByText("第 2 版 → 第 3 版").waitFor();
  await page.getByRole("button", { name: "影子运行" }).click();
  await change.getByText("没有规则在影子运行").waitFor();
  await page.getByRole("button", { name: "开始影子运行" }).click();
  await change.getByText("--shadow").waitFor(); // the server says what is missing
  await assert_accessible(page);
});

test("the checker's messages stand under the text, and lead to its line", async (t) => {
  const server = await Server.start(t, kStaff);
  const page = await open_console(t, server, "wu", { hash: "#rules", language: "en" });
  const text = page.getByLabel("Check a rule's text");
  await text.fill(readFileSync(kSmallPack, "utf8"));
  await page.getByText("No problem: 4 would load").waitFor();
  await text.fill(readFileSync(kSmallPack, "utf8").replace("text|contains: 刷单", "text|contians: 刷单"));
  const problem = page.locator(".problems li.error").filter({ hasText: "contians" });
  await problem.waitFor();
  assert.match(await problem.innerText(), /contains/, "the nearest correct form");
  await assert_accessible(page);
  await problem.getByRole("button").click();
  const picked = await text.evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd));
  assert.match(picked, /contians/);
});

test("feeds tell what flows and what was rejected, without the payload", async (t) => {
  const server = await Server.start(t, kStaff);
  const page = await open_console(t, server, "chen", { hash: "#feeds" });
  await page.getByText("还没有数据源接入").waitFor();
  await page.getByText("没有拒收的信号").waitFor();
  await server.send([brushing(1)]);
  await server.call("telecom", "Feed/Push", { signals: [{ ...brushing(2), "resident.number": "12" }] });
  await page.locator(".flow.flowing").first().waitFor();
  await page.getByLabel("原因").selectOption("bad_number");
  await page.locator("tbody tr").filter({ hasText: "号码不合法" }).last().waitFor();
  assert.ok(!(await page.locator("main").innerText()).includes("刷单"));
  await assert_accessible(page);
  await server.call("root", "Admin/AdvanceClock", { seconds: 3600 });
  await page.locator(".flow.quiet").first().waitFor();
  await page.getByText("没有新数据").first().waitFor();
});

test("a room that can't be read says why, and reads again when asked", async (t) => {
  const server = await Server.start(t, kStaff);
  const page = await open_console(t, server, "chen");
  const refuse = (route) => route.fulfill({ status: 500, json: { code: "internal", message: "a stored document is no JSON" } });
  await page.route(/Rules.List|Truth.Next/, refuse);
  for (const [room, word] of [["规则", "a stored document"], ["真实性复核", "a stored document"]]) {
    await page.locator(".tabs a", { hasText: room }).click();
    await page.locator('main [data-state="error"]').filter({ hasText: word }).waitFor();
  }
  const again = page.waitForRequest(/Truth.Next/);
  await page.getByRole("button", { name: "重试" }).click();
  await again;
  await page.unroute(/Rules.List|Truth.Next/, refuse);  // from here on a round of its own may come first
  await page.getByText("没有等待复核的案件").waitFor();
});
