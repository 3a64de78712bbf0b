// Every test file, in one process and with one browser: two processors are enough for it.
import { readdirSync } from "node:fs";

const here = new URL(".", import.meta.url);
for (const name of readdirSync(here).filter((each) => each.endsWith("_test.js")).sort()) await import(new URL(name, here));
