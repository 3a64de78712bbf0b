#!/usr/bin/env python3
"""Every end-to-end test against the programs of one build: a line a test, then `N passed, N failed, N skipped`.

    tests/e2e/run.py --build build/debug [--long] [WORD...]     WORDs keep the tests whose name holds one of them

A test that takes longer than its `limit_s` fails, and so does a whole run that finds no test.
"""
import argparse
import signal
import sys
import time
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import harness  # noqa: E402  (found by the line above)


class Report(unittest.TestResult):
    """Prints as it goes. Bounds each test by an alarm, which interrupts whatever it waits for."""

    def __init__(self):
        super().__init__()
        self.passed = self.failed = 0

    def startTest(self, test):
        super().startTest(test)
        self.began = time.monotonic()
        self.problems, self.reason = [], None
        signal.setitimer(signal.ITIMER_REAL, getattr(test, "limit_s", 0))

    def stopTest(self, test):
        signal.setitimer(signal.ITIMER_REAL, 0)
        super().stopTest(test)
        verdict = "FAILED" if self.problems else "skipped" if self.reason else "passed"
        self.passed += verdict == "passed"
        self.failed += verdict == "FAILED"
        print(f"{verdict:8} {time.monotonic() - self.began:6.1f} s  {name_of(test)}", flush=True)
        if self.reason:
            print(f"    {self.reason}")
        for problem in self.problems:
            print("\n".join("    " + line for line in problem.splitlines()), flush=True)
        if self.problems and getattr(test, "folder", None):
            print(f"    its folder: {test.folder}", flush=True)

    def tell(self, test, err):
        which = f"{test._subDescription()}\n" if hasattr(test, "_subDescription") else ""
        self.problems.append(which + self._exc_info_to_string(err, test))

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.tell(test, err)

    def addError(self, test, err):
        super().addError(test, err)
        self.tell(test, err)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.tell(subtest, err)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.reason = reason


def name_of(test):
    parts = test.id().split(".")
    return f"{parts[0]}: {parts[-1].removeprefix('test_').replace('_', ' ')}"


def tests_in(suite):
    for each in suite:
        if isinstance(each, unittest.TestSuite):
            yield from tests_in(each)
        else:
            yield each


def too_long(*_):
    raise TimeoutError("the test took longer than its limit_s")


def ended(*_):
    raise SystemExit("stopped")  # through every cleanup


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, required=True, help="the folder that holds quanzud and quanzu")
    parser.add_argument("--long", action="store_true", help="also what takes minutes")
    parser.add_argument("words", nargs="*", help="only tests whose name holds one of these")
    options = parser.parse_args()
    build = options.build.resolve()
    missing = [name for name in ("quanzud", "quanzu") if not (build / name).exists()]
    if missing:
        parser.error(f"{build} has no {' and no '.join(missing)}; `./dev build` or `./dev test` builds them")
    harness.Case.build, harness.Case.long = build, options.long
    signal.signal(signal.SIGALRM, too_long)
    signal.signal(signal.SIGTERM, ended)

    loader = unittest.defaultTestLoader
    suite = unittest.TestSuite(loader.discover(str(folder), pattern="*_test.py", top_level_dir=str(folder))
                               for folder in (HERE, HERE.parent / "faults"))
    chosen = [test for test in tests_in(suite)
              if not options.words or any(word in f"{test.id()} {name_of(test)}" for word in options.words)]
    report = Report()
    unittest.TestSuite(chosen).run(report)
    print(f"{report.passed} passed, {report.failed} failed, {len(report.skipped)} skipped")
    return 0 if report.failed == 0 and report.passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
