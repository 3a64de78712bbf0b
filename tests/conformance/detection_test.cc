// The vectors of tests/conformance/detection: each a line that says why, by the number of its ruling or point. A file's
// first line gives the schema (signal, any, or both: the same answers in each) and what else its vectors share.
// "holds" and "silent" are events for the one rule of the vector, "matches" are events with the rules that hold;
// "refused" and "warned" tell where, what and why.
#include "rules/lang/problems.h"
#include "tests/conformance/detection_support.h"
#include "tests/conformance/vectors.h"

namespace quanzu::rules {
namespace {

namespace json = boost::json;
using testing::Judged;

struct Expected {
  json::value event;
  std::vector<std::string> fires;
};

std::vector<Expected> expected_of(const json::object& vector) {
  std::vector<Expected> out;
  const auto add = [&](const char* key, std::vector<std::string> fires) {
    if (!vector.contains(key)) return;
    for (const json::value& event : vector.at(key).as_array()) out.push_back({event, fires});
  };
  add("holds", {"rule"});  // by the file's name
  add("silent", {});
  if (const auto* matches = vector.if_contains("matches")) {
    for (const json::value& each : matches->as_array()) {
      Expected& made = out.emplace_back(Expected{each.at(0), {}});
      for (const json::value& id : each.at(1).as_array()) made.fires.emplace_back(id.as_string());
    }
  }
  return out;
}

std::string all_of(const std::vector<Problem>& problems) {
  std::string out;
  for (const Problem& problem : problems) out += describe(problem) + "\n";
  return out;
}

bool is(const Problem& problem, Severity severity, const json::object& wanted) {
  const auto text = [&wanted](const char* key) {
    return wanted.contains(key) ? std::string(wanted.at(key).as_string()) : std::string();
  };
  const std::string at = std::to_string(problem.mark.line) + ":" + std::to_string(problem.mark.column);
  return problem.severity == severity && at == text("at") && problem.text == text("text") &&
         problem.reason.find(text("says")) != std::string::npos &&
         problem.suggestion.find(text("near")) != std::string::npos;
}

void check_problem(const Judged& judged, Severity severity, const json::object& wanted) {
  INFO("problems: " << all_of(judged.problems));
  CHECK(!wanted.at("says").as_string().empty());
  CHECK(std::any_of(judged.problems.begin(), judged.problems.end(),
                    [&](const Problem& problem) { return is(problem, severity, wanted); }));
}

void run(const json::object& vector, bool any_schema) {
  const std::vector<Expected> expected = expected_of(vector);
  std::vector<json::value> events;
  for (const Expected& each : expected) events.push_back(each.event);
  const Judged judged = testing::judge(vector, events, any_schema);
  if (const auto* refused = vector.if_contains("refused")) {
    return check_problem(judged, Severity::kError, refused->as_object());
  }
  if (const auto* warned = vector.if_contains("warned")) {
    check_problem(judged, Severity::kWarning, warned->as_object());
  }
  CHECK_FALSE(expected.empty());
  INFO("problems: " << all_of(judged.problems));
  CHECK(judged.fires.size() == expected.size());
  for (size_t i = 0; i < judged.fires.size(); ++i) {
    INFO("event " << json::serialize(events[i]));
    CHECK(judged.fires[i] == expected[i].fires);
  }
}

TEST_CASE("the detection vectors hold") {
  const size_t count = testing::run_vectors("detection", [](const json::object& shared, const json::object& own) {
    const json::object vector = testing::merged(shared, own);
    const std::string schema(vector.at("schema").as_string());
    if (schema != "any") run(vector, false);
    if (schema != "signal") run(vector, true);
  });
  CHECK(count >= 500);
}

}  // namespace
}  // namespace quanzu::rules
