"""docs/tutorial-rules.md as a newcomer walks it: its files are written, its commands run, and they print what the page says."""
import os
import re
import subprocess

from harness import ENVIRONMENT, ROOT, Case

PAGE = ROOT / "docs/tutorial-rules.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)


def fits(shown, told):
    """Line by line; `...` alone is any lines, and any text inside of one."""
    pattern = "".join("(?:.*\n)*?" if line == "..." else re.escape(line).replace(r"\.\.\.", ".*") + "\n"
                      for line in told)
    return re.fullmatch(pattern, shown) is not None


class TutorialTest(Case):
    def test_every_command_prints_what_the_page_says(self):
        environment = {**ENVIRONMENT, "PATH": f"{self.build}{os.pathsep}{os.environ['PATH']}"}
        blocks = BLOCK.findall(PAGE.read_text())
        commands = 0
        for language, text in blocks:
            if language == "yaml":  # added to the file, as the page says; the first is the whole of it
                with open(self.folder / "court.yml", "a") as file:
                    file.write(text)
            elif language == "json":
                (self.folder / "events.jsonl").write_text(text)
            else:
                self.assertEqual(language, "console")
                for step in re.split(r"^\$ ", text, flags=re.M)[1:]:
                    command, *told = step.splitlines()
                    done = subprocess.run(["bash", "-c", command], cwd=self.folder, env=environment, timeout=300,
                                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                    shown = done.stdout.decode()
                    self.assertTrue(fits(shown, told), f"$ {command}\n{shown}")
                    commands += 1
        self.assertGreater(commands, 10)

    def test_a_line_that_differs_is_found(self):
        self.assertTrue(fits("a\nb\nc\n", ["a", "...", "c"]))
        self.assertTrue(fits("a 5 b\n", ["a ... b"]))
        self.assertFalse(fits("a\nb\n", ["a"]))
        self.assertFalse(fits("a\n", ["b"]))
