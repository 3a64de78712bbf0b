"""The registry as another system exports it: `quanzud residents check` says what can't be taken, and what changed."""
from harness import Case

HEADER = "id,name,numbers,birth_year,area,lat,lon,datum,languages,facts,household,notes\n"
AREAS = "area,lat,lon,datum\n青年路街道/幸福社区/第一网格,30.2741,120.1551,wgs84\n青年路街道/和平社区,,,\n"


class ResidentsTest(Case):
    def write(self, name, text, encoding="utf-8"):
        path = self.folder / name
        path.write_bytes(text.encode(encoding))
        return path

    def check(self, path, *options, exit_code=0):
        return self.run_json("quanzud", "residents", "check", path, *options, exit_code=exit_code)

    def rows(self, count, **changed):
        """Residents 1 to count; `changed` replaces a cell of one of them: r7="numbers=..."."""
        lines = []
        for n in range(1, count + 1):
            cells = dict(zip(HEADER.strip().split(","), [str(n), f"居民{n}", f"1390000{n:04}", "1960",
                                                        "青年路街道/幸福社区/第一网格/3幢", "", "", "", "zh", "", "", ""]))
            if f"r{n}" in changed:
                column, value = changed[f"r{n}"].split("=", 1)
                cells[column] = value
            lines.append(",".join(cells.values()))
        return HEADER + "\n".join(lines) + "\n"

    def test_a_sound_export_is_sound_in_either_encoding_and_separator(self):
        areas = self.write("areas.csv", AREAS)
        for name, text, encoding in (("a.csv", self.rows(1000), "utf-8"), ("b.csv", self.rows(1000), "gb18030"),
                                     ("c.tsv", self.rows(1000).replace(",", "\t"), "utf-8-sig")):
            told = self.check(self.write(name, text, encoding), "--areas", areas)
            self.assertEqual((told["rows"], told["sound"], told["rejected"]), (1000, 1000, []))
            self.assertEqual(told["encoding"], "GB18030" if encoding == "gb18030" else "UTF-8")
            self.assertEqual(told["separator"], "tab" if name.endswith("tsv") else "comma")

    def test_each_bad_row_is_named_by_line_column_and_reason_and_shows_no_whole_number(self):
        text = self.rows(9, r2="numbers=", r3="numbers=13900000001", r4="area=青年路街道/光明社区", r6="birth_year=196", r8="id=7")
        lines = text.split("\n")
        lines[5] = lines[5].replace("3幢,,,,", "3幢,48.85,2.35,gcj02,")
        text = "\n".join(lines)
        told = self.check(self.write("bad.csv", text), "--areas", self.write("areas.csv", AREAS), exit_code=1)
        faults = {each["line"]: (each["column"], each["reason"]) for each in told["rejected"]}
        self.assertEqual({line: column for line, (column, _) in faults.items()},
                         {3: "numbers", 4: "numbers", 5: "area", 6: "datum", 7: "birth_year", 9: "id"})
        self.assertIn("can't be warned", faults[3][1])
        self.assertIn("it has 幸福社区, 和平社区", faults[5][1])
        self.assertEqual((told["sound"], told["rejected_rows"]), (3, 6))
        self.assertNotIn("13900000001", str(told))

    def test_the_same_export_again_changes_nothing_and_a_new_one_is_told_apart(self):
        before = self.write("monday.csv", self.rows(5))
        same = self.check(before, "--against", before)
        self.assertEqual((same["added"], same["changed"], same["unchanged"], same["missing"]), ([], [], 5, []))
        told = self.check(self.write("tuesday.csv", self.rows(6, r2="birth_year=1961", r3="id=x3")), "--against", before)
        self.assertEqual((told["added"], told["unchanged"], told["missing"]), (["x3", "6"], 3, ["3"]))
        self.assertEqual(told["changed"], [{"id": "2", "columns": ["birth_year"]}])

    def test_what_is_no_export_is_refused_with_the_reason(self):
        for text, words in (("", "the file is empty"), ("id,phone\n", "column \"phone\" is not known"), ("id\n", "is missing")):
            refused = self.run_command("quanzud", "residents", "check", self.write("x.csv", text), exit_code=1)
            self.assertIn(words, refused.stderr)
        refused = self.run_command("quanzud", "residents", "check", self.write("x.csv", self.rows(1)), "--areas",
                                   self.write("areas.csv", "area,lat,lon,datum\na//b,,,\n"), exit_code=1)
        self.assertIn("line 2, column area", refused.stderr)
        self.run_command("quanzud", "residents", "check", self.folder / "nowhere.csv", exit_code=3)
