#!/usr/bin/env python3
"""./dev bench: the micro benchmarks, then a server under load over loopback, beside raw limits of the same run.

    run.py --build build/bench [--quick] [--only micro|durable|reload|overload] [--json OUT.json] [--compare OLD.json] [--data DIR]

Tables go to standard output. Figures of a shared machine are noisy: read ratios, not absolute values, across runs.
"""
import argparse
import json
import os
import pathlib
import platform
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from harness import Api  # noqa: E402  (found by the line above)

TICKS = os.sysconf("SC_CLK_TCK")


def say(text=""):
    print(text, flush=True)


def table(headers, rows):
    widths = [max(len(str(row[i])) for row in [headers] + rows) for i in range(len(headers))]
    for n, row in enumerate([headers] + rows):
        say("| " + " | ".join(str(cell).ljust(width) for cell, width in zip(row, widths)) + " |")
        if n == 0:
            say("| " + " | ".join("-" * width for width in widths) + " |")
    say()


def machine():
    model = re.search(r"model name\s*:\s*(.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return {"cpu": model.group(1) if model else platform.processor(), "cores": os.cpu_count(),
            "kernel": platform.release()}


def file_system(path):
    """Asked of the system, since a chroot's mount table lacks its root."""
    return subprocess.run(["stat", "--file-system", "--format=%T", path], stdout=subprocess.PIPE, check=True,
                          text=True).stdout.strip()


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def percentile(sorted_times, share):
    return sorted_times[min(len(sorted_times) - 1, int(len(sorted_times) * share))]


def raw_fdatasync(folder, size, seconds=2.0):
    """fdatasync of `size` bytes appended, one after the other: what a commit can't be faster than."""
    block = os.urandom(size)
    times = []
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            began = time.perf_counter()
            os.write(file.fileno(), block)
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - began)
    times.sort()
    return {"count": len(times), "p50_ms": percentile(times, 0.5) * 1e3, "p99_ms": percentile(times, 0.99) * 1e3}


def micro(build, quick):
    results = {}
    for program in sorted(pathlib.Path(build, "tests/bench").glob("bench_*")):
        if not os.access(program, os.X_OK) or program.is_dir():
            continue
        command = [str(program), "--benchmark_format=json"]
        if quick:
            command += ["--benchmark_min_time=0.1"]
        say(f"bench: {program.name}")
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
        if not done.stdout.strip():
            say("skipped: it found none of the data that it reads")
            continue
        for each in json.loads(done.stdout)["benchmarks"]:
            skip = {"name", "run_name", "family_index", "per_family_instance_index", "run_type", "repetitions",
                    "repetition_index", "threads", "iterations", "real_time", "cpu_time", "time_unit"}
            factor = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}[each["time_unit"]]
            results[each["name"]] = {"ns": each["cpu_time"] * factor,
                                     **{key: value for key, value in each.items() if key not in skip}}
    rows = [[name, f"{one['ns']:.1f}", *[f"{one[key]:.4g}" if isinstance(one.get(key), (int, float)) else ""
                                         for key in ("signals/s", "events/s", "bytes", "matching_%", "hits")]]
            for name, one in results.items()]
    table(["benchmark", "ns", "signals/s", "events/s", "bytes", "matching %", "hits"], rows)
    for rules in (100, 1000, 10000):
        ours, raw = results.get(f"BM_Match/{rules}"), results.get(f"BM_RawHyperscan/{rules}")
        if ours and raw:
            say(f"matcher with normalising at {rules} rules over raw hs_scan of the same strings: "
                f"{ours['ns'] / raw['ns']:.2f}")
    say()
    return results


class Server:
    """quanzud on a fresh folder with the rules of street-1."""

    def __init__(self, build, folder, rules):
        self.build, self.folder = build, pathlib.Path(folder)
        (self.folder / "packs" / "street").mkdir(parents=True)
        self.write_rules(rules, seed=1)
        self.data = str(self.folder / "data")
        self.token = self.add_user("bench", "feed")
        self.operator = self.add_user("li", "operator")
        self.log = open(self.folder / "server.log", "wb")
        began = time.monotonic()
        self.process = subprocess.Popen(
            [f"{build}/quanzud", "serve", "--data", self.data, "--packs", str(self.folder / "packs"), "--http",
             "127.0.0.1:0", "--feed", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=self.log)
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("bench: quanzud did not start: " + (self.folder / "server.log").read_text()[-2000:])
        ready = json.loads(line)
        self.feed, self.http = ready["feed"], ready["http"]
        self.start_seconds = time.monotonic() - began

    def add_user(self, name, role):
        account = subprocess.run([f"{self.build}/quanzud", "user", "add", name, "--role", role, "--data", self.data,
                                  "--json"], stdout=subprocess.PIPE, check=True)
        return json.loads(account.stdout)["token"]

    def resident_mb(self):
        pages = int(pathlib.Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def write_rules(self, rules, seed):
        with open(self.folder / "packs" / "street" / "street.yml", "wb") as out:
            subprocess.run([f"{self.build}/tests/bench/street_rules", str(rules), str(seed)], stdout=out, check=True)

    def load(self, rules, count, *extra, meanwhile=lambda: None):
        client = subprocess.Popen(
            [f"{self.build}/quanzu", "load", "--feed", self.feed, "--token", self.token, "--count", str(count),
             "--street-rules", str(rules), "--json", *extra], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        before = cpu_seconds(self.process.pid)
        meanwhile()
        out = client.stdout.read()
        _, status, usage = os.wait4(client.pid, 0)
        report = json.loads(out)
        report["client_cpu_s"] = usage.ru_utime + usage.ru_stime
        report["server_cpu_s"] = cpu_seconds(self.process.pid) - before
        return report

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        self.log.close()


def describe(rules, name, report):
    ms = report["ack_ms"]
    return [rules, name, f"{report['signals_per_s']:,.0f}", f"{ms['p50']:.2f}", f"{ms['p99']:.2f}", f"{ms['p999']:.2f}",
            f"{ms['max']:.1f}", f"{report['server_cpu_s'] * 1e9 / max(1, report['acked']):.0f}",
            f"{report['client_cpu_s'] * 1e9 / max(1, report['acked']):.0f}"]


def durable(build, folder, quick):
    kind = file_system(folder)
    if kind in ("tmpfs", "ramfs"):
        raise SystemExit(f"bench: {folder} is on {kind}, where nothing is durable: name a folder on a disk with --data")
    results = {"file_system": kind, "fdatasync_64k": raw_fdatasync(folder, 65536)}
    sync = results["fdatasync_64k"]
    say(f"raw fdatasync of 64 KiB on {kind}: p50 {sync['p50_ms']:.2f} ms, p99 {sync['p99_ms']:.2f} ms"
        + ("  (faster than any disk: this one does not flush)" if sync["p50_ms"] < 0.05 else ""))
    rows = []
    for rules in (100, 1000, 10000):
        with tempfile.TemporaryDirectory(dir=folder) as place:
            server = Server(build, place, rules)
            try:
                server.load(rules, 50_000)  # warm: pages, allocators, the log's file
                full = server.load(rules, 300_000 if quick else 2_000_000)
                rows.append(describe(rules, "full speed", full))
                results[f"full_{rules}"] = full
                if rules == 1000:
                    for share in (0.5, 0.7, 0.9):
                        rate = full["signals_per_s"] * share
                        paced = server.load(rules, int(rate * (2 if quick else 5)), "--rate", str(int(rate)))
                        rows.append(describe(rules, f"{share:.0%} of it", paced))
                        results[f"rate_{int(share * 100)}_{rules}"] = paced
                size = sum(f.stat().st_size for f in pathlib.Path(server.data).glob("quanzu.db*"))
                results[f"start_seconds_{rules}"] = server.start_seconds
            finally:
                server.stop()
            say(f"{rules} rules: started in {server.start_seconds:.2f} s; {size / 1e6:.0f} MB on disk after the run")
    table(["rules", "load", "signals/s", "ack p50 ms", "p99", "p99.9", "max", "server ns/signal", "client ns/signal"],
          rows)
    return results


def reload(build, folder, quick):
    """Paced load with the packs going over to others in the middle of it, beside the same load without."""
    rules, rate, seconds = 10000, 100_000, 6 if quick else 15
    results = {}
    with tempfile.TemporaryDirectory(dir=folder) as place:
        server = Server(build, place, rules)

        def go_over():
            time.sleep(seconds / 3)
            server.write_rules(rules, seed=2)
            began = time.monotonic()
            done = subprocess.run([f"{build}/quanzud", "packs", "reload", "--data", server.data, "--json"],
                                  stdout=subprocess.PIPE, check=True)
            results["reload_seconds"] = time.monotonic() - began
            assert json.loads(done.stdout)["changed"], "the reload changed nothing"

        try:
            server.load(rules, 50_000)
            results["without"] = server.load(rules, rate * seconds, "--rate", str(rate))
            results["with"] = server.load(rules, rate * seconds, "--rate", str(rate), meanwhile=go_over)
        finally:
            server.stop()
    table(["rules", "load", "signals/s", "ack p50 ms", "p99", "p99.9", "max", "server ns/signal", "client ns/signal"],
          [describe(rules, name + " a reload", results[name]) for name in ("without", "with")])
    ratio = results["with"]["ack_ms"]["max"] / results["without"]["ack_ms"]["p99"]
    say(f"reloading {rules} rules took {results['reload_seconds']:.2f} s; the slowest ack meanwhile was {ratio:.1f} times the p99 "
        "without (goal: 2)")
    return results


class Operator:
    """One desk: calls one after the other and notes how long each took."""

    def __init__(self, server):
        self.api = Api(server.http, server.operator)
        self.took = {}

    def call(self, method, body, note=None):
        began = time.perf_counter()
        answer = self.api.call(method, body)
        if note:
            self.took.setdefault(note, []).append((time.perf_counter() - began) * 1e3)
        return answer

    def open_cases(self, count):
        for n in range(count):
            self.call("Cases/Open", {"number": f"139{n:08}", "kind": "fraud", "fraud_type": "loan", "level": "high",
                                     "text": "bench", "source": "bench"})

    def work(self, stop):
        """Reads and writes in turn, as fast as they are answered."""
        while not stop.is_set():
            case = self.call("Cases/List", {"page_size": 50}, "read")["cases"][0]
            self.call("Cases/Get", {"case_id": case["case_id"]}, "read")
            claimed = self.call("Cases/ClaimNext", {}, "write")
            if "task" in claimed:
                self.call("Cases/Release", {"task_id": claimed["task"]["task_id"]}, "write")


def overload(build, folder, quick):
    """What an operator feels while a feed sends one and a half times what the server can take."""
    rules, seconds = 1000, 6 if quick else 20
    results = {}
    rows = []
    with tempfile.TemporaryDirectory(dir=folder) as place:
        server = Server(build, place, rules)
        try:
            Operator(server).open_cases(100 if quick else 500)
            server.load(rules, 50_000)
            full = server.load(rules, 300_000 if quick else 1_000_000)["signals_per_s"]
            for share in (0, 0.5, 0.9, 1.5):
                operator, stop = Operator(server), threading.Event()
                desk = threading.Thread(target=operator.work, args=(stop,))
                before = server.resident_mb()
                desk.start()
                if share:
                    load = server.load(rules, int(full * min(share, 1) * seconds), "--rate", str(int(full * share)))
                    assert load["acked"] == load["sent"], "something was dropped"
                else:
                    time.sleep(seconds)
                stop.set()
                desk.join()
                one = {"resident_mb_before": before, "resident_mb": server.resident_mb()}
                for kind, times in operator.took.items():
                    times.sort()
                    one[kind] = {"calls": len(times), "p50_ms": percentile(times, 0.5), "p99_ms": percentile(times, 0.99),
                                 "max_ms": times[-1]}
                results[f"{share:.0%}"] = one
                rows.append([f"{share:.0%}"] + [f"{one[kind][figure]:.1f}" for kind in ("read", "write")
                                                for figure in ("p50_ms", "p99_ms", "max_ms")]
                            + [one["read"]["calls"] + one["write"]["calls"], f"{one['resident_mb'] - before:+.0f}"])
        finally:
            server.stop()
    table(["feed, of capacity", "read p50 ms", "p99", "max", "write p50 ms", "p99", "max", "calls", "memory MB"], rows)
    say("goals at 150%: read p99 20 ms, write p99 50 ms; every signal was acked")
    results["capacity"] = full
    return results


def compare(old, new):
    say("ratios to the older file (over 1 is slower, for rates over 1 is faster)")
    rows = []
    for name, one in new.get("micro", {}).items():
        before = old.get("micro", {}).get(name)
        if before:
            rows.append([name, f"{one['ns'] / before['ns']:.2f}"])
    for name, one in new.get("durable", {}).items():
        before = old.get("durable", {}).get(name)
        if isinstance(one, dict) and isinstance(before, dict) and "signals_per_s" in one:
            rows.append([name + " signals/s", f"{one['signals_per_s'] / before['signals_per_s']:.2f}"])
    table(["figure", "ratio"], rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True)
    parser.add_argument("--quick", action="store_true", help="shorter runs: for a look, not for the record")
    parser.add_argument("--only", choices=["micro", "durable", "reload", "overload"])
    parser.add_argument("--json", help="write all figures here")
    parser.add_argument("--compare", help="an older --json file")
    parser.add_argument("--data", default="build", help="a folder on the disk to measure")
    options = parser.parse_args()
    here = machine()
    say(f"{here['cpu']}, {here['cores']} cores, Linux {here['kernel']}")
    results = {"machine": here}
    if options.only in (None, "micro"):
        results["micro"] = micro(options.build, options.quick)
    if options.only in (None, "durable"):
        results["durable"] = durable(options.build, options.data, options.quick)
    if options.only in (None, "reload"):
        results["reload"] = reload(options.build, options.data, options.quick)
    if options.only in (None, "overload"):
        results["overload"] = overload(options.build, options.data, options.quick)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(results, indent=1) + "\n")
    if options.compare:
        compare(json.loads(pathlib.Path(options.compare).read_text()), results)


if __name__ == "__main__":
    sys.exit(main())
