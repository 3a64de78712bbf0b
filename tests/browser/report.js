// What node:test tells, in the form of the other suites: a line a test, then the counts.

const indented = (text) => text.split("\n").map((line) => `    ${line}`).join("\n");

export default async function* report(events) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for await (const { type, data } of events) {
    if ((type !== "test:pass" && type !== "test:fail") || data.nesting > 0) continue;
    const skipped = data.skip !== undefined;
    const verdict = type === "test:fail" ? "failed" : skipped ? "skipped" : "passed";
    ++counts[verdict];
    const shown = verdict === "failed" ? "FAILED" : verdict;
    yield `${shown.padEnd(8)} ${(data.details.duration_ms / 1000).toFixed(1).padStart(6)} s  ${data.name}\n`;
    if (verdict === "skipped" && data.skip !== true) yield `${indented(String(data.skip))}\n`;
    if (verdict === "failed") {
      const { error } = data.details;
      yield `${indented(String(error.cause?.stack ?? error.cause ?? error.stack ?? error))}\n`;
    }
  }
  if (counts.passed === 0) process.exitCode = 1; // no test run is a failure
  yield `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`;
}
