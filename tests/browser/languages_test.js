// Both languages, both sizes and a doubled zoom: what is said is whole, fits, and is accessible.
import assert from "node:assert/strict";
import { assert_accessible, open_console } from "./browser.js";
import { Server, brushing } from "./server.js";
import { test } from "./testing.js";

const kRooms = ["", "results", "truth", "wall", "rules", "feeds"];

async function town(t) {
  const server = await Server.start(t, { li: "operator", chen: "supervisor" });
  await server.send([brushing(1), { ...brushing(2), text: "请转到安全账户" }]);
  await server.open("li", "13900001001", { level: "critical", fraud_type: "impersonate_police" });
  const { case_id, version } = await server.open("li", "13900001002", { fraud_type: "loan" });
  await server.call("li", "Cases/Close", { case_id, version, reason: "wrong_user" });
  return server;
}

async function enter(page, room) {
  await page.evaluate((hash) => (location.hash = hash), room);
  await page.locator(".tabs a[aria-current]").waitFor();
  await page.locator("main").first().waitFor();
  await page.waitForFunction(() => ![...document.querySelectorAll("main .state, .queue .state")].some((each) => /正在读取|Loading/.test(each.textContent)));
}

test("in English nothing is left in Chinese, and nothing is left out in either", async (t) => {
  const server = await town(t);
  for (const language of ["en", "zh"]) {
    const page = await open_console(t, server, "chen", { language });
    await page.keyboard.press("F2");
    await page.locator(".outcomes").waitFor();
    for (const room of kRooms) {
      await enter(page, room);
      // What people wrote stays as they wrote it.
      const text = await page.evaluate(() => {
        const copy = document.body.cloneNode(true);
        for (const each of copy.querySelectorAll("q, [lang], .watermark")) each.remove();
        return copy.textContent;
      });
      assert.deepEqual(text.match(/undefined|NaN|\[object|\{\w+\}/g) ?? [], [], `${language} ${room}`);
      if (language === "en") assert.deepEqual(text.match(/\p{Script=Han}+/gu) ?? [], [], room);
    }
  }
});

test("every room is accessible and fits its window, at both sizes and at twice the zoom", async (t) => {
  const server = await town(t);
  for (const [size, language] of [[[1366, 768], "zh"], [[1920, 1080], "en"], [[683, 384], "zh"]]) {
    const page = await open_console(t, server, "chen", { size, language });
    for (const room of kRooms) {
      await enter(page, room);
      if (room === "") await page.locator(".row").first().click();
      await assert_accessible(page);
      const [wide, window_width] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(wide <= window_width, `${room} is ${wide} wide in a window of ${window_width}`);
    }
    await page.context().close();
  }
});
