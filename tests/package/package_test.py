#!/usr/bin/env python3
"""The package on a bare Debian 12: installed, served and signed in to, upgraded and removed with its data kept.

    python3 tests/package/package_test.py --package build/release/quanzu_0.1.0_amd64.deb

As root, with debootstrap: the machine is a chroot under build/, made once and copied for each run. Nothing of systemd runs in a
chroot, so the unit is checked by systemd's own tools and the server is started with the unit's command as the unit's user.
"""
import argparse
import contextlib
import glob
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
from tests.e2e.harness import Api  # noqa: E402

WAIT_S = 120  # a bound, not a measure
MAX_EXPOSURE = 17  # of `systemd-analyze security`, in tenths; what the shipped unit keeps to


SOURCES = [Path("/etc/apt/sources.list.d/debian.sources"), Path("/etc/apt/sources.list")]


def mirror():
    """This machine's own."""
    for file in SOURCES:
        found = re.search(r"^(?:URIs:|deb)\s+(?:\[.*?\]\s+)?(http\S+)", file.read_text(), re.M) if file.exists() else None
        if found:
            return found.group(1)
    raise SystemExit("no Debian archive in /etc/apt: which one is this machine's?")


class Machine:
    """A bare Debian in a folder."""

    def __init__(self, base, root):
        shutil.rmtree(root, ignore_errors=True)
        if not base.exists():
            made = base.with_suffix(".part")
            shutil.rmtree(made, ignore_errors=True)
            subprocess.run(["debootstrap", "--variant=minbase", "bookworm", made, mirror()], check=True, stdout=subprocess.DEVNULL)
            made.rename(base)
        subprocess.run(["cp", "-a", "--reflink=auto", base, root], check=True)
        self.root = root
        # This machine's way to the archive is the chroot's.
        if any(file.exists() for file in SOURCES):
            (root / "etc/apt/sources.list").unlink(missing_ok=True)
        for pattern in (*map(str, SOURCES), "/etc/apt/apt.conf.d/*", "/etc/resolv.conf", "/etc/hosts"):
            for file in glob.glob(pattern):
                if pattern.endswith("*") and "Acquire" not in Path(file).read_text():
                    continue
                shutil.copy(file, str(root) + file)
        (root / "etc/ssl/certs").mkdir(parents=True, exist_ok=True)
        shutil.copy("/etc/ssl/certs/ca-certificates.crt", root / "etc/ssl/certs/")

    def command(self, *words):
        # A name space of its own: what is mounted or left behind ends with it.
        return ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private", "bash", "-c",
                'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"', self.root, *words]

    def run(self, *words, exit_code=0):
        done = subprocess.run(self.command(*words), capture_output=True, text=True, stdin=subprocess.DEVNULL,
                              env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8",
                                   "DEBIAN_FRONTEND": "noninteractive"})
        assert done.returncode == exit_code, f"{' '.join(map(str, words))}: exit {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def apt(self, *words):
        return self.run("apt-get", "-q", "-y", "--no-install-recommends", *words)

    def read(self, path):
        return (self.root / path.lstrip("/")).read_text()

    def exists(self, path):
        return (self.root / path.lstrip("/")).exists()

    def put(self, file):
        shutil.copy(file, self.root / "root")
        return f"/root/{Path(file).name}"

    @contextlib.contextmanager
    def served(self):
        """An Api address; the unit's command as the unit's user, on free ports."""
        unit = self.read("/lib/systemd/system/quanzud.service")
        command = re.search(r"^ExecStart=(.+)$", unit, re.M).group(1).split()
        user = re.search(r"^User=(.+)$", unit, re.M).group(1)
        process = subprocess.Popen(self.command("runuser", "-u", user, "--", *command, "--http", "127.0.0.1:0", "--feed", "127.0.0.1:0"),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            ready, _, _ = select.select([process.stdout], [], [], WAIT_S)
            line = process.stdout.readline() if ready else ""
            assert line, f"no server: {process.stderr.read()[-2000:] if process.poll() is not None else 'it says nothing'}"
            yield json.loads(line)["http"]
        finally:
            for pid in descendants(process.pid):
                if Path(f"/proc/{pid}/comm").read_text().strip() == "quanzud":
                    os.kill(pid, signal.SIGTERM)
            assert process.wait(WAIT_S) == 0, process.stderr.read()[-2000:]


def descendants(pid):
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield int(child)
        yield from descendants(int(child))


def newer(package, folder):
    """The same package as a later version."""
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["dpkg-deb", "-R", package, folder], check=True)
    control = folder / "DEBIAN/control"
    control.write_text(re.sub(r"^Version: .*$", "Version: 99.0", control.read_text(), flags=re.M))
    made = folder.with_suffix(".deb")
    subprocess.run(["dpkg-deb", "--root-owner-group", "-b", folder, made], check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(folder)
    return made


class Steps:
    """In order, each on what the last left."""

    def __init__(self, machine, package, work):
        self.machine, self.package, self.work = machine, package, work
        self.token = None

    def installs_with_what_it_needs(self):
        self.machine.apt("update")
        said = self.machine.apt("install", self.machine.put(self.package))
        assert "first-account.json" in said, said[-1500:]
        version = re.search(r"^quanzu_([^_]+)_", self.package.name).group(1)
        assert self.machine.run("quanzud", "--version").strip() == f"quanzud {version}"

    def makes_a_first_account_that_only_root_reads(self):
        place = "/etc/quanzu/first-account.json"
        assert self.machine.run("stat", "-c", "%U %a", place).split() == ["root", "600"]
        assert self.machine.run("stat", "-c", "%U %G %a", "/var/lib/quanzu").split() == ["quanzu", "quanzu", "700"]
        account = json.loads(self.machine.read(place))
        assert (account["name"], account["role"]) == ("admin", "admin")
        self.token = account["token"]

    def has_a_unit_that_systemd_takes_and_finds_closed(self):
        self.machine.apt("install", "systemd")
        said = self.machine.run("systemd-analyze", "verify", "/lib/systemd/system/quanzud.service")
        assert "quanzud" not in said, said
        self.machine.run("systemd-analyze", "security", "--offline=true", f"--threshold={MAX_EXPOSURE}", "quanzud.service")

    def serves_and_signs_in(self):
        with self.machine.served() as address:
            api = Api(address, self.token)
            assert [user["name"] for user in api.call("Admin/ListUsers")["users"]] == ["admin"]
            status, page = api.get("/")
            assert status == 200 and "<html" in page, page[:200]
            assert api.call("Rules/List")["rules"], "the rules that ship are live"
            api.call("Admin/AddUser", {"name": "li", "role": "operator"})

    def keeps_data_and_settings_over_an_upgrade(self):
        settings = self.machine.root / "etc/quanzu/quanzud.toml"
        settings.write_text(settings.read_text().replace('profile = "centre"', 'profile = "street"'))
        self.machine.apt("install", self.machine.put(newer(self.package, self.work / "newer")))
        assert "99.0" in self.machine.run("dpkg-query", "-W", "quanzu")
        assert 'profile = "street"' in settings.read_text()
        self.finds_both_accounts()

    def keeps_data_when_it_is_removed_and_comes_back(self):
        self.machine.apt("remove", "quanzu")
        assert not self.machine.exists("/usr/bin/quanzud")
        assert self.machine.exists("/etc/quanzu/quanzud.toml") and self.machine.exists("/var/lib/quanzu/quanzu.db")
        self.machine.apt("install", self.machine.put(self.package))
        self.finds_both_accounts()

    def keeps_data_even_when_it_is_purged_and_says_so(self):
        said = self.machine.apt("purge", "quanzu")
        assert "/var/lib/quanzu is kept" in said, said
        assert not self.machine.exists("/etc/quanzu/quanzud.toml") and self.machine.exists("/var/lib/quanzu/quanzu.db")

    def finds_both_accounts(self):
        with self.machine.served() as address:
            users = Api(address, self.token).call("Admin/ListUsers")["users"]
            assert sorted(user["name"] for user in users) == ["admin", "li"], users

    ORDER = [installs_with_what_it_needs, makes_a_first_account_that_only_root_reads, has_a_unit_that_systemd_takes_and_finds_closed,
             serves_and_signs_in, keeps_data_and_settings_over_an_upgrade, keeps_data_when_it_is_removed_and_comes_back,
             keeps_data_even_when_it_is_purged_and_says_so]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--package", type=Path, required=True)
    arguments = parser.parse_args()
    work = ROOT / "build/package"
    work.mkdir(parents=True, exist_ok=True)
    steps = Steps(Machine(work / "base", work / "machine"), arguments.package, work)
    passed = 0
    for step in Steps.ORDER:
        name = step.__name__.replace("_", " ")
        try:
            step(steps)
        except Exception as problem:  # what follows stands on this step
            print(f"FAILED  {name}: {problem}")
            print(f"{passed} passed, {len(Steps.ORDER) - passed} failed, 0 skipped")
            return 1
        print(f"passed  {name}")
        passed += 1
    shutil.rmtree(work / "machine", ignore_errors=True)
    print(f"{passed} passed, 0 failed, 0 skipped")
    return 0


if __name__ == "__main__":
    sys.exit(main())
