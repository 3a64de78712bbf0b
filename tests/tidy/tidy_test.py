#!/usr/bin/env python3
"""The rules of the house, as a test: what docs/architecture.md promises about the tree holds, or this names the line.

Each rule is a function from (path, text) or from the whole tree to findings. `PROBES` at the end holds a bad snippet for
each rule: a rule that does not find its probe has failed too, so none can rot into a test that cannot fail.
"""
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ["engine", "rules", "adapters", "simulator", "cmd"]
MAX_LINES = 400  # past that, find the missing concept; warned about
HARD_LINES = 700  # a file that nobody reads to its end
MAX_FUNCTION = 60

INCLUDE = re.compile(r'^\s*#include "([^"]+)"', re.M)
STRING_OR_COMMENT = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.S)


def blank(match):
    return re.sub(r"[^\n]", " ", match.group(0))


def code_of(text):
    """The text with comments and literals blanked, every line and column in its place."""
    return STRING_OR_COMMENT.sub(blank, text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def dependency_rule(path, text):
    """engine <- rules <- adapters <- simulator <- cmd; the repository root is the only include root."""
    top = path.split("/")[0]
    for match in INCLUDE.finditer(text):
        included = match.group(1)
        layer = included.split("/")[0]
        if layer not in LAYERS + ["tests", "cmake"]:
            yield line_of(text, match.start()), f'include "{included}" does not start at the repository root'
        elif top in LAYERS and (layer not in LAYERS or LAYERS.index(layer) > LAYERS.index(top)):
            yield line_of(text, match.start()), f"{top}/ must not include {layer}/"


def engine_is_pure(path, text):
    """engine/ knows no clock, thread, file, stream or floating-point state."""
    if not path.startswith("engine/"):
        return
    banned = r"#include <(?:thread|mutex|atomic|fstream|iostream|filesystem|random|ctime|boost/\S+|sqlite3\.h)>|" \
             r"\b(?:system_clock|steady_clock|std::rand|getenv|throw)\b"
    for match in re.finditer(banned, code_of(text)):
        if "sys_time" not in match.group(0):
            yield line_of(text, match.start()), f"engine/ is pure: no {match.group(0)}"


def coroutine_rules(path, text):
    """g++ 12.2 miscompiles these forms (docs/architecture.md): one co_await a statement, named operands and results."""
    code = code_of(text)
    for match in re.finditer(r"\bco_(?:await|spawn)\b", code):
        start = max(code.rfind(mark, 0, match.start()) for mark in ";{}") + 1
        end = code.find(";", match.end())
        statement = code[start:end if end >= 0 else len(code)]
        line = line_of(text, match.start())
        if statement.count("co_await") > 1:
            yield line, "more than one co_await in a statement"
        if re.search(r"\b(?:if|while|for|switch|return)\s*\([^;]*co_await", statement) or "?" in statement:
            yield line, "co_await in a condition: name its result first"
        rest = code[match.end():end if end >= 0 else len(code)]
        if re.search(r"\[[^\]]*\]\s*(?:\(|\{|mutable)|\{", rest):
            yield line, "a lambda or braces in a co_await or co_spawn statement: name it first"
        if "detached" in rest:
            yield line, "co_spawn(..., detached) loses errors: give a completion handler that logs"


def sizes(path, text):
    """Files up to 400 lines are read to their end; a hard limit for all, warnings by `warn` below."""
    lines = text.count("\n")
    if lines > HARD_LINES and not path.startswith("rules/text/data/"):
        yield lines, f"{lines} lines: split by concept (limit {HARD_LINES})"


def no_sleeping_tests(path, text):
    """A test waits for events, not for time, and times nothing."""
    if not path.startswith("tests/") or path.startswith("tests/bench/"):
        return
    for match in re.finditer(r"\b(?:sleep_for|sleep_until|usleep|nanosleep)\b", code_of(text)):
        yield line_of(text, match.start()), f"a test must not sleep: {match.group(0)}"


def no_fraud_words(path, text):
    """Case, queue and ladder read a playbook's flags: what a kind of case means is data."""
    if not re.match(r"engine/(?:case|queue|ladder)\b", path):
        return
    words = r"FraudType::k(?!None\b)\w+|\"(?:dissuaded|false_alarm|stop_payment|no_answer|reached|met)\"|" \
            r"\b(?:brushing|impersonate|police|suspect|scam)\w*"
    for match in re.finditer(words, re.sub(r"//[^\n]*", blank, text)):
        yield line_of(text, match.start()), f"a fraud word in {path}: {match.group(0)} belongs into a playbook"


def headers_explain(path, text):
    """A header starts with two lines or more: what it is for, who owns it, which thread calls it."""
    if path.endswith(".h") and not path.startswith(("cmake/", "tests/")):
        head = re.match(r"(?:[ \t]*//[^\n]*\n)+", text)
        if head is None or head.group(0).count("\n") < 2:
            yield 1, "a header starts with two to six lines that say what it is for"
        if "#pragma once" not in text:
            yield 1, "a header needs #pragma once"


def nothing_left_for_later(path, text):
    for match in re.finditer(r"\b(?:TODO|FIXME|XXX|HACK)\b", text):
        if not path.startswith("tests/tidy/"):
            yield line_of(text, match.start()), f"{match.group(0)}: do it, or file an issue"


def no_machine_paths(path, text):
    for match in re.finditer(r"/(?:work|tmp/wt|home/\w+)/|\bregistry\.npm|deb\.debian\.org", text):
        if not path.startswith("tests/tidy/"):
            yield line_of(text, match.start()), f"a path or host of one machine: {match.group(0)}"


def architecture_path(root):
    """docs/architecture.md leads from socket to case in at most nine files, all of which exist."""
    page = root / "docs/architecture.md"
    if not page.exists():
        return ["docs/architecture.md is missing"]
    text = page.read_text()
    section = re.search(r"^## From socket to case\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    if section is None:
        return ["docs/architecture.md has no section 'From socket to case'"]
    steps = re.findall(r"^\d+\. `([^`]+)`", section.group(1), re.M)
    problems = [f"docs/architecture.md names {step}, which does not exist" for step in steps if not (root / step).exists()]
    if not 5 <= len(steps) <= 9:
        problems.append(f"docs/architecture.md names {len(steps)} files on the path; five to nine are a path")
    problems += [f"docs/architecture.md names {name}, which does not exist"
                 for name in re.findall(r"`((?:engine|rules|adapters|simulator|cmd|tests|docs)/[\w./-]+\.\w+)`", text)
                 if not (root / name).exists()]
    return problems


def slug(heading):
    """The anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def links_resolve(root):
    """A page's links lead to a file and a heading that exist, and so do the pages that the code names."""
    pages = [page for pattern in ("*.md", "docs/**/*.md") for page in root.glob(pattern)]
    problems = [] if pages else ["there are no pages"]
    for page in pages:
        for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
            if re.match(r"\w+:", target):
                continue
            file, _, anchor = target.partition("#")
            to = page if not file else page.parent / file
            if not to.exists():
                problems.append(f"{page.relative_to(root)} links to {target}, which does not exist")
            elif anchor and anchor not in map(slug, re.findall(r"^#+ (.*)$", to.read_text(), re.M)):
                problems.append(f"{page.relative_to(root)} links to {target}, which has no such heading")
    for name in tracked() if root == ROOT else []:
        if not name.startswith("tests/tidy/"):
            problems += [f"{name} names {named}, which does not exist"
                         for named in re.findall(r"\bdocs/[\w/.-]+\.md\b", (ROOT / name).read_text(errors="replace"))
                         if not (ROOT / named).exists()]
    return problems


def readme_has_commands(root):
    readme = root / "README.md"
    text = readme.read_text() if readme.exists() else ""
    return [f"README.md does not show {command}" for command in ("./dev run", "./dev test") if command not in text]


def files_for_users(root):
    wanted = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "docs/glossary.md", "docs/measures.md",
              "docs/feed-protocol.md", "docs/performance.md", "docs/rule-format.md", "docs/security.md"]
    return [f"{name} is missing" for name in wanted if not (root / name).exists()]


def metrics_exist(root):
    """What dashboards, alarms and the page on operations name is what the server shows, and the page names all of it."""
    code = "".join(path.read_text() for path in sorted(root.glob("adapters/**/*.cc")))
    shown = set(re.findall(r'"(quanzu_[a-z0-9_]+)"', code))
    problems = [] if shown else ["the code shows no metric"]
    page = root / "docs/operations.md"
    for file in [page, *sorted((root / "docs/operations").glob("*"))]:
        text = file.read_text() if file.exists() else ""
        named = {re.sub(r"_(bucket|sum|count)$", "", name) for name in re.findall(r"\bquanzu_[a-z0-9_]+\b", text)}
        problems += [f"{file.relative_to(root)} names {name}, which no code shows" for name in sorted(named - shown)]
        if file == page:
            problems += [f"docs/operations.md does not name {name}" for name in sorted(shown - named)]
    return problems


def one_definition(root):
    """A name means one type in its namespace: of two, the linker keeps the functions of one, and they work on the other."""
    places = {}
    for path in sorted(path for folder in ("engine", "rules", "adapters", "simulator", "cmd") for path in root.glob(f"{folder}/**/*")):
        if path.suffix not in (".h", ".cc"):
            continue
        text = re.sub(r"^namespace \{$.*?^\}  // namespace$", "", path.read_text(), flags=re.M | re.S)
        space = re.search(r"^namespace (quanzu[\w:]*) \{", text, re.M)
        for name in re.findall(r"^(?:struct|class|enum class) (?:\[\[.*?\]\] )?(\w+)(?: final)?(?: : [^{;]*)?\s*\{", text, re.M):
            places.setdefault((space and space.group(1), name), []).append(path.relative_to(root).as_posix())
    if not places:
        return ["the tree has no type"]
    return [f"{space}::{name} is defined in {' and in '.join(files)}" for (space, name), files in places.items() if len(files) > 1]


FILE_RULES = [dependency_rule, engine_is_pure, coroutine_rules, sizes, no_sleeping_tests, no_fraud_words, headers_explain,
              nothing_left_for_later, no_machine_paths]
TREE_RULES = [architecture_path, links_resolve, readme_has_commands, files_for_users, metrics_exist, one_definition]

PROBES = {
    dependency_rule: ("engine/probe.cc", '#include "adapters/feed/batch.h"\n'),
    engine_is_pure: ("engine/probe.cc", "auto now = std::chrono::system_clock::now();\n"),
    coroutine_rules: ("adapters/probe.cc", "if (co_await ready(socket)) return;\n"),
    sizes: ("adapters/probe.cc", "int x;\n" * (HARD_LINES + 1)),
    no_sleeping_tests: ("tests/probe_test.cc", "std::this_thread::sleep_for(1s);\n"),
    no_fraud_words: ("engine/case.cc", 'if (closing.reason == "dissuaded") return;\n'),
    headers_explain: ("engine/probe.h", "#pragma once\n"),
    nothing_left_for_later: ("engine/probe.cc", "// TODO: later\n"),
    no_machine_paths: ("docs/probe.md", "see /work/main/notes\n"),
}
COROUTINE_PROBES = [
    "auto both = f(co_await a(), co_await b());\n",
    "boost::asio::co_spawn(context, [] { return run(); }, done);\n",
    "boost::asio::co_spawn(context, task, boost::asio::detached);\n",
    "auto r = co_await connect(Endpoint{host, port});\n",
]


def tracked():
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    return [name for name in names if name.endswith((".h", ".cc", ".py", ".md", ".yml", ".cmake", ".proto", ".js"))
            and (ROOT / name).exists()]


def function_lengths(path, text):
    """Rough: from a line that opens a body at column 0 to its closing brace at column 0."""
    start = None
    for number, line in enumerate(text.split("\n"), 1):
        if re.match(r"^[\w:<>~&*,\s\[\]\"]+\(.*\{\s*$", line) and not line.startswith(("namespace", " ", "}")):
            start = number
        elif line.startswith("}") and start is not None:
            if number - start > MAX_FUNCTION:
                yield start, f"a function of {number - start} lines"
            start = None


def warn(files):
    for path, text in files:
        if path.endswith((".h", ".cc")):
            if text.count("\n") > MAX_LINES:
                print(f"warning: {path}: {text.count(chr(10))} lines; is a concept missing?")
            for line, what in function_lengths(path, text):
                print(f"warning: {path}:{line}: {what}; about {MAX_FUNCTION} are read at a glance")


def main():
    files = [(name, (ROOT / name).read_text(errors="replace")) for name in tracked()]
    code = [(path, text) for path, text in files if path.endswith((".h", ".cc"))]
    passed = failed = 0
    for rule in FILE_RULES:
        over = files if rule in (nothing_left_for_later, no_machine_paths) else code
        findings = [f"{path}:{line}: {what}" for path, text in over for line, what in rule(path, text)]
        if not list(rule(*PROBES[rule])):
            findings.append(f"{rule.__name__} does not find its own probe")
        if rule is coroutine_rules:
            findings += [f"coroutine_rules misses: {probe.strip()}" for probe in COROUTINE_PROBES
                         if not list(rule("adapters/probe.cc", probe))]
        passed, failed = (passed, failed + 1) if findings else (passed + 1, failed)
        for finding in findings:
            print(f"{rule.__name__}: {finding}")
    for rule in TREE_RULES:
        findings = rule(ROOT)
        if not rule(ROOT / "tests/tidy"):
            findings.append(f"{rule.__name__} does not miss anything in a folder that has nothing")
        passed, failed = (passed, failed + 1) if findings else (passed + 1, failed)
        for finding in findings:
            print(f"{rule.__name__}: {finding}")
    warn(files)
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
