#include "tests/conformance/detection_support.h"

#include <boost/json/serialize.hpp>

#include "rules/author/test_signal.h"
#include "rules/match/foreign.h"
#include "rules/match/program.h"
#include "tests/catch.h"
#include "tests/rules/load_text.h"

namespace quanzu::rules::testing {
namespace {

namespace json = boost::json;

std::string text_of(const json::value& value) {
  return std::string(value.as_string());
}

void write(const json::object& vector, PackFolder& folder) {
  if (const auto* item = vector.if_contains("item")) folder.add("rule.yml", with_item(text_of(*item)));
  if (const auto* detection = vector.if_contains("detection")) {
    folder.add("rule.yml", with_detection(text_of(*detection)));
  }
  if (const auto* rules = vector.if_contains("rules")) folder.add("rule.yml", text_of(*rules));
  if (const auto* files = vector.if_contains("files")) {
    for (const auto& [name, text] : files->as_object()) folder.add(name, text_of(text));
  }
  if (const auto* settings = vector.if_contains("pack.yml")) folder.add("pack.yml", text_of(*settings));
  if (const auto* lists = vector.if_contains("lists")) {
    for (const auto& [name, text] : lists->as_object()) folder.add("lists/" + std::string(name), text_of(text));
  }
}

FieldValue field_value(const json::value& value) {
  if (value.is_bool()) return value.get_bool();
  if (value.is_number()) return value.to_number<double>();
  if (value.is_string()) return text_of(value);
  return std::monostate();
}

TestEvent test_event(const json::value& value) {
  TestEvent out;
  for (const auto& [name, member] : value.as_object()) out.fields.push_back({name, field_value(member), {}});
  return out;
}

std::vector<std::string> ids_of(const Pack& pack, const std::vector<RuleIndex>& rules) {
  std::vector<std::string> out;
  for (const RuleIndex rule : rules) out.push_back(pack.rules[rule].info.id);
  return out;
}

// The place of a program's refusal is "file:line:column".
Problem problem_of(const Error& error) {
  Problem out{Severity::kError, error.field, {}, {}, error.message, {}};
  for (int* part : {&out.mark.column, &out.mark.line}) {
    const size_t colon = out.file.rfind(':');
    REQUIRE(colon != std::string::npos);
    *part = std::stoi(out.file.substr(colon + 1));
    out.file.resize(colon);
  }
  return out;
}

void match_foreign(Pack pack, const std::vector<json::value>& events, Judged& out) {
  const auto program = ForeignProgram::compile(std::move(pack));
  if (!program) {
    out.problems.push_back(problem_of(program.error()));
    return;
  }
  ForeignScanner scanner(*program);
  for (const json::value& event : events) {
    std::vector<RuleIndex> rules;
    const Result<void> read = scanner.scan(json::serialize(event), rules);
    if (!read) FAIL(read.error().message);
    out.fires.push_back(ids_of((*program)->pack(), rules));
  }
}

void match_signals(Pack pack, const std::vector<json::value>& events, Judged& out) {
  const auto program = Program::compile(std::move(pack));
  if (!program) {
    out.problems.push_back(problem_of(program.error()));
    return;
  }
  Scanner scanner;
  for (const json::value& value : events) {
    const TestEvent event = test_event(value);
    const Result<Signal> signal = test_signal(event, Instant(), Instant());
    if (!signal) FAIL(signal.error().message);
    std::vector<RuleIndex> rules;
    scanner.scan(**program, *signal, rules);
    out.fires.push_back(ids_of((*program)->pack(), rules));
  }
}

}  // namespace

Judged judge(const json::object& vector, const std::vector<json::value>& events, bool any_schema) {
  LoadOptions options{.any_schema = any_schema};
  if (const auto* today = vector.if_contains("today")) options.now = *parse_rfc3339(text_of(*today) + "T00:00:00Z");
  PackFolder folder;
  write(vector, folder);
  Pack pack = folder.load(options);
  Judged out{.problems = pack.problems, .fires = {}};
  if (!pack.ok()) return out;
  if (any_schema) {
    match_foreign(std::move(pack), events, out);
  } else {
    match_signals(std::move(pack), events, out);
  }
  return out;
}

}  // namespace quanzu::rules::testing
