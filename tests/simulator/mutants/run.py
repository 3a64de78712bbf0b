#!/usr/bin/env python3
"""The net catches fish: each deliberate bug beside this file is found by the whole system under faults within 200 seeds.

    tests/simulator/mutants/run.py [--build build/mutants] [--preset release] [--seeds 200] [NAME...]

Copies the tree, builds `quanzu` of the copy once as it is, which all seeds must pass, and then with each patch in turn, which
some seed must not: by a promise that was not kept, or by a check in the program that ended it. A line each: at which seed, and
what was seen.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parents[2]


class Copy:
    def __init__(self, build, preset):
        self.tree, self.preset = build / "tree", preset
        self.tree.mkdir(parents=True, exist_ok=True)

    def refresh(self):
        """The working tree's files as git knows them; a file that is the same keeps its time, so it is not built again."""
        names = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=SOURCE, check=True,
                               capture_output=True).stdout.decode().split("\0")
        wanted = {name for name in names if name and (SOURCE / name).is_file()}
        for name in wanted:
            source, target = SOURCE / name, self.tree / name
            if target.is_file() and target.read_bytes() == source.read_bytes():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
        for path in [path for path in self.tree.rglob("*") if path.is_file()]:
            name = path.relative_to(self.tree).as_posix()
            if not name.startswith("build/") and name not in wanted:
                path.unlink()

    def patch(self, file, *options):
        done = subprocess.run(["patch", "-p1", "--silent", "--no-backup-if-mismatch", *options, "-i", file], cwd=self.tree,
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{file.name} no longer fits the code: {done.stdout}{done.stderr}")

    def make(self):
        build = self.tree / "build" / self.preset
        if not (build / "build.ninja").exists():
            self.run("cmake", "--preset", self.preset)
        self.run("cmake", "--build", build, "--parallel", os.environ.get("JOBS", str(os.cpu_count())), "--target", "quanzu")
        return build / "quanzu"

    def run(self, *command):
        done = subprocess.run([str(each) for each in command], cwd=self.tree, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(map(str, command))}:\n{done.stdout[-3000:]}{done.stderr[-2000:]}")


def simulate(program, seeds):
    """(whether all passed, the seed at which it ended, what was seen)"""
    done = subprocess.run([program, "simulate", "--faults", "1", "--count", str(seeds)], capture_output=True, text=True)
    last = [line for line in done.stdout.splitlines() if line.startswith("seed ")][-1]
    seen = (done.stderr.strip().splitlines() or [f"it ends with {done.returncode}"])[0]
    seen = re.sub(r"^quanzu: seed \d+: ", "", seen)
    return done.returncode == 0, int(last.split(" ")[1].rstrip(":")), seen


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, default=SOURCE / "build" / "mutants", help="where the copy and its build lie")
    parser.add_argument("--preset", default="release")
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("names", nargs="*", help="patches to try; without: all")
    options = parser.parse_args()
    copy = Copy(options.build.resolve(), options.preset)
    copy.refresh()
    passed, seed, seen = simulate(copy.make(), options.seeds)
    print(f"as it is: {f'{options.seeds} seeds pass' if passed else f'FAILED at seed {seed}: {seen}'}", flush=True)
    results = [passed]
    for file in sorted(HERE.glob("*.patch")):
        if options.names and file.stem not in options.names:
            continue
        try:
            copy.patch(file)
            try:
                missed, seed, seen = simulate(copy.make(), options.seeds)
            finally:
                copy.patch(file, "--reverse")
            print(f"{file.stem}: {f'NOT FOUND in {options.seeds} seeds' if missed else f'found at seed {seed}: {seen}'}", flush=True)
            results.append(not missed)
        except RuntimeError as error:
            print(f"{file.stem}: FAILED {error}", flush=True)
            results.append(False)
    print(f"{sum(results)} passed, {results.count(False)} failed, 0 skipped")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
