// quanzu rules explain: why a rule holds for an event, or what was missing.
#include <deque>
#include <fstream>
#include <iostream>

#include "cmd/tool_rules.h"
#include "rules/author/follow.h"
#include "rules/lang/problems.h"
#include "rules/match/describe.h"
#include "rules/match/explain.h"

namespace quanzu::tool {
namespace {

namespace json = boost::json;
using rules::Verdict;

struct ExplainCommand {
  std::string path;
  std::string event;
  std::string events;
  std::string rule;
  bool json = false;
};

std::string word_at(const rules::Place& place, const Signal& signal) {
  return std::string(rules::raw_string(place.source, signal).substr(place.begin, place.end - place.begin));
}

std::string_view type_name(rules::NodeType type) {
  constexpr std::string_view kNames[] = {"and", "or", "not", "item"};
  return kNames[static_cast<size_t>(type)];
}

json::object json_of(const Verdict& verdict, const Signal& signal) {
  json::object out{{"type", type_name(verdict.node->type)}, {"holds", verdict.holds}};
  if (!verdict.node->selection.empty()) out["selection"] = verdict.node->selection;
  if (verdict.node->mark.line > 0) out["line"] = verdict.node->mark.line;
  if (verdict.node->type == rules::NodeType::kItem) {
    out["item"] = rules::describe(verdict.node->item);
    json::array words;
    for (const rules::Place& place : verdict.places) {
      words.push_back(json::object{{"field", rules::source_name(place.source)},
                                   {"begin", place.begin},
                                   {"end", place.end},
                                   {"word", word_at(place, signal)}});
    }
    out["words"] = std::move(words);
    if (!verdict.missing.empty()) out["missing"] = verdict.missing;
    return out;
  }
  json::array children;
  for (const Verdict& child : verdict.children) children.push_back(json_of(child, signal));
  out["children"] = std::move(children);
  return out;
}

void print_words(const Verdict& verdict, const Signal& signal) {
  for (const rules::Place& place : verdict.places) {
    std::cout << (&place == &verdict.places.front() ? "   <- '" : ", '") << word_at(place, signal) << '\'';
  }
}

// A list of words of which some hold shows those; the others would drown them.
bool is_word_list(const Verdict& verdict) {
  if (verdict.node->type != rules::NodeType::kOr || verdict.children.size() < 4) return false;
  for (const Verdict& child : verdict.children) {
    if (child.node->type != rules::NodeType::kItem) return false;
  }
  return true;
}

void print(const Verdict& verdict, const Signal& signal, size_t depth) {
  std::cout << std::string(2 * depth, ' ') << (verdict.holds ? "yes  " : "no   ");
  if (!verdict.node->selection.empty()) std::cout << verdict.node->selection << "  ";
  if (verdict.node->type == rules::NodeType::kItem) {
    std::cout << rules::describe(verdict.node->item);
    if (!verdict.missing.empty()) std::cout << "   (is " << verdict.missing << ")";
    print_words(verdict, signal);
    std::cout << '\n';
    return;
  }
  std::cout << type_name(verdict.node->type);
  size_t hidden = 0;
  if (is_word_list(verdict)) {
    for (const Verdict& child : verdict.children) hidden += child.holds ? 0 : 1;
    std::cout << " of " << verdict.children.size();
    if (hidden > 0) std::cout << ", " << hidden << " of them no";
  }
  std::cout << '\n';
  for (const Verdict& child : verdict.children) {
    if (hidden == 0 || child.holds) print(child, signal, depth + 1);
  }
}

void print(const rules::Rule& rule, const rules::Explanation& explanation, const Signal& signal) {
  std::cout << rule.info.id << (explanation.holds ? " holds" : " does not hold") << "   " << rule.file << ':'
            << rule.mark.line << '\n';
  if (!explanation.takes) {
    std::cout << "  its logsource takes " << rule.logsource.product << ' ' << rule.logsource.category << ", not "
              << kind_name(signal.kind) << '\n';
  }
  for (const Verdict& condition : explanation.conditions) print(condition, signal, 1);
}

// One signal of --event, or those of --events; where they can't be read, that is said. They keep the bytes behind the signals.
class Events {
 public:
  bool read(const ExplainCommand& command) {
    if (command.events.empty()) return add(command.event, "--event");
    std::ifstream in(command.events, std::ios::binary);
    if (!in) {
      complain("'" + command.events + "' can't be read");
      return false;
    }
    size_t number = 0;
    for (std::string line; std::getline(in, line);) {
      ++number;
      if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
      if (!add(line, command.events + ":" + std::to_string(number))) return false;
    }
    return true;
  }
  const std::vector<rules::TimedSignal>& signals() const { return signals_; }

 private:
  bool add(const std::string& text, const std::string& where) {
    json::error_code error;
    const json::value event = json::parse(text, error);
    if (error) {
      complain(where + " is no JSON: " + error.message() + R"(; write it like {"kind":"sms","text":"..."})");
      return false;
    }
    EventReader& reader = readers_.emplace_back();
    const Result<Signal> signal = reader.read(event);
    if (!signal) {
      complain(where + ": " + signal.error().message);
      return false;
    }
    signals_.push_back({*signal, reader.has_time()});
    return true;
  }

  std::deque<EventReader> readers_;
  std::vector<rules::TimedSignal> signals_;
};

json::object json_of(const rules::Rule& rule, const rules::Explanation& explanation, const Signal& signal) {
  json::array conditions;
  for (const Verdict& condition : explanation.conditions) conditions.push_back(json_of(condition, signal));
  return {{"rule", rule.info.id},           {"file", rule.file},
          {"line", rule.mark.line},         {"holds", explanation.holds},
          {"logsource", explanation.takes}, {"conditions", std::move(conditions)}};
}

// The rules that are asked for, or that hold for the signal.
json::array explain_one(const rules::Program& program, const std::vector<RuleIndex>& asked, const Signal& signal,
                        bool as_json) {
  std::vector<RuleIndex> chosen = asked;
  if (chosen.empty()) rules::Scanner().scan(program, signal, chosen);
  json::array list;
  for (const RuleIndex index : chosen) {
    const rules::Rule& rule = program.rule(index);
    Result<rules::Explainer> explainer = rules::Explainer::make(rule);
    ENSURE(explainer.has_value(), "a rule of a compiled program has an explanation");
    const rules::Explanation explanation = explainer->explain(signal);
    if (as_json) {
      list.push_back(json_of(rule, explanation, signal));
    } else {
      print(rule, explanation, signal);
    }
  }
  if (!as_json && chosen.empty()) std::cout << "no rule holds for this event; --rule ID shows what one lacks\n";
  return list;
}

Exit explain_rules(const ExplainCommand& command, const rules::Program& program, const std::vector<RuleIndex>& asked,
                   const std::vector<rules::TimedSignal>& events) {
  json::array lines;
  for (size_t n = 0; n < events.size(); ++n) {
    if (!command.events.empty() && !command.json) std::cout << "event " << n << '\n';
    lines.push_back(json::object{{"rules", explain_one(program, asked, events[n].signal, command.json)}});
    if (!command.events.empty()) lines.back().as_object()["n"] = n;
  }
  if (!command.json) return Exit::kOk;
  for (const json::value& line : lines) std::cout << json::serialize(line) << '\n';
  return Exit::kOk;
}

std::string text_of(const rules::GroupValues& group) {
  std::string out;
  for (const auto& [name, value] : group) out += (out.empty() ? "" : ", ") + name + " " + value;
  return out.empty() ? "one group for all" : out;
}

json::object json_of(const rules::GroupValues& group) {
  json::object out;
  for (const auto& [name, value] : group) out[name] = value;
  return out;
}

json::array json_of(const std::vector<std::string>& words) {
  json::array out;
  for (const std::string& word : words) out.push_back(json::string(word));
  return out;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

void print(const rules::Correlation& correlation, const rules::Followed& followed) {
  std::cout << correlation.info.id << " needs " << followed.needs
            << (followed.at_close ? ", decided when the window closes" : "") << "   " << correlation.file << ':'
            << correlation.mark.line << '\n';
  for (size_t n = 0; n < followed.events.size(); ++n) {
    const rules::FollowedEvent& event = followed.events[n];
    std::cout << "  event " << n << (event.at ? " at " + format_rfc3339(*event.at) : "") << ": ";
    if (!event.at) {
      std::cout << "no time, so it takes no part\n";
    } else if (event.late) {
      std::cout << "late: an event of a later time came before it\n";
    } else if (event.rules.empty()) {
      std::cout << "none of its rules holds\n";
    } else {
      std::cout << joined(event.rules) << (event.rules.size() == 1 ? " holds" : " hold");
      if (!event.lacks.empty()) std::cout << "; not counted without " << joined(event.lacks);
      std::cout << '\n';
    }
    for (const rules::FollowedGroup& group : event.groups) {
      std::cout << "    " << text_of(group.group) << ": " << group.held << (group.alert ? ": ALERT" : "") << '\n';
    }
  }
  for (const rules::FollowedClose& close : followed.closes) {
    std::cout << "  window closed at " << format_rfc3339(close.at) << "\n    " << text_of(close.group) << ": ALERT\n";
  }
}

void print_json(const rules::Correlation& correlation, const rules::Followed& followed) {
  json::array events, closes;
  for (size_t n = 0; n < followed.events.size(); ++n) {
    const rules::FollowedEvent& event = followed.events[n];
    json::array groups;
    for (const rules::FollowedGroup& group : event.groups) {
      groups.push_back(json::object{{"group", json_of(group.group)}, {"held", group.held}, {"alert", group.alert}});
    }
    json::object row{{"n", n}, {"rules", json_of(event.rules)}, {"lacks", json_of(event.lacks)}, {"late", event.late}};
    if (event.at) row["at"] = format_rfc3339(*event.at);
    row["groups"] = std::move(groups);
    events.push_back(std::move(row));
  }
  for (const rules::FollowedClose& close : followed.closes) {
    closes.push_back(json::object{{"at", format_rfc3339(close.at)}, {"group", json_of(close.group)}});
  }
  std::cout << json::serialize(json::object{{"rule", correlation.info.id},
                                            {"file", correlation.file},
                                            {"line", correlation.mark.line},
                                            {"needs", followed.needs},
                                            {"at_close", followed.at_close},
                                            {"events", std::move(events)},
                                            {"closes", std::move(closes)}})
            << '\n';
}

Exit explain_correlation(const ExplainCommand& command, const rules::Program& program, size_t index,
                         const std::vector<rules::TimedSignal>& events) {
  const Result<rules::Followed> followed = rules::follow(program, index, events);
  if (!followed) {
    complain(followed.error().message);
    return Exit::kFailed;
  }
  const rules::Correlation& correlation = program.pack().correlations[index];
  if (command.json) {
    print_json(correlation, *followed);
  } else {
    print(correlation, *followed);
  }
  return Exit::kOk;
}

bool is_named(const rules::Document& document, const std::string& rule) {
  return !rule.empty() && (document.info.id == rule || document.name == rule);
}

Exit explain(const ExplainCommand& command) {
  if (command.event.empty() == command.events.empty()) {
    complain("name one event with --event, or a file of them with --events");
    return Exit::kUsage;
  }
  Events events;
  if (!events.read(command)) return Exit::kFailed;
  const std::shared_ptr<const rules::Program> program = compile_rules(command.path);
  if (program == nullptr) return Exit::kFailed;
  const rules::Pack& pack = program->pack();
  for (size_t i = 0; i < pack.correlations.size(); ++i) {
    if (is_named(pack.correlations[i], command.rule)) {
      return explain_correlation(command, *program, i, events.signals());
    }
  }
  std::vector<RuleIndex> asked;
  for (RuleIndex i = 0; i < pack.rules.size(); ++i) {
    if (is_named(pack.rules[i], command.rule)) asked.push_back(i);
  }
  if (asked.empty() && !command.rule.empty()) {
    std::vector<std::string_view> names;
    for (const rules::Rule& rule : pack.rules) names.push_back(rule.info.id);
    for (const rules::Correlation& correlation : pack.correlations) names.push_back(correlation.info.id);
    const std::string near = rules::nearest(command.rule, names);
    complain("no rule of " + command.path + " has the id or name '" + command.rule + "'" +
             (near.empty() ? "" : "; is it '" + near + "'?"));
    return Exit::kFailed;
  }
  return explain_rules(command, *program, asked, events.signals());
}

}  // namespace

void add_rules_explain(CLI::App& rules) {
  CLI::App* sub = rules.add_subcommand("explain",
                                       "Why rules hold for an event: the tree with yes or no on each node, the matched "
                                       "words, and what a field held instead; of a correlation what each event "
                                       "counted for.\n"
                                       "Exits: 0 explained; 1 the event or the pack is at fault, or no rule has that "
                                       "id");
  auto command = std::make_shared<ExplainCommand>();
  sub->add_option("--rules", command->path, "A folder of rules, or one rule file")->required();
  sub->add_option("--event", command->event, "A signal as JSON: a line of what `quanzu send` sends");
  sub->add_option("--events", command->events, "A file of them, a line each, in the order in which they came");
  sub->add_option("--rule", command->rule,
                  "This rule alone, whether it holds or not; without: all that hold. Of a correlation: what each event "
                  "did to its groups");
  sub->add_flag("--json", command->json, "Print one JSON object on standard output");
  sub->footer(
      "Example: quanzu rules explain --rules rules/packs --rule loan_fee_first \\\n"
      "           --event '{\"kind\":\"sms\",\"text\":\"...\"}'\n"
      "         quanzu rules explain --rules my.yml --rule three_calls --events calls.jsonl");
  on_chosen(sub, [command] { return explain(*command); });
}

}  // namespace quanzu::tool
