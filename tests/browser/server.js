// A real server on port 0 in a folder of its own, a client of its API, and a feed that sends it signals.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const kBuild = process.env.QUANZU_BUILD;
const kPacks = fileURLToPath(new URL("../e2e/packs", import.meta.url));
// The allocation stack of each block costs a sanitized build half its time; a report still has the stacks of the access.
const kEnvironment = { ...process.env, ASAN_OPTIONS: process.env.ASAN_OPTIONS ?? "malloc_context_size=0" };
export const kBegin = "2026-11-24T10:00:00+08:00"; // of the manual clock: no lease ends and no deadline passes by itself

export class ApiError extends Error {
  constructor(status, answer) {
    super(`${status} ${answer.code}: ${answer.message}`);
    this.code = answer.code;
  }
}

async function run(program, args, env = {}) {
  const { stdout } = await promisify(execFile)(`${kBuild}/${program}`, args, { env: { ...kEnvironment, ...env } });
  return JSON.parse(stdout);
}

export class Server {
  // Accounts by name and role; `options` of `quanzud serve` besides those that every test has. A test that changes rules gives
  // `packs(folder)`, which fills folder/packs.
  static async start(t, users, options = [], packs = null) {
    const server = new Server();
    mkdirSync(`${kBuild}/browser`, { recursive: true });
    server.folder = mkdtempSync(`${kBuild}/browser/s`);
    server.data = `${server.folder}/data`;
    const root = await run("quanzud", ["user", "add", "root", "--role", "admin", "--data", server.data, "--json"]);
    server.tokens = { root: root.token };
    packs?.(server.folder);
    await server.serve(t, ["--packs", packs ? `${server.folder}/packs` : kPacks, "--clock", `manual:${kBegin}`, ...options]);
    for (const [name, role] of Object.entries({ telecom: "feed", ...users })) {
      server.tokens[name] = (await server.call("root", "Admin/AddUser", { name, role })).token;
    }
    return server;
  }

  async serve(t, options) {
    this.log = `${this.folder}/server.log`;
    this.process = spawn(`${kBuild}/quanzud`,
      ["serve", "--data", this.data, "--http", "127.0.0.1:0", "--feed", "127.0.0.1:0", ...options],
      { env: kEnvironment, stdio: ["ignore", "pipe", openSync(this.log, "a")] });
    this.ended = new Promise((done) => this.process.once("exit", done));
    t.after(() => this.end());
    const lines = createInterface({ input: this.process.stdout });
    const line = await Promise.race([new Promise((done) => lines.once("line", done)), this.ended]);
    assert.equal(typeof line, "string", `quanzud did not serve:\n${readFileSync(this.log, "utf8").slice(-4000)}`);
    const says = JSON.parse(line);
    this.url = `http://${says.http}/`;
    this.feed = says.feed;
  }

  async end() {
    this.process.kill("SIGTERM");
    const code = await this.ended;
    assert.equal(code, 0, `quanzud ended with ${code}:\n${readFileSync(this.log, "utf8").slice(-4000)}`);
    rmSync(this.folder, { recursive: true });
  }

  async call(user, method, body = {}) {
    const response = await fetch(`${this.url}quanzu.v1.${method}`, {
      method: "POST", body: JSON.stringify(body),
      headers: { "content-type": "application/json", "authorization": `Bearer ${this.tokens[user]}`, "idempotency-key": randomUUID() },
    });
    const answer = await response.json();
    if (!response.ok) throw new ApiError(response.status, answer);
    return answer;
  }

  // Signals over the feed, as the objects of a JSON-lines file; acked when this returns.
  async send(rows) {
    const file = `${this.folder}/${randomUUID()}.jsonl`;
    writeFileSync(file, "");
    for (const row of rows) appendFileSync(file, `${JSON.stringify({ at: kBegin, ...row })}\n`);
    const sent = await run("quanzu", ["send", "--feed", this.feed, file, "--json"], { QUANZU_TOKEN: this.tokens.telecom });
    assert.equal(sent.acked, rows.length, JSON.stringify(sent));
  }

  open(user, number, fields = {}) {
    return this.call(user, "Cases/Open", { number, kind: "fraud", level: "medium", text: "热线来电", source: "hotline", ...fields })
      .then((answer) => answer.case);
  }
}

// The packs that ship, for Server.start.
export const shipped = (folder) => cpSync(fileURLToPath(new URL("../../rules/packs", import.meta.url)), `${folder}/packs`, { recursive: true });

// A message that the small pack's rule on brushing finds, to the n-th resident.
export const brushing = (n) => ({ "kind": "sms", "resident.number": `1390000${String(n).padStart(4, "0")}`, "peer.number": "0085261234567", "text": "刷单日结" });
