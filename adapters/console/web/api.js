// The server's API: POST /quanzu.v1.Service/Method with a bearer token. The token lives in sessionStorage alone, so it goes
// with the tab. A write that got no answer is sent again with the same key: the server does it once.

const kToken = "quanzu.token";
const kTries = 4; // of a write that nobody lets wait
const kPause = 500; // ms before the next try, growing to
const kLongestPause = 4000;

export const token = () => sessionStorage.getItem(kToken) ?? "";
export function set_token(value) {
  if (value) sessionStorage.setItem(kToken, value);
  else sessionStorage.removeItem(kToken);
}

// code is Connect's ("aborted", ...), or "offline" where no answer came.
export class ApiError extends Error {
  constructor(code, message, detail = {}) {
    super(message);
    this.code = code;
    this.field = detail.field ?? "";
    this.owner = detail.owner ?? "";
    this.version = detail.version ?? 0;
  }
}

// What the last answers said about the link, and how many writes wait for it; app.js shows it.
export const link = { up: true, since: Date.now(), latency: 0, waiting: 0 };

function note(up) {
  if (link.up !== up) link.since = Date.now();
  link.up = up;
}

async function post(method, body, key) {
  const headers = { "content-type": "application/json", authorization: `Bearer ${token()}` };
  if (key) headers["idempotency-key"] = key;
  const begun = performance.now();
  let response, answer;
  try {
    response = await fetch(`/quanzu.v1.${method}`, { method: "POST", headers, body: JSON.stringify(body) });
    answer = await response.json();
  } catch (error) {
    note(false);
    throw new ApiError("offline", String(error));
  }
  note(true);
  link.latency = performance.now() - begun;
  if (response.ok) return answer;
  throw new ApiError(answer.code ?? "internal", answer.message ?? "", answer.details?.[0]);
}

export const read = (method, body = {}) => post(method, body, "");

// `waits()` hears that the link is down; the write then waits for it, however long that takes. Without it a few tries are made.
export async function write(method, body, waits = null) {
  const key = crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(16)).join("-");
  let waiting = false;
  try {
    for (let tries = 1; ; ++tries) {
      try {
        return await post(method, body, key);
      } catch (error) {
        if (error.code !== "offline" || (!waits && tries === kTries)) throw error;
        if (waits && !waiting) {
          waiting = true;
          ++link.waiting;
          waits();
        }
        await new Promise((done) => setTimeout(done, Math.min(kPause * tries, kLongestPause)));
      }
    }
  } finally {
    if (waiting) --link.waiting;
  }
}

// The server's clock, which may be manual or run faster than ours: two samples give its pace.
const samples = [];
export const server_clock = { manual: false };
export function sample_clock(me) {
  samples.push({ here: Date.now(), there: Date.parse(me.now) });
  if (samples.length > 2) samples.shift();
  server_clock.manual = me.manual_clock;
}
export function server_now() {
  const last = samples.at(-1);
  if (!last) return Date.now();
  const first = samples[0];
  const pace = last.here > first.here ? (last.there - first.there) / (last.here - first.here) : 1;
  return last.there + (Date.now() - last.here) * Math.min(Math.max(pace, 0), 1000);
}
