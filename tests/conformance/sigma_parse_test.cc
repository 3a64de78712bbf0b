// Every rule of a foreign corpus is read, and becomes the tree that another reader of Sigma makes of it.
// tests/conformance/differences.md lists where we differ on purpose.
#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <map>

#include "rules/lang/dump.h"
#include "rules/lang/load.h"
#include "rules/lang/problems.h"
#include "tests/catch.h"
#include "tests/shared_data.h"
#include "tests/unpacked.h"

namespace quanzu::rules {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// Children of and, or and expansion commute: sorted, equal trees are equal texts.
std::string canonical(const json::value& value) {
  if (const json::array* list = value.if_array()) {
    std::string out = "[";
    for (const json::value& item : *list) out += canonical(item) + ",";
    return out + "]";
  }
  const json::object* object = value.if_object();
  if (object == nullptr) return json::serialize(value);
  std::map<std::string, std::string> members;
  for (const auto& [key, member] : *object) {
    const bool commutes = key == "and" || key == "or" || key == "expansion";
    if (!commutes || !member.is_array()) {
      members[key] = canonical(member);
      continue;
    }
    std::vector<std::string> children;
    for (const json::value& child : member.as_array()) children.push_back(canonical(child));
    std::sort(children.begin(), children.end());
    std::string& out = members[key];
    for (const std::string& child : children) out += child + ",";
  }
  std::string out = "{";
  for (const auto& [key, member] : members) out += key + ":" + member + ",";
  return out + "}";
}

TEST_CASE("every rule of the Sigma corpus becomes the tree that pySigma makes of it", "[lang][conformance]") {
  const auto archive = tests::shared_data("conformance/sigma/rules.tar.gz");
  const auto trees = tests::shared_data("conformance/sigma/ast.jsonl");
  if (!archive || !trees) return;
  const tests::Unpacked corpus(*archive);
  const Pack pack = load_pack(corpus.folder(), {.any_schema = true, .keep_placeholders = true});
  for (const Problem& problem : pack.problems) {
    if (problem.severity == Severity::kError) FAIL_CHECK(describe(problem));
  }
  std::map<std::string, const Rule*> by_path;
  for (const Rule& rule : pack.rules) by_path[fs::path(rule.file).lexically_relative(corpus.folder()).string()] = &rule;
  size_t compared = 0;
  std::ifstream lines(*trees);
  for (std::string line; std::getline(lines, line); ++compared) {
    const json::value expected = json::parse(line);
    const std::string path(expected.at("path").as_string());
    INFO(path);
    const auto rule = by_path.find(path);
    REQUIRE(rule != by_path.end());
    CHECK(rule->second->info.id == expected.at("id").as_string());
    CHECK(canonical(json::parse(dump_conditions(*rule->second))) == canonical(expected.at("conditions")));
  }
  CHECK(compared == pack.rules.size());
  CHECK(compared == 3780);
}

TEST_CASE("placeholders of the corpus are refused where nothing resolves them", "[lang][conformance]") {
  const auto archive = tests::shared_data("conformance/sigma/rules.tar.gz");
  if (!archive) return;
  const tests::Unpacked corpus(*archive);
  const Pack pack = load_pack(corpus.folder() / "rules-placeholder", {.any_schema = true});
  CHECK_FALSE(pack.ok());
  for (const Problem& problem : pack.problems) {
    if (problem.severity == Severity::kError) CHECK(problem.reason.find("no list resolves the placeholder") == 0);
  }
}

}  // namespace
}  // namespace quanzu::rules
