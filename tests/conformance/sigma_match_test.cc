// Sigma's own rules fire on Sigma's own events where another evaluator says that they do, and nowhere else.
// tests/conformance/differences.md lists where we differ on purpose.
#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "rules/lang/load.h"
#include "rules/lang/problems.h"
#include "rules/match/foreign.h"
#include "tests/catch.h"
#include "tests/rules/foreign_evaluator.h"
#include "tests/shared_data.h"
#include "tests/unpacked.h"

namespace quanzu::rules {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

using Pair = std::pair<std::string, int64_t>;  // a rule's file name, an event's number

std::string to_string(const std::set<Pair>& pairs) {
  std::string out;
  for (const auto& [rule, event] : pairs) out += rule + " on " + std::to_string(event) + "\n";
  return out;
}

std::set<Pair> without(const std::set<Pair>& all, const std::set<Pair>& those) {
  std::set<Pair> out;
  std::set_difference(all.begin(), all.end(), those.begin(), those.end(), std::inserter(out, out.end()));
  return out;
}

TEST_CASE("the rules of the Sigma corpus fire on its events where another evaluator says so", "[match][conformance]") {
  const auto archive = tests::shared_data("conformance/sigma/rules.tar.gz");
  const auto events = tests::shared_data("conformance/sigma/events.jsonl");
  const auto matches = tests::shared_data("conformance/sigma/matches.jsonl");
  if (!archive || !events || !matches) return;

  std::set<Pair> expected;
  std::set<std::string> listed;
  std::ifstream lines(*matches);
  for (std::string line; std::getline(lines, line);) {
    const json::value row = json::parse(line);
    const std::string rule(row.at("rule").as_string());
    listed.insert(rule);
    for (const json::value& n : row.at("fires_on").as_array()) expected.emplace(rule, n.to_number<int64_t>());
  }
  CHECK(listed.size() == 202);
  CHECK(expected.size() == 281);

  const tests::Unpacked corpus(*archive);
  // What needs lists that are not part of it: one folder, and two rules of another that share a list.
  fs::remove_all(corpus.folder() / "rules-placeholder");
  fs::create_directory(corpus.folder() / "lists");
  std::ofstream(corpus.folder() / "lists/known_cdcs.txt") << "none.example\n";
  Pack pack = load_pack(corpus.folder(), {.any_schema = true});
  for (const Problem& problem : pack.problems) {
    if (problem.severity == Severity::kError) FAIL_CHECK(describe(problem));
  }
  const auto program = ForeignProgram::compile(std::move(pack));
  INFO((program ? "" : program.error().message));
  REQUIRE(program.has_value());

  // The events have no logsource, so every rule takes them. Where a rule fires that the list does not name, a plain
  // reading of its tree must agree.
  std::set<Pair> fired, disputed;
  testing::ForeignEvaluator::Regexes regexes;
  ForeignScanner scanner(*program);
  std::ifstream input(*events);
  for (std::string line; std::getline(input, line);) {
    const json::value row = json::parse(line);
    const int64_t n = row.at("n").to_number<int64_t>();
    const json::object& event = row.at("event").as_object();
    std::vector<RuleIndex> out;
    const Result<void> read = scanner.scan(json::serialize(event), out);
    INFO("event " << n << ": " << (read ? "" : read.error().message));
    REQUIRE(read.has_value());
    const testing::ForeignEvaluator plain(event, regexes);
    for (const RuleIndex rule : out) {
      const Rule& one = (*program)->pack().rules[rule];
      const Pair pair(fs::path(one.file).filename().string(), n);
      fired.insert(pair);
      if (!listed.contains(pair.first) && !plain.holds(one)) disputed.insert(pair);
    }
  }
  std::set<Pair> of_listed;
  for (const Pair& pair : fired) {
    if (listed.contains(pair.first)) of_listed.insert(pair);
  }
  CHECK(to_string(without(expected, of_listed)) == "");
  CHECK(to_string(without(of_listed, expected)) == "");
  CHECK(to_string(disputed) == "");
}

}  // namespace
}  // namespace quanzu::rules
