// The link is cut and comes back, the session ends, the server stops taking writes: nothing that was typed is lost or done twice.
import assert from "node:assert/strict";
import { hold, open_console, sign_in } from "./browser.js";
import { Server } from "./server.js";
import { test } from "./testing.js";

const get = (server, case_id) => server.call("wang", "Cases/Get", { case_id }).then((answer) => answer.case);

// A desk of li with one case claimed.
async function claimed(t) {
  const server = await Server.start(t, { li: "operator", wang: "operator" });
  const { case_id } = await server.open("wang", "13900001001", { fraud_type: "loan" });
  const page = await open_console(t, server, "li");
  await page.locator(".row").first().waitFor();
  await page.keyboard.press("F2");
  await page.locator(".outcomes").waitFor();
  return { server, case_id, page };
}

test("what is saved while the link is down waits for it, and is done once", async (t) => {
  const { server, case_id, page } = await claimed(t);
  await page.context().setOffline(true);
  await page.keyboard.press("4");
  await page.keyboard.insertText("断线时记的");
  await page.keyboard.press("Control+Enter");
  await page.locator(".work .said").filter({ hasText: "已排队" }).waitFor();
  await page.locator(".banner").filter({ hasText: "1 项提交在等待连接" }).waitFor();
  assert.match(await page.locator(".banner").innerText(), /与服务器断开。页面上是 \d\d:\d\d:\d\d 的数据/);
  assert.match(await page.locator(".link").innerText(), /断开/);
  assert.equal(await page.locator(".row").count(), 1, "the last queue stays");
  assert.equal((await get(server, case_id)).attempts.length, 0);
  await page.context().setOffline(false);
  await page.locator(".timeline li").filter({ hasText: "断线时记的" }).waitFor();
  await page.locator(".banner").filter({ hasText: "手动时钟" }).waitFor();
  assert.equal((await get(server, case_id)).attempts.length, 1);
});

test("a write whose answer was lost on the way is done once", async (t) => {
  const { server, case_id, page } = await claimed(t);
  let lost = 0;
  await page.route(/Cases\/RecordAttempt/, async (route) => {
    if (lost++ > 0) return route.continue();
    await route.fetch(); // the server has it
    return route.abort("connectionreset");
  });
  await page.keyboard.press("4");
  await page.keyboard.press("Control+Enter");
  await page.locator(".timeline li").first().waitFor();
  assert.ok(lost > 1, "it was sent again");
  assert.equal((await get(server, case_id)).attempts.length, 1);
});

test("a session that ends in the middle of a note is signed in again in place, and the note is kept", async (t) => {
  const { server, case_id, page } = await claimed(t);
  await page.keyboard.press("4");
  await page.keyboard.insertText("写到一半");
  await server.call("root", "Admin/DisableUser", { name: "li" });
  await page.locator("dialog.sign-in").filter({ hasText: "登录已失效" }).waitFor();
  assert.equal(await page.locator("dialog.sign-in").count(), 1);
  await page.locator("dialog.sign-in input").fill(server.tokens.li);
  await page.keyboard.press("Enter");
  await page.locator("dialog.sign-in .said").filter({ hasText: "令牌无效" }).waitFor();
  await server.call("root", "Admin/DisableUser", { name: "li", disabled: false });
  await sign_in(page, server.tokens.li);
  assert.equal(await page.getByLabel("备注").first().inputValue(), "写到一半");
  await page.getByLabel("备注").first().focus();
  await page.keyboard.insertText("，续上");
  await page.keyboard.press("Control+Enter");
  await page.locator(".timeline li").filter({ hasText: "写到一半，续上" }).waitFor();
  assert.equal((await get(server, case_id)).attempts.length, 1);
});

test("another person who signs in after that does not get the note", async (t) => {
  const { server, page } = await claimed(t);
  await page.keyboard.press("4");
  await page.keyboard.insertText("只属于 li");
  await server.call("root", "Admin/DisableUser", { name: "li" });
  await page.locator("dialog.sign-in").waitFor();
  await sign_in(page, server.tokens.wang);
  await page.locator(".who-i-am").filter({ hasText: "wang" }).waitFor();
  assert.equal(await page.locator(".work form").count(), 0);
  assert.ok(!(await page.content()).includes("只属于 li"));
});

test("a server that takes no writes, one that is slow and a queue without work are told apart", async (t) => {
  const server = await Server.start(t, { li: "operator" });
  const page = await open_console(t, server, null);
  const go_on = await hold(page, /Cases.List/);
  await sign_in(page, server.tokens.li);
  await page.locator(".queue .state").filter({ hasText: "正在读取" }).waitFor();
  go_on();
  await page.locator(".queue .state").filter({ hasText: "没有在办案件" }).waitFor();
  const refuse = (route) => route.fulfill({ status: 503, json: { code: "unavailable", message: "disk full" } });
  await page.route(/Cases\/(List|ClaimNext)/, refuse);
  await page.locator(".banner").filter({ hasText: "服务器暂时只读：disk full" }).waitFor();
  await page.keyboard.press("F2");
  await page.locator(".bar-top .said").filter({ hasText: "disk full" }).waitFor();
  assert.match(await page.locator(".link").innerText(), /实时/, "the link is up");
  await page.unroute(/Cases\/(List|ClaimNext)/, refuse);
  await page.locator(".banner").filter({ hasText: "手动时钟" }).waitFor();
});
