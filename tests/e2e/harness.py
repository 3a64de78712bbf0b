"""What the end-to-end tests stand on: a real server on port 0 in a folder on a real disk, a client of its API, and a case that
leaves nothing behind. Nothing here waits without a bound, and nothing waits for a length of time.
"""
import contextlib
import http.client
import json
import os
import select
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import unittest
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("QUANZU_SHARED", ROOT.parent / "shared"))
PACKS = Path(__file__).resolve().parent / "packs"

START_S = 300  # for a server to say that it serves, and for a command to end: bounds, not measures
STOP_S = 60
# The allocation stack of each block costs a sanitized build half its time; a report still has the stacks of the access.
ENVIRONMENT = {**os.environ, "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "malloc_context_size=0")}


class ApiError(Exception):
    """What the API refused: its code, the message and the details' first entry."""

    def __init__(self, status, body):
        self.status, self.code, self.message = status, body.get("code"), body.get("message", "")
        self.detail = (body.get("details") or [{}])[0]
        super().__init__(f"{status} {self.code}: {self.message}")


class Api:
    """One user's connection. Every call has an idempotency key of its own, unless the test brings one."""

    def __init__(self, address, token):
        host, port = address.rsplit(":", 1)
        self.connection = http.client.HTTPConnection(host, int(port), timeout=START_S)
        self.token = token

    def post(self, method, body, headers):
        """(status, body); any bytes as the body."""
        try:
            self.connection.request("POST", f"/quanzu.v1.{method}", body, headers)
            reply = self.connection.getresponse()
            return reply.status, reply.read()
        except BaseException:
            self.connection.close()  # a half-read answer must not be taken for the next one
            raise

    def call(self, method, body=None, key=None):
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}",
                   "Idempotency-Key": key or uuid.uuid4().hex}
        status, answer = self.post(method, json.dumps(body or {}), headers)
        answer = json.loads(answer)
        if status != 200:
            raise ApiError(status, answer)
        return answer

    def get(self, path):
        self.connection.request("GET", path)
        reply = self.connection.getresponse()
        return reply.status, reply.read().decode()

    def cases(self, **filters):
        """All of them, page by page."""
        cursor = ""
        while True:
            page = self.call("Cases/List", {**filters, "page_size": 200, "cursor": cursor})
            yield from page["cases"]
            cursor = page["next_cursor"]
            if not cursor:
                return


class Server:
    """`quanzud serve` on a data folder. Started and stopped any number of times; its log is beside the folder."""

    def __init__(self, build, data, packs, *options):
        self.quanzud, self.data, self.packs, self.options = build / "quanzud", data, packs, options
        self.log = data.parent / f"{data.name}.log"
        self.env = {}  # besides ENVIRONMENT
        self.process = self.http = self.feed = None

    def start(self):
        command = [self.quanzud, "serve", "--data", self.data, "--http", "127.0.0.1:0", "--feed", "127.0.0.1:0",
                   "--packs", self.packs, *self.options]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, start_new_session=True,
                                            env={**ENVIRONMENT, **self.env})
        ready, _, _ = select.select([self.process.stdout], [], [], START_S)
        line = self.process.stdout.readline() if ready else b""
        if not line:
            self.process.kill()
            raise AssertionError(f"quanzud did not serve (exit {self.process.wait()}):\n{self.log.read_text()[-4000:]}")
        says = json.loads(line)
        assert says["ready"] is True, says
        self.http, self.feed = says["http"], says["feed"]
        return self

    def api(self, token):
        return Api(self.http, token)

    def metrics(self):
        """{"quanzu_signals_total": 3.0, ...}; a family with labels is summed."""
        values = {}
        for line in Api(self.http, "").get("/metrics")[1].splitlines():
            if not line.startswith("#"):
                name, value = line.rsplit(" ", 1)
                name = name.split("{")[0]
                values[name] = values.get(name, 0.0) + float(value)
        return values

    def kill9(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(STOP_S)
        self.process.stdout.close()

    def stop(self):
        """A clean stop; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(STOP_S)
        self.process.stdout.close()
        return code

    def end(self):
        if self.process is not None and self.process.poll() is None:
            self.kill9()


def on_memory(path):
    """Whether path lies on a file system that no disk holds. Asked of the system, since a chroot's mount table lacks its root."""
    kind = subprocess.run(["stat", "--file-system", "--format=%T", path], stdout=subprocess.PIPE, check=True, text=True)
    return kind.stdout.strip() in ("tmpfs", "ramfs")


class Case(unittest.TestCase):
    """A test with a folder of its own on disk. What it started is killed, what it wrote is removed, whatever happens; only
    the folder of a test that failed stays, and its place is in the failure."""

    build = None  # run.py sets it: the folder that holds quanzud and quanzu
    limit_s = 300  # run.py ends a test that takes longer
    long = False  # run.py --long

    def setUp(self):
        place = self.build / "e2e" if not on_memory(self.build) else Path("/var/tmp")
        place.mkdir(exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix="q", dir=place))
        self.data = self.folder / "data"
        self.addCleanup(self.tidy_up)

    def tidy_up(self):
        if not self._outcome.result.problems:
            shutil.rmtree(self.folder)

    # Commands.

    def run_command(self, program, *arguments, exit_code=0, env=None, patience_s=START_S):
        """The ended process; its exit code is part of what every test says."""
        done = subprocess.run([self.build / program, *arguments], capture_output=True, text=True, timeout=patience_s,
                              env={**ENVIRONMENT, **(env or {})}, stdin=subprocess.DEVNULL)
        shown = " ".join(str(word) for word in arguments)
        self.assertEqual(done.returncode, exit_code, f"{program} {shown}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
        return done

    def run_json(self, program, *arguments, exit_code=0, **options):
        done = self.run_command(program, *arguments, "--json", exit_code=exit_code, **options)
        return json.loads(done.stdout)

    def add_user(self, name, role):
        """The new account's token."""
        added = self.run_json("quanzud", "user", "add", name, "--role", role, "--data", self.data)
        self.assertEqual((added["name"], added["role"]), (name, role))
        return added["token"]

    def serve(self, *options, packs=PACKS, data=None):
        server = Server(self.build, data or self.data, packs, *options)
        self.addCleanup(server.end)
        return server.start()

    def send(self, server, token, rows, *options, stream="test"):
        """`quanzu send` of rows (objects), as a file; its report."""
        path = self.folder / f"{uuid.uuid4().hex}.jsonl"
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
        return self.run_json("quanzu", "send", "--feed", server.feed, "--stream", stream, path, *options,
                             env={"QUANZU_TOKEN": token})

    # What must hold.

    def verify(self, data=None, exit_code=0):
        report = self.run_json("quanzud", "verify", "--data", data or self.data, exit_code=exit_code)
        self.assertEqual(report["ok"], exit_code == 0, report)
        return report

    def journal(self, *options):
        """The lines of `quanzud journal`."""
        return self.run_command("quanzud", "journal", "--data", self.data, *options).stdout.splitlines()

    def rows(self, query, *values, data=None):
        """Of the tables, beside a running server or without one."""
        path = f"file:{data or self.data}/quanzu.db?mode=ro"
        with contextlib.closing(sqlite3.connect(path, uri=True)) as database:
            return database.execute(query, values).fetchall()

    @contextlib.contextmanager
    def refused(self, code, *words, **detail):
        """The API refuses what is inside, with this code, these words in its message and these details."""
        with self.assertRaises(ApiError) as caught:
            yield caught
        error = caught.exception
        self.assertEqual(error.code, code, error.message)
        for word in words:
            self.assertIn(word, error.message)
        self.assertEqual({key: error.detail.get(key) for key in detail}, detail, error.message)
