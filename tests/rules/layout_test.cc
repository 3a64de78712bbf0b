// rules/author/layout: what a file says, its order and its comments stay; its layout becomes the one; what can't be laid out
// so is refused.
#include "rules/author/layout.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "rules/lang/dump.h"
#include "rules/lang/load.h"
#include "rules/lang/problems.h"
#include "tests/catch.h"
#include "tests/shared_data.h"
#include "tests/temporary_folder.h"
#include "tests/unpacked.h"

namespace quanzu::rules {
namespace {

namespace fs = std::filesystem;

std::string laid_out(std::string_view text) {
  const Layout layout = lay_out("rule.yml", text);
  INFO(text);
  std::string problems;
  for (const Problem& problem : layout.problems) problems += describe(problem) + "\n";
  CHECK(problems == "");
  if (problems.empty()) CHECK(lay_out("rule.yml", layout.text).text == layout.text);
  return layout.text;
}

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return std::move(out).str();
}

std::vector<fs::path> rule_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".yml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// All that the loader takes from a rule but its places.
std::string meaning_of(const Rule& rule) {
  const RuleInfo& info = rule.info;
  std::string out = dump_conditions(rule);
  for (const std::string& text : {info.id, info.title, info.version, rule.name, rule.level, rule.status, rule.owner,
                                  rule.logsource.category, rule.logsource.product, rule.logsource.service}) {
    out += "\n" + text;
  }
  return out;
}

TEST_CASE("a rule file has one layout", "[layout]") {
  struct Row {
    std::string_view before, after;
  };
  const std::vector<Row> rows = {
      {"a:   b\n", "a: b\n"},
      {"a : b   \n\n\n", "a: b\n"},
      {"\n\na: b\n\n\n\nc: d\n", "a: b\n\nc: d\n"},
      {"a: b\r\nc: d\r\n", "a: b\nc: d\n"},
      {"\xEF\xBB\xBF"
       "a: b",
       "a: b\n"},
      {"a:\n    b:\n        c: d\n    e: f\n", "a:\n  b:\n    c: d\n  e: f\n"},
      {"a:\n- b\n-   c\n", "a:\n  - b\n  - c\n"},
      {"a:\n- b: 1\n  c: 2\n-\n    d: 3\n", "a:\n  - b: 1\n    c: 2\n  -\n    d: 3\n"},
      {"a:\n   -   - b\n       - c\n", "a:\n  - - b\n    - c\n"},
      {"a: [ b,c ,  d ]\n", "a: [b, c, d]\n"},
      {"a: { b: c,d:   [] , \"e\":f }\n", "a: {b: c, d: [], \"e\": f}\n"},
      {"a: [b,\n       c, # why\n d]\n", "a: [b,\n    c,  # why\n    d]\n"},
      {"a:\n    [\n    b,\n    ]\n", "a:\n  [\n    b,\n  ]\n"},
      {"a: NO\nb: 'NO'\nc: 0010\nd: +86139\ne: [off, 12:30, x]\n",
       "a: 'NO'\nb: 'NO'\nc: '0010'\nd: +86139\ne: ['off', '12:30', x]\n"},
      {"a: b c\n     d\n\n     e\nf: g\n", "a: b c\n  d\n\n  e\nf: g\n"},
      {"a: \"b\n    c\"\n", "a: \"b\n  c\"\n"},
      {"a: 'it''s'   # x\n", "a: 'it''s'   # x\n"},
      {"a: |\n      b\n        c\n\nd: >-\n   e\n", "a: |\n  b\n    c\n\nd: >-\n  e\n"},
      {"a:\n    b: |2\n        x\n    c: d\n", "a:\n  b: |2\n      x\n  c: d\n"},
      {"a: |+\n  b\n\n\nc: d\n", "a: |+\n  b\n\n\nc: d\n"},
      {"a:\n    b\nc: d\n", "a:\n  b\nc: d\n"},
      {"---\n\na: b\n\n---\nc: d\n...\n", "---\na: b\n---\nc: d\n...\n"},
      {"a: &x b\nc: *x\n", "a: &x b\nc: *x\n"},
      {"text|re: 'a: # b'\n", "text|re: 'a: # b'\n"},
      {"a: http://x/#y\n", "a: http://x/#y\n"},
  };
  for (const Row& row : rows) CHECK(laid_out(row.before) == row.after);
}

TEST_CASE("comments stay with what they stand beside", "[layout]") {
  CHECK(laid_out("# head\n\n\n# second\na: b # end\n") == "# head\n\n# second\na: b  # end\n");
  CHECK(laid_out("a:   # of a\n    # of b\n    b: c\n    # d: e\nf: g\n") ==
        "a:   # of a\n  # of b\n  b: c\n  # d: e\nf: g\n");
  CHECK(laid_out("a:\n    - b\n# at the margin\n    - c\n") == "a:\n  - b\n  # at the margin\n  - c\n");
  CHECK(laid_out("a: b\n\n# last\n---\n# first\nc: |\n   # no comment\n") ==
        "a: b\n\n# last\n---\n# first\nc: |\n  # no comment\n");
}

TEST_CASE("what can't be laid out is refused with its place", "[layout]") {
  const auto refusal = [](std::string_view text) {
    const Layout layout = lay_out("rule.yml", text);
    REQUIRE_FALSE(layout.problems.empty());
    CHECK(layout.text.empty());
    return describe(layout.problems.front());
  };
  CHECK(refusal("a: b\n? c\n: d\n") ==
        "rule.yml:2:1: error: '? c': a key behind a question mark; write it before a colon");
  CHECK(refusal("--- {a: b}\n").find("beside a document's mark") != std::string::npos);
  CHECK(refusal("a: [b\n").find("rule.yml:") == 0);
  CHECK(refusal("a: b\n a: c\n").find("rule.yml:2") == 0);
}

TEST_CASE("the shipped packs are in the layout", "[layout]") {
  const std::vector<fs::path> files = rule_files(QUANZU_SOURCE_DIR "/rules/packs");
  REQUIRE(files.size() >= 20);
  for (const fs::path& file : files) {
    INFO("./build/debug/quanzu rules fmt " << file.string());
    const std::string before = bytes_of(file);
    CHECK(laid_out(before) == before);
  }
}

TEST_CASE("every rule of the Sigma corpus means the same in the layout", "[layout][conformance]") {
  const auto archive = tests::shared_data("conformance/sigma/rules.tar.gz");
  if (!archive) return;
  const tests::Unpacked corpus(*archive);
  const std::vector<fs::path> files = rule_files(corpus.folder());
  REQUIRE(files.size() == 3780);
  const quanzu::testing::TemporaryFolder folder;
  for (const fs::path& file : files) {
    INFO(file.string());
    const std::string before = bytes_of(file);
    const Layout layout = lay_out(file.string(), before);
    REQUIRE(layout.problems.empty());
    const auto marks = [](const std::string& text) { return std::count(text.begin(), text.end(), '#'); };
    CHECK(marks(layout.text) == marks(before));
    const fs::path after = folder.path() / file.lexically_relative(corpus.folder());
    fs::create_directories(after.parent_path());
    std::ofstream(after, std::ios::binary) << layout.text;
  }
  const LoadOptions options{.any_schema = true, .keep_placeholders = true};
  const Pack before = load_pack(corpus.folder(), options);
  const Pack after = load_pack(folder.path(), options);
  REQUIRE(before.rules.size() == after.rules.size());
  for (size_t i = 0; i < before.rules.size(); ++i) CHECK(meaning_of(after.rules[i]) == meaning_of(before.rules[i]));
}

}  // namespace
}  // namespace quanzu::rules
