// The console's files against the rest: it has a Chinese word for every word that the API may say, each name it asks its
// dictionary for is there, and each file it imports is served.
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "adapters/console/assets.h"
#include "engine/instruction.h"
#include "engine/measures.h"
#include "engine/user.h"
#include "tests/catch.h"

using namespace quanzu;

namespace {

std::string script(const std::string& name) {
  const console::Asset* asset = console::find_asset("/assets/" + name);
  REQUIRE(asset != nullptr);
  return std::string(asset->bytes);
}

// The keys of `kind: { a: "...", b: "..." }` in words.js.
std::set<std::string> words_of(const std::string& kind) {
  const std::string text = script("words.js");
  std::smatch line;
  REQUIRE(std::regex_search(text, line, std::regex("\n  " + kind + ": \\{ (.*) \\},\n")));
  const std::string body = line[1];
  std::set<std::string> words;
  const std::regex key(R"((\w+): ")");
  for (std::sregex_iterator at(body.begin(), body.end(), key), end; at != end; ++at) words.insert((*at)[1]);
  return words;
}

void check_has(const std::string& kind, const std::vector<std::string>& names) {
  const std::set<std::string> words = words_of(kind);
  for (const std::string& name : names) {
    INFO(kind << " " << name);
    CHECK(words.count(name) == 1);
  }
}

template <class Word, class NameOf>
std::vector<std::string> names(Word first, Word last, NameOf name_of) {
  std::vector<std::string> out;
  for (auto i = static_cast<int>(first); i <= static_cast<int>(last); ++i) {
    out.emplace_back(name_of(static_cast<Word>(i)));
  }
  return out;
}

}  // namespace

TEST_CASE("the console has a word for everything that the API may say", "[console]") {
  const Playbook playbook = Playbook::defaults();
  std::vector<std::string> results, reasons, measures;
  for (const AttemptOutcome& outcome : playbook.attempt_outcomes) results.push_back(outcome.name);
  for (const ClosingReason& reason : playbook.closing_reasons) reasons.push_back(reason.name);
  for (const std::string_view name : measure_names()) measures.emplace_back(name);
  check_has("result", results);
  check_has("closing", reasons);
  check_has("measure", measures);
  check_has("stopper", playbook.stoppers);
  check_has("level", names(Level::kLow, Level::kCritical, level_name));
  check_has("state", names(CaseState::kOpen, CaseState::kSettled, case_state_name));
  check_has("task_state", names(TaskState::kWaiting, TaskState::kCancelled, task_state_name));
  check_has("task", names(TaskType::kCall, TaskType::kFollowUp, task_type_name));
  check_has("identity", names(Identity::kQuestion, Identity::kFaceToFace, identity_name));
  check_has("fraud", names(FraudType::kBrushing, static_cast<FraudType>(kFraudTypeCount - 1), fraud_type_name));
  check_has("stage", names(Stage::kHook, Stage::kTransfer, stage_name));
  check_has("verdict", names(Verdict::kUnknown, Verdict::kLoss, verdict_name));
  check_has("truth", names(Truth::kConfirmed, Truth::kUndetermined, truth_name));
  check_has("role", names(Role::kOperator, Role::kFeed, role_name));
}

TEST_CASE("the console offers no word that the engine refuses", "[console]") {
  const Playbook playbook = Playbook::defaults();
  for (const std::string& name : words_of("result")) {
    INFO(name);
    const bool known = playbook.find_attempt_outcome(TaskType::kCall, name) != nullptr ||
                       playbook.find_attempt_outcome(TaskType::kVisit, name) != nullptr;
    CHECK(known);
  }
  for (const std::string& name : words_of("closing")) {
    INFO(name);
    CHECK(playbook.find_closing_reason(name) != nullptr);
  }
  for (const std::string& name : words_of("identity")) CHECK(find_identity(name).has_value());
  for (const std::string& name : words_of("verdict")) CHECK(find_verdict(name).has_value());
}

TEST_CASE("every name that the console asks its dictionary for is there", "[console]") {
  const std::string dictionary = script("words.js");
  const std::regex used(R"(\bt\("(\w+)\")");
  size_t found = 0;
  for (const console::Asset& asset : console::assets()) {
    const std::string text(asset.bytes);
    for (std::sregex_iterator at(text.begin(), text.end(), used), end; at != end; ++at, ++found) {
      const std::string key = (*at)[1];
      INFO(asset.path << ": " << key);
      CHECK(dictionary.find("\n  " + key + ": [") != std::string::npos);
    }
  }
  CHECK(found > 100);
}

TEST_CASE("every file that the console's page and scripts name is served", "[console]") {
  const std::regex in_page(R"re((?:src|href)="(/assets/[^"]+)")re");
  const std::regex in_script(R"re(from "\./([^"]+)")re");
  size_t found = 0;
  for (const console::Asset& asset : console::assets()) {
    const std::string text(asset.bytes);
    const bool page = asset.path == "/";
    const std::regex& names = page ? in_page : in_script;
    for (std::sregex_iterator at(text.begin(), text.end(), names), end; at != end; ++at, ++found) {
      const std::string path = page ? std::string((*at)[1]) : "/assets/" + std::string((*at)[1]);
      INFO(asset.path << " names " << path);
      CHECK(console::find_asset(path) != nullptr);
    }
    // What the page's policy forbids would fail in the browser alone.
    INFO(asset.path);
    CHECK(text.find(".innerHTML") == std::string::npos);
    CHECK(text.find("style=\"") == std::string::npos);
  }
  CHECK(found > 10);
}
