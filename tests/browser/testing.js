// node:test with what all files share: a bound for each test, the word that chooses among them, and the browser's end after the
// last one (node's own hook waits for an idle process, which one with a browser never is).
import { test as node_test } from "node:test";

const kLimit = 300_000; // ms, a bound for a loaded machine, not a measure
const kWord = process.env.QUANZU_TEST_WORD ?? "";

let left = 0; // tests that have not ended
const at_end = [];
export const after_all = (work) => at_end.push(work);

export function test(name, work) {
  if (!name.includes(kWord)) return;
  ++left;
  node_test(name, { timeout: kLimit }, async (t) => {
    const over = new Promise((_, fail) => t.signal.addEventListener("abort", () => fail(new Error(`took longer than ${kLimit / 1000} s`))));
    try {
      await Promise.race([work(t), over]);
    } finally {
      if (--left === 0) t.after(() => Promise.all(at_end.map((end) => end())));
    }
  });
}
