// quanzu rules match: which rules hold for each event of a file.
#include <charconv>
#include <fstream>
#include <iostream>

#include "cmd/tool_rules.h"
#include "rules/match/foreign.h"

namespace quanzu::tool {
namespace {

namespace json = boost::json;
using rules::ForeignValue;

struct MatchCommand {
  std::string path;
  std::string events;
  std::string schema = "signal";
  std::string time_field = "at";
  bool json = false;
};

// The shortest text that reads back as the number.
std::string shortest(double value) {
  char text[32];
  const auto [end, error] = std::to_chars(text, text + sizeof text, value);
  return {text, end};
}

ForeignValue foreign(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return {};
    case json::kind::bool_:
      return {value.get_bool()};
    case json::kind::int64:
      return {ForeignValue::Number{static_cast<double>(value.get_int64()), std::to_string(value.get_int64())}};
    case json::kind::uint64:
      return {ForeignValue::Number{static_cast<double>(value.get_uint64()), std::to_string(value.get_uint64())}};
    case json::kind::double_:
      return {ForeignValue::Number{value.get_double(), shortest(value.get_double())}};
    case json::kind::string:
      return {std::string(value.get_string())};
    case json::kind::array: {
      ForeignValue::Array out;
      for (const json::value& element : value.get_array()) out.push_back(foreign(element));
      return {std::move(out)};
    }
    case json::kind::object: {
      ForeignValue::Object out;
      for (const auto& [key, member] : value.get_object()) out.emplace_back(std::string(key), foreign(member));
      return {std::move(out)};
    }
  }
  return {};
}

// Events against rules, of signals or of anything.
class Matcher {
 public:
  virtual ~Matcher() = default;
  virtual Result<void> match(const json::value& event, std::vector<RuleIndex>& out) = 0;
  virtual std::string_view id(RuleIndex rule) const = 0;
};

class SignalMatcher : public Matcher {
 public:
  explicit SignalMatcher(std::shared_ptr<const rules::Program> program) : program_(std::move(program)) {}
  Result<void> match(const json::value& event, std::vector<RuleIndex>& out) override {
    const Result<Signal> signal = reader_.read(event);
    if (!signal) return Failure(signal.error());
    scanner_.scan(*program_, *signal, out);
    return {};
  }
  std::string_view id(RuleIndex rule) const override { return program_->rules()[rule].id; }

 private:
  std::shared_ptr<const rules::Program> program_;
  rules::Scanner scanner_;
  EventReader reader_;
};

class AnyMatcher : public Matcher {
 public:
  AnyMatcher(std::unique_ptr<const rules::Pack> pack, rules::ForeignMatcher matcher)
      : pack_(std::move(pack)), matcher_(std::move(matcher)) {}
  Result<void> match(const json::value& event, std::vector<RuleIndex>& out) override {
    if (!event.is_object()) return fail(Code::kInvalidArgument, "no JSON object; each event is one");
    matcher_.match(foreign(event), out);
    return {};
  }
  std::string_view id(RuleIndex rule) const override { return pack_->rules[rule].info.id; }

 private:
  std::unique_ptr<const rules::Pack> pack_;
  rules::ForeignMatcher matcher_;
};

std::unique_ptr<Matcher> matcher_of(const MatchCommand& command) {
  if (command.schema != "any") {
    std::shared_ptr<const rules::Program> program = compile_rules(command.path);
    if (program == nullptr) return nullptr;
    return std::make_unique<SignalMatcher>(std::move(program));
  }
  std::optional<rules::Pack> loaded = load_rules(command.path, {.any_schema = true});
  if (!loaded) return nullptr;
  auto pack = std::make_unique<const rules::Pack>(std::move(*loaded));
  Result<rules::ForeignMatcher> matcher = rules::ForeignMatcher::make(*pack);
  if (matcher) return std::make_unique<AnyMatcher>(std::move(pack), std::move(*matcher));
  complain(matcher.error().message);
  return nullptr;
}

Exit match(const MatchCommand& command) {
  const std::unique_ptr<Matcher> matcher = matcher_of(command);
  if (matcher == nullptr) return Exit::kFailed;
  std::ifstream in(command.events, std::ios::binary);
  if (!in) {
    complain("'" + command.events + "' can't be read");
    return Exit::kFailed;
  }
  uint64_t line_number = 0, n = 0, bad = 0;
  std::vector<RuleIndex> matched;
  for (std::string line; std::getline(in, line);) {
    ++line_number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    json::error_code error;
    const json::value event = json::parse(line, error);
    matched.clear();
    const Result<void> done = error ? Result<void>(fail(Code::kInvalidArgument, "no JSON: " + error.message()))
                                    : matcher->match(event, matched);
    json::array ids;
    for (const RuleIndex rule : matched) ids.push_back(json::string(matcher->id(rule)));
    json::object row{{"n", n++}, {"rules", std::move(ids)}, {"alerts", json::array()}};
    if (!done) {
      row["error"] = done.error().message;
      complain(command.events + ":" + std::to_string(line_number) + ": " + done.error().message);
      ++bad;
    }
    std::cout << json::serialize(row) << '\n';
  }
  return bad == 0 ? Exit::kOk : Exit::kFailed;
}

}  // namespace

void add_rules_match(CLI::App& rules) {
  CLI::App* sub = rules.add_subcommand("match",
                                       "Print a JSON line an event, in input order: {\"n\":0,\"rules\":[ids whose "
                                       "detection holds],\"alerts\":[..]}.\n"
                                       "Exits: 0 every event was matched; 1 one can't be read (its line has an "
                                       "`error`), or the pack does not load");
  auto command = std::make_shared<MatchCommand>();
  sub->add_option("--rules", command->path, "A folder of rules, or one rule file")->required();
  sub->add_option("--events", command->events, "JSON lines: signals as `quanzu send` takes them, or any objects")
      ->required();
  sub->add_option("--schema", command->schema,
                  "signal: events are signals; any: fields of any name, nothing normalised")
      ->check(CLI::IsMember({"signal", "any"}))
      ->capture_default_str();
  sub->add_option("--time-field", command->time_field, "The field that correlations read the time from")
      ->capture_default_str();
  sub->add_flag("--json", command->json, "The default, and the only form");
  sub->footer("Example: quanzu rules match --rules rules/packs --events signals.jsonl | grep -v '\"rules\":\\[\\]'");
  on_chosen(sub, [command] { return match(*command); });
}

}  // namespace quanzu::tool
