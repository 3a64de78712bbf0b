#!/usr/bin/env python3
"""Nothing acked is lost and nothing is done twice, wherever the server ends: a line a run, then the steps that were hit.

    tests/faults/crash_runs.py --build build/debug [--runs 10] [--seed 1]

Each run starts a real server on a folder that holds a history and snapshots, under load, with a backup going on, and ends it
at one step of what it writes: log, tables, snapshots, backup; write, flush, rename, remove; before it, after it, half through it, or
as a power cut would, with all undone that was not flushed (fault_shim.c, preloaded: the server has no branch for it). A first run
without a fault tells which steps there are. In every third run the server was killed before and ends while it recovers, or soon
after. Then a sound server takes the folder, what was acked must be in the journal, the sender goes on to the end, every signal must be
there once, `quanzud verify` must find nothing, and a backup that was made must restore to what it says.
"""
import argparse
import collections
import contextlib
import json
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))
import shim  # noqa: E402  (beside this file)
from harness import ENVIRONMENT, PACKS, Server, on_memory  # noqa: E402  (found by the line above)

COUNT = 4000  # signals of a run
SNAPSHOT_EVERY = 3  # events
PATIENCE_S = 240
WHATS = {"write": ["before", "after", "torn", "power"], "flush": ["before", "after", "power"],
         "cut": ["before", "after"], "rename": ["before", "after", "power"], "remove": ["before", "after"]}


class Wrong(Exception):
    """What must not be."""


class Runs:
    def __init__(self, build, folder, seed):
        self.build, self.folder, self.random = build, folder, random.Random(seed)
        self.shim = shim.build(folder)
        self.texts = folder / "texts.txt"
        self.texts.write_text("".join(f"明天下午第{n}次家长会,请带好材料\n" for n in range(20)) + "您的资金请转入安全账户\n")
        self.steps = {}  # "log.write": how often in a run without a fault
        self.hit = collections.Counter()

    def command(self, program, *arguments, check=True, env=None):
        done = subprocess.run([self.build / program, *map(str, arguments)], capture_output=True, text=True,
                              timeout=PATIENCE_S, env={**ENVIRONMENT, **(env or {})}, stdin=subprocess.DEVNULL)
        if check and done.returncode != 0:
            raise Wrong(f"{program} {' '.join(map(str, arguments))} exits {done.returncode}: {done.stdout[-600:]} {done.stderr[-600:]}")
        return done

    def json(self, program, *arguments, **options):
        return json.loads(self.command(program, *arguments, "--json", **options).stdout)

    def make_template(self):
        """A folder with an account, a history and snapshots."""
        self.template = self.folder / "template"
        self.token = self.json("quanzud", "user", "add", "telecom", "--role", "feed", "--data", self.template)["token"]
        server = self.server(self.template).start()
        self.load(server, 2000, "history", None).wait(PATIENCE_S)
        self.check_exit(server)

    @staticmethod
    def check_exit(server):
        if (code := server.stop()) != 0:
            raise Wrong(f"a clean stop exits {code}: {server.log.read_text()[-1000:]}")

    def server(self, data, fault=None, run=None):
        server = Server(self.build, data, PACKS, "--snapshot-every", str(SNAPSHOT_EVERY))
        if run is not None:
            server.env = shim.environment(self.shim, run, fault, ENVIRONMENT["ASAN_OPTIONS"])
        return server

    def load(self, server, count, stream, acked_log):
        return subprocess.Popen(
            [self.build / "quanzu", "load", "--feed", server.feed, "--count", str(count), "--connections", "1",
             "--stream", stream, "--text", self.texts, "--residents", "500", "--patience", "5", "--json",
             *(["--acked-log", acked_log] if acked_log else [])],
            env={**ENVIRONMENT, "QUANZU_TOKEN": self.token}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def backup(self, data, to):
        return subprocess.Popen([self.build / "quanzud", "backup", "--data", data, "--to", to], env=ENVIRONMENT,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def work(self, server, run):
        """Load and backups until all is sent or the server is gone."""
        load = self.load(server, COUNT, "crash", run / "acked")
        while not self.acked(run) and load.poll() is None and server.process.poll() is None:
            self.wait_a_moment(load)
        for number in range(2):
            self.backup(run / "data", run / f"{number}.backup").wait(PATIENCE_S)
        while load.poll() is None and server.process.poll() is None:
            self.wait_a_moment(load)
        if server.process.poll() is not None:
            load.kill()
        load.wait(PATIENCE_S)

    @staticmethod
    def wait_a_moment(load):
        with contextlib.suppress(subprocess.TimeoutExpired):
            load.wait(0.02)

    def learn_steps(self):
        run = self.new_run("steps")
        server = self.server(run / "data", run=run).start()
        self.work(server, run)
        self.check_exit(server)
        for line in (run / "steps").read_text().splitlines():
            step, count = line.split(" ")
            self.steps[step] = int(count)
        shutil.rmtree(run)

    def new_run(self, name):
        run = self.folder / str(name)
        run.mkdir()
        shutil.copytree(self.template, run / "data", ignore=shutil.ignore_patterns("admin.sock"))
        return run

    def plan(self, number):
        """Every step in turn, at a random place of it and in a random way."""
        step = sorted(self.steps)[number % len(self.steps)]
        what = self.random.choice(WHATS[step.split(".")[1]])
        return f"{step}:{self.random.randint(1, max(1, self.steps[step]))}:{what}"

    def acked(self, run):
        last = collections.Counter()
        path = run / "acked"
        for line in path.read_text().split("\n")[:-1] if path.exists() else []:
            stream, seq = line.split(" ")
            last[stream] = max(last[stream], int(seq))
        return last

    def journaled(self, run):
        lines = self.command("quanzud", "journal", "--data", run / "data", "--raw").stdout.splitlines()
        return collections.Counter(tuple(line.split(" ")) for line in lines if not line.startswith("history"))

    @staticmethod
    def ours(times):
        return sum(1 for stream, _ in times if stream.startswith("crash"))

    def crash(self, number):
        """One run; the line that tells it."""
        run = self.new_run(f"run{number}")
        fault = self.plan(number)
        recovering = number % 3 == 2
        if recovering:
            first = self.server(run / "data").start()
            self.load(first, 500, "before", None).wait(PATIENCE_S)
            first.kill9()
            fault = f"{fault.split(':')[0]}:{self.random.randint(1, 3)}:{fault.split(':')[2]}"
        server = self.server(run / "data", fault, run)
        try:
            server.start()
            self.work(server, run)
        except AssertionError:
            pass  # it ended before it served
        server.end()
        reached = (run / "fault").exists()
        if reached:
            self.hit[f"{fault.split(':')[0]} {fault.split(':')[2]}"] += 1
        told = self.check(run)
        shutil.rmtree(run)
        where = "while recovering" if recovering else "under load"
        return f"{fault} {where}{'' if reached else ' (not reached: killed at the end)'}: {told}"

    def check(self, run):
        acked, times = self.acked(run), self.journaled(run)
        lost = [(stream, seq) for stream, last in acked.items() for seq in range(1, last + 1)
                if (stream, str(seq)) not in times]
        if lost:
            raise Wrong(f"acked and not in the journal: {lost[:5]} of {len(lost)}")
        times_before = self.ours(times)
        server = self.server(run / "data").start()
        begun = [line for line in server.log.read_text().splitlines() if "serving with" in line][-1]
        begun = begun.split(" from ")[1].split(" in ")[0]
        if times_before < COUNT and self.load(server, COUNT - times_before, "crash", run / "acked").wait(PATIENCE_S) != 0:
            raise Wrong("the sender could not go on")
        self.check_exit(server)
        times = self.journaled(run)
        twice = [key for key, n in times.items() if n != 1]
        if twice or self.ours(times) != COUNT:
            raise Wrong(f"in the journal twice: {twice[:5]}; {self.ours(times)} of {COUNT} signals are there")
        self.json("quanzud", "verify", "--data", run / "data")
        backups = self.check_backups(run)
        return f"acked {sum(acked.values())}, then all {COUNT} once; began with {begun}; {backups} backups restored; verify ok"

    def check_backups(self, run):
        """What bears a backup's name is whole."""
        whole = sorted(run.glob("*.backup"))
        for file in whole:
            self.json("quanzud", "restore", "--from", file, "--data", run / f"{file.name}.restored", "--key-file",
                      run / "data" / "master.key")
        return len(whole)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, required=True, help="the folder that holds quanzud and quanzu")
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    build = options.build.resolve()
    place = build / "e2e" if not on_memory(build) else Path("/var/tmp")
    place.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="crash", dir=place))
    runs = Runs(build, folder, options.seed)
    runs.make_template()
    runs.learn_steps()
    print("steps in a run without a fault: " + ", ".join(f"{step} {n}" for step, n in sorted(runs.steps.items())), flush=True)
    passed = failed = 0
    for number in range(options.runs):
        try:
            print(f"run {number + 1}: {runs.crash(number)}", flush=True)
            passed += 1
        except (Wrong, AssertionError, subprocess.SubprocessError) as error:
            print(f"run {number + 1}: FAILED {error}\n    its folder: {folder}/run{number}", flush=True)
            failed += 1
    print("steps hit: " + ", ".join(f"{step} {n}" for step, n in sorted(runs.hit.items())))
    if not runs.hit:
        print("no step was hit: the shim was not loaded")
        failed += 1
    if failed == 0:
        shutil.rmtree(folder)
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
