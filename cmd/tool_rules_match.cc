// quanzu rules match: which rules hold for each event of a file.
#include <deque>
#include <fstream>
#include <iostream>

#include "cmd/tool_rules.h"
#include "rules/author/named_fields.h"

namespace quanzu::tool {
namespace {

namespace json = boost::json;

struct MatchCommand {
  std::string path;
  std::string events;
  std::string schema = "signal";
  std::string time_field = "at";
  bool json = false;
};

// One event against the rules, of signals or of anything; what it says of the event holds until the next.
class Matcher {
 public:
  virtual ~Matcher() = default;
  virtual const rules::Pack& pack() const = 0;
  virtual Result<void> match(std::string_view line, std::vector<RuleIndex>& out) = 0;
  virtual std::optional<Instant> time() const = 0;
  virtual std::unique_ptr<rules::NamedFields> fields() const = 0;
};

class SignalMatcher : public Matcher {
 public:
  explicit SignalMatcher(std::shared_ptr<const rules::Program> program) : program_(std::move(program)) {}
  const rules::Pack& pack() const override { return program_->pack(); }
  Result<void> match(std::string_view line, std::vector<RuleIndex>& out) override {
    json::error_code error;
    const json::value event = json::parse(line, error);
    if (error) return fail(Code::kInvalidArgument, "no JSON: " + error.message());
    const Result<Signal> signal = reader_.read(event);
    if (!signal) return Failure(signal.error());
    signal_ = *signal;
    scanner_.scan(*program_, signal_, out);
    return {};
  }
  std::optional<Instant> time() const override { return reader_.has_time() ? std::optional(signal_.at) : std::nullopt; }
  std::unique_ptr<rules::NamedFields> fields() const override { return std::make_unique<rules::SignalFields>(signal_); }

 private:
  std::shared_ptr<const rules::Program> program_;
  rules::Scanner scanner_;
  EventReader reader_;
  Signal signal_;
};

class AnyMatcher : public Matcher {
 public:
  AnyMatcher(std::shared_ptr<const rules::ForeignProgram> program, std::string time_field)
      : program_(std::move(program)), scanner_(program_), time_field_(std::move(time_field)) {}
  const rules::Pack& pack() const override { return program_->pack(); }
  Result<void> match(std::string_view line, std::vector<RuleIndex>& out) override { return scanner_.scan(line, out); }
  std::optional<Instant> time() const override {
    const rules::JsonNode* value = scanner_.value_at(time_field_);
    return value == nullptr ? std::nullopt : rules::time_of(*value);
  }
  std::unique_ptr<rules::NamedFields> fields() const override {
    return std::make_unique<rules::ForeignFields>(scanner_);
  }

 private:
  std::shared_ptr<const rules::ForeignProgram> program_;
  rules::ForeignScanner scanner_;
  std::string time_field_;
};

// Writes the lines in input order: an event's line waits until every correlation has taken the event.
class Printer {
 public:
  explicit Printer(const rules::Pack& pack) : pack_(pack) {}
  void add(json::object row) { waiting_.push_back(std::move(row)); }
  void print(std::vector<rules::OfflineLine>& lines) {
    for (const rules::OfflineLine& line : lines) {
      json::object row;
      if (line.n) {
        row = std::move(waiting_.front());
        waiting_.pop_front();
      } else {
        row["at"] = format_rfc3339(line.at);
      }
      json::array alerts;
      for (const rules::OfflineAlert& alert : line.alerts) alerts.push_back(json_of(alert));
      row["alerts"] = std::move(alerts);
      std::cout << json::serialize(row) << '\n';
    }
    lines.clear();
  }

 private:
  json::object json_of(const rules::OfflineAlert& alert) const {
    json::object group;
    for (const auto& [name, value] : alert.group) group[name] = value;
    return {{"rule", pack_.correlations[alert.rule - pack_.rules.size()].info.id}, {"group", std::move(group)}};
  }

  const rules::Pack& pack_;
  std::deque<json::object> waiting_;
};

std::optional<rules::Definitions> definitions_of(const rules::Pack& pack) {
  Result<rules::Definitions> definitions = rules::define(pack);
  if (definitions) return std::move(*definitions);
  complain(definitions.error().message);
  return std::nullopt;
}

// A matcher and what its pack's correlations are; null where the pack is at fault, which it has told.
std::unique_ptr<Matcher> matcher_of(const MatchCommand& command, rules::Definitions& definitions) {
  if (command.schema != "any") {
    std::shared_ptr<const rules::Program> program = compile_rules(command.path);
    if (program == nullptr) return nullptr;
    std::optional<rules::Definitions> defined = definitions_of(program->pack());
    if (!defined) return nullptr;
    definitions = std::move(*defined);
    return std::make_unique<SignalMatcher>(std::move(program));
  }
  std::optional<rules::Pack> loaded = load_rules(command.path, {.any_schema = true});
  if (!loaded) return nullptr;
  std::optional<rules::Definitions> defined = definitions_of(*loaded);
  if (!defined) return nullptr;
  definitions = std::move(*defined);
  std::vector<std::string> also = definitions.fields;
  also.push_back(command.time_field);
  auto program = rules::ForeignProgram::compile(std::move(*loaded), also);
  if (program) return std::make_unique<AnyMatcher>(std::move(*program), command.time_field);
  complain(program.error().message);
  return nullptr;
}

// An event that can't be read has no rules, an `error`, and its place in the output.
json::object take(Matcher& matcher, const std::string& line, std::vector<RuleIndex>& matched) {
  matched.clear();
  const Result<void> done = matcher.match(line, matched);
  json::array ids;
  for (const RuleIndex rule : matched) ids.push_back(json::string(matcher.pack().rules[rule].info.id));
  json::object row{{"rules", std::move(ids)}};
  if (!done) row["error"] = done.error().message;
  return row;
}

// What took no part, or was not told: an author looks for it where an alert is missing.
void tell_left_out(const rules::Core& core) {
  using rules::CorrelationCounters;
  constexpr std::pair<uint64_t CorrelationCounters::*, const char*> kFigures[] = {
      {&CorrelationCounters::late, "late"},
      {&CorrelationCounters::ungrouped, "without a field of group-by"},
      {&CorrelationCounters::valueless, "without its value"},
      {&CorrelationCounters::suppressed, "alerts suppressed"},
      {&CorrelationCounters::evicted, "groups evicted at the cap"}};
  for (size_t c = 0; c < core.definitions().correlations.size(); ++c) {
    const CorrelationCounters counters = core.counters(c);
    std::string left_out;
    for (const auto& [of, what] : kFigures) {
      if (counters.*of > 0) left_out += ", " + std::to_string(counters.*of) + " " + what;
    }
    if (left_out.empty()) continue;
    complain(core.definitions().correlations[c].id + ": " + std::to_string(counters.events) + " events taken" +
             left_out);
  }
}

Exit match(const MatchCommand& command) {
  rules::Definitions definitions;
  const std::unique_ptr<Matcher> matcher = matcher_of(command, definitions);
  if (matcher == nullptr) return Exit::kFailed;
  std::ifstream in(command.events, std::ios::binary);
  if (!in) {
    complain("'" + command.events + "' can't be read");
    return Exit::kFailed;
  }
  rules::OfflineCorrelator correlator(std::move(definitions));
  Printer printer(matcher->pack());
  std::vector<rules::OfflineLine> lines;
  std::vector<RuleIndex> matched;
  uint64_t line_number = 0, n = 0, bad = 0;
  for (std::string line; std::getline(in, line);) {
    ++line_number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    json::object row{{"n", n++}};
    for (auto& [key, value] : take(*matcher, line, matched)) row[key] = std::move(value);
    const json::value* error = row.if_contains("error");
    if (error != nullptr) {
      complain(command.events + ":" + std::to_string(line_number) + ": " + std::string(error->get_string()));
      ++bad;
    }
    printer.add(std::move(row));
    correlator.add(error == nullptr ? matcher->time() : std::nullopt, matched, *matcher->fields(), lines);
    printer.print(lines);
  }
  correlator.finish(lines);
  printer.print(lines);
  if (!matcher->pack().correlations.empty() && correlator.untimed() > bad) {
    const uint64_t untimed = correlator.untimed() - bad;
    complain(std::to_string(untimed) + (untimed == 1 ? " event has" : " events have") + " no time in '" +
             command.time_field + "' and took no part in correlations");
  }
  tell_left_out(correlator.core());
  return bad == 0 ? Exit::kOk : Exit::kFailed;
}

}  // namespace

void add_rules_match(CLI::App& rules) {
  CLI::App* sub = rules.add_subcommand("match",
                                       "Print a JSON line an event, in input order: {\"n\":0,\"rules\":[ids whose "
                                       "detection holds],\"alerts\":[{\"rule\":id,\"group\":{..}}]}.\n"
                                       "Alerts are what correlations raise at the event, and "
                                       "{\"at\":..,\"alerts\":[..]} lines what closing windows decide.\n"
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
  sub->add_option("--time-field", command->time_field,
                  "The field that correlations read the time from: RFC 3339 or epoch seconds (with --schema any)")
      ->capture_default_str();
  sub->add_flag("--json", command->json, "The default, and the only form");
  sub->footer("Example: quanzu rules match --rules rules/packs --events signals.jsonl | grep -v '\"rules\":\\[\\]'");
  on_chosen(sub, [command] { return match(*command); });
}

}  // namespace quanzu::tool
