#!/usr/bin/env python3
"""`./dev run`: a server on loopback, a seeded town that lives beside it, and a line every two seconds that shows the main job.

Everything goes through the programs and the API that anybody has; the server knows of no demonstration. Ctrl+C stops all.
"""
import argparse
import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HTTP, FEED = "127.0.0.1:8080", "127.0.0.1:7400"
START_S = 60
STOP_S = 20
TICK_S = 2
STAFF = ["li", "wang", "zhang", "liu"]  # simulated operators; `you` is the newcomer's own


class Trouble(Exception):
    """What went wrong, where, and what to do: shown without a trace."""


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./dev run", description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=float, help="stop by itself after so long; without: Ctrl+C")
    parser.add_argument("--speed", type=float, default=60, help="server seconds a real second (60)")
    parser.add_argument("--seed", type=int, default=1, help="of the town (1)")
    parser.add_argument("--data", type=Path, help="keep the data in this folder; without: a fresh one, removed at the end")
    parser.add_argument("--http", default=HTTP, help=f"HOST:PORT of console and API ({HTTP})")
    parser.add_argument("--feed", default=FEED, help=f"HOST:PORT of the feed ({FEED})")
    options = parser.parse_args()
    for name in ("http", "feed"):
        if not getattr(options, name).rpartition(":")[2].isdigit() or ":" not in getattr(options, name):
            parser.error(f"--{name} must be HOST:PORT, such as {HTTP}")
    return options


def check_free(option, address):
    host, port = address.rsplit(":", 1)
    try:
        with socket.create_server((host, int(port))):
            pass
    except OSError as error:
        raise Trouble(f"{address} can't be used: {os.strerror(error.errno)}. Stop what listens there (`ss -ltnp` shows it), or name "
                      f"another: ./dev run --{option} {host}:0") from error


def add_user(options, data, name, role):
    done = subprocess.run([options.build / "quanzud", "user", "add", name, "--role", role, "--data", data, "--json"],
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise Trouble(f"the account {name} can't be made: {done.stderr.strip()}")
    return json.loads(done.stdout)["token"]


def start_server(options, data, log):
    """The process and what it says when it serves."""
    server = subprocess.Popen(
        [options.build / "quanzud", "serve", "--data", data, "--http", options.http, "--feed", options.feed, "--packs",
         ROOT / "rules/packs", "--clock-speed", str(options.speed)],
        stdout=subprocess.PIPE, stderr=log, start_new_session=True)  # Ctrl+C is ours to pass on
    ready, _, _ = select.select([server.stdout], [], [], START_S)
    line = server.stdout.readline() if ready else b""
    if not line:
        end(server)
        raise Trouble(f"the server did not start:\n{Path(log.name).read_text()[-2000:]}")
    return server, json.loads(line)


def start_town(options, says, tokens, log):
    environment = {**os.environ, "QUANZU_TOKEN": tokens["town"], "QUANZU_SUPERVISOR_TOKEN": tokens["chen"],
                   "QUANZU_OPERATOR_TOKENS": ",".join(tokens[name] for name in STAFF)}
    return subprocess.Popen(
        [options.build / "quanzu", "simulate", "--realtime", "--feed", says["feed"], "--http", says["http"], "--speed",
         str(options.speed), "--seed", str(options.seed)],
        env=environment, stdout=log, stderr=log, start_new_session=True)


def end(process):
    """Asked to stop, then made to; its exit code."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()


def metrics(http):
    """Each family's sum."""
    values = {}
    with urllib.request.urlopen(f"http://{http}/metrics", timeout=10) as reply:
        for line in reply.read().decode().splitlines():
            if not line.startswith("#"):
                name, value = line.rsplit(" ", 1)
                name = name.split("{")[0]
                values[name] = values.get(name, 0) + float(value)
    return values


def line_of(seconds, values):
    def count(name):
        return f"{int(values.get(f'quanzu_{name}', 0)):>6}"

    return (f"{seconds:4.0f} s  signals {count('signals_total')}  alerts {count('alerts_total')}  cases opened "
            f"{count('cases_opened_total')}  closed {count('cases_closed_total')}  tasks done {count('tasks_done_total')}"
            f"  waiting {count('queue_depth')}")


def watch(options, says, processes, logs):
    """A line every two seconds until the time is over, a process ends or Ctrl+C."""
    began = time.monotonic()
    while options.seconds is None or time.monotonic() - began < options.seconds:
        time.sleep(min(TICK_S, max(0.0, (options.seconds or 1e9) - (time.monotonic() - began))))
        for name, process in processes.items():
            if process.poll() is not None:
                raise Trouble(f"{name} ended by itself (exit {process.returncode}):\n{logs[name].read_text()[-2000:]}")
        print(line_of(time.monotonic() - began, metrics(says["http"])), flush=True)


def welcome(options, says, token, folder):
    print(f"""
Quanzu serves a town of 2,000 made-up residents; {options.speed:g} of its seconds pass in one of yours.

  console   http://{says['http']}/
  login     the token of an operator, `you`: {token}
  feed      {says['feed']}
  logs      {folder}

Four simulated operators work the queue with you; at this speed a claim lasts a second or two, so to work a case
yourself start it with --speed 5, where cases come slowly. Their figures mean nothing (docs/simulator.md). Ctrl+C stops everything.
""", flush=True)


def run(options, stack):
    for option in ("http", "feed"):
        check_free(option, getattr(options, option))
    folder = Path(tempfile.mkdtemp(prefix="demo-", dir=options.build))
    if options.data is None:
        stack.callback(shutil.rmtree, folder)
    data = (options.data or folder / "data").absolute()
    if (data / "quanzu.db").exists():
        raise Trouble(f"{data} holds a store already, whose tokens nobody can read back: name a folder that does not exist")
    roles = {"you": "operator", **dict.fromkeys(STAFF, "operator"), "chen": "supervisor", "town": "feed"}
    tokens = {name: add_user(options, data, name, role) for name, role in roles.items()}
    logs = {"the server": folder / "server.log", "the town": folder / "town.log"}
    with open(logs["the server"], "wb") as log:
        server, says = start_server(options, data, log)
    stack.callback(end, server)
    welcome(options, says, tokens["you"], folder)
    with open(logs["the town"], "wb") as log:
        town = start_town(options, says, tokens, log)
    stack.callback(end, town)
    with contextlib.suppress(KeyboardInterrupt):
        watch(options, says, {"the server": server, "the town": town}, logs)
    print("dev: stopping", flush=True)
    if end(town) != 0:
        raise Trouble(f"the town did not stop cleanly:\n{logs['the town'].read_text()[-2000:]}")
    if end(server) != 0:
        raise Trouble(f"the server did not stop cleanly:\n{logs['the server'].read_text()[-2000:]}")


def interrupted(*_):
    raise KeyboardInterrupt


def main():
    options = parse_arguments()
    options.build = options.build.resolve()
    signal.signal(signal.SIGTERM, interrupted)  # stops everything too
    try:
        with contextlib.ExitStack() as stack:
            run(options, stack)
    except Trouble as trouble:
        print(f"dev: {trouble}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
