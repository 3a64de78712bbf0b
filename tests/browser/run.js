#!/usr/bin/env node
// The console in Debian's chromium against real servers of one build: a line a test, then `N passed, N failed, N skipped`.
//
//     tests/browser/run.js --build build/debug [WORD]     WORD keeps the tests whose name holds it
//
// Each tests/browser/*_test.js is a room or a way in which work is disturbed. They share one browser and one process.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const [flag, build, word] = process.argv.slice(2);
if (flag !== "--build" || !build) {
  console.error("usage: tests/browser/run.js --build DIR [WORD]: DIR holds quanzud and quanzu, such as build/debug");
  process.exit(2);
}
for (const program of ["quanzud", "quanzu"]) {
  if (existsSync(`${build}/${program}`)) continue;
  console.error(`${build} has no ${program}; \`./dev build\` or \`./dev test\` builds it`);
  process.exit(2);
}
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const done = spawnSync(process.execPath, [`--test-reporter=${here("report.js")}`, "--test-reporter-destination=stdout",
  here("all.js")], { stdio: "inherit", env: { ...process.env, QUANZU_BUILD: resolve(build), QUANZU_TEST_WORD: word ?? "" } });
process.exit(done.status ?? 1);
