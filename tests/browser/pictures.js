#!/usr/bin/env node
// Pictures of every room, at 1366x768 and 1920x1080: to look at, and for README.md.
//
//     tests/browser/pictures.js BUILD [OUT]     into OUT, else BUILD/pictures; `OUT` docs/images keeps README's alone
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";

const [build, out] = process.argv.slice(2);
if (!build) {
  console.error("usage: tests/browser/pictures.js BUILD [OUT]: BUILD holds quanzud and quanzu, such as build/debug");
  process.exit(2);
}
process.env.QUANZU_BUILD = resolve(build);
const { open_console, the_browser } = await import("./browser.js");
const { Server, kBegin, shipped } = await import("./server.js");

const kReadme = { desk: "console", rules: "rules", wall: "wall" }; // room -> file in docs/images
const kSizes = [[1366, 768], [1920, 1080]];
const folder = out ?? `${build}/pictures`;
mkdirSync(folder, { recursive: true });

const kMessages = [
  [1, "0085261234567", "您的银行账户涉嫌洗钱已被冻结，请立即联系专案组王警官将资金转入安全账户"],
  [1, "0085261230000", "我是市公安局民警，你名下账户涉及一起洗钱案，请下载会议软件配合调查，不要告诉家人"],
  [2, "17012345678", "刷单兼职日结，每单返佣金，先做任务再垫付，加客服微信"], [3, "17012345679", "点赞关注就返利，做任务日赚三百，垫资后返本金和佣金"],
  [4, "16212345678", "您的贷款已审批，放款前需先交保证金解冻账户"], [5, "17112345678", "抖音客服：您误开会员每月扣费，点链接取消，需提供验证码"],
  [6, "17012345670", "内部消息，跟着老师操作稳赚不赔，下载平台入金即送"], [7, "17012345671", "您的征信异常，请配合注销校园贷账户，否则影响信用"],
];

// A street in the middle of a working day.
async function populate(server) {
  for (const [number, reason] of [["13900003001", "dissuaded"], ["13900003002", "dissuaded"], ["13900003003", "self_recognised"], ["13900003004", "stop_payment"]]) {
    await server.open("wang", number, { level: "critical", fraud_type: "loan" });
    const { task, case: of } = await server.call("wang", "Cases/ClaimNext");
    const attempt = { task_id: task.task_id, version: of.version, result: "reached", identity: "called_back", line_cut: true, stopped_by: "operator" };
    const { case: reached } = await server.call("wang", "Cases/RecordAttempt", attempt);
    await server.call("wang", "Cases/Close", { case_id: reached.case_id, version: reached.version, reason });
  }
  await server.send(kMessages.map(([n, peer, text]) => ({ "kind": "sms", "resident.number": `1390000${1000 + n}`, "peer.number": peer, text })));
  await server.open("li", "13900002001", { level: "critical", fraud_type: "impersonate_police", text: "银行柜面来电：老人正要向“安全账户”汇款" });
  await server.open("li", "13900002002", { level: "high", fraud_type: "loan", text: "居民来电：贷款要先交保证金" });
  await server.call("telecom", "Feed/Push", { signals: [{ "kind": "sms", "resident.number": "12", "text": "…", "at": kBegin }] });
}

const kRooms = [
  ["desk", "li", "", async (page) => {
    await page.keyboard.press("F2");
    await page.locator(".outcomes").waitFor();
    await page.keyboard.press("1");
  }],
  ["paste", "wang", "", (page) => page.getByRole("button", { name: "粘贴指令" }).click()],
  ["results", "chen", "#results"], ["truth", "chen", "#truth"], ["wall", "chen", "#wall"], ["rules", "zhao", "#rules"], ["feeds", "chen", "#feeds"],
];

const cleanups = [];
const t = { after: (work) => cleanups.unshift(work) };
const server = await Server.start(t, { li: "operator", wang: "operator", chen: "supervisor", zhao: "approver" }, [], shipped);
try {
  await populate(server);
  for (const [room, user, hash, act] of kRooms) {
    for (const size of kSizes) {
      const name = out ? kReadme[room] : `${room}-${size[0]}`;
      if (!name || (out && size !== kSizes[0])) continue;
      const page = await open_console(t, server, user, { hash, size });
      await page.locator("main").first().waitFor();
      await page.waitForLoadState("networkidle").catch(() => null);
      await act?.(page);
      await page.screenshot({ path: `${folder}/${name}.png` });
      await page.context().close();
      console.log(`${folder}/${name}.png`);
    }
  }
} finally {
  for (const work of cleanups) await work();
  await (await the_browser()).close();
}
