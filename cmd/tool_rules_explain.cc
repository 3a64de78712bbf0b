// quanzu rules explain: why a rule holds for an event, or what was missing.
#include <iostream>

#include "cmd/tool_rules.h"
#include "rules/match/describe.h"
#include "rules/match/explain.h"

namespace quanzu::tool {
namespace {

namespace json = boost::json;
using rules::Verdict;

struct ExplainCommand {
  std::string path;
  std::string event;
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

Exit explain(const ExplainCommand& command) {
  json::error_code error;
  const json::value event = json::parse(command.event, error);
  if (error) {
    complain("--event is no JSON: " + error.message() + R"(; write it like {"kind":"sms","text":"..."})");
    return Exit::kFailed;
  }
  EventReader reader;
  const Result<Signal> signal = reader.read(event);
  if (!signal) {
    complain("--event: " + signal.error().message);
    return Exit::kFailed;
  }
  const std::shared_ptr<const rules::Program> program = compile_rules(command.path);
  if (program == nullptr) return Exit::kFailed;

  std::vector<RuleIndex> chosen;
  if (command.rule.empty()) {
    rules::Scanner().scan(*program, *signal, chosen);
  } else {
    for (RuleIndex i = 0; i < program->rules().size(); ++i) {
      if (program->rules()[i].id == command.rule || program->rule(i).name == command.rule) chosen.push_back(i);
    }
    if (chosen.empty()) {
      complain("no rule of " + command.path + " has the id or name '" + command.rule + "'");
      return Exit::kFailed;
    }
  }
  json::array list;
  for (const RuleIndex index : chosen) {
    const rules::Rule& rule = program->rule(index);
    Result<rules::Explainer> explainer = rules::Explainer::make(rule);
    ENSURE(explainer.has_value(), "a rule of a compiled program has an explanation");
    const rules::Explanation explanation = explainer->explain(*signal);
    if (!command.json) {
      print(rule, explanation, *signal);
      continue;
    }
    json::array conditions;
    for (const Verdict& condition : explanation.conditions) conditions.push_back(json_of(condition, *signal));
    list.push_back(json::object{{"rule", rule.info.id},
                                {"file", rule.file},
                                {"line", rule.mark.line},
                                {"holds", explanation.holds},
                                {"logsource", explanation.takes},
                                {"conditions", std::move(conditions)}});
  }
  if (command.json) {
    std::cout << json::serialize(json::object{{"rules", std::move(list)}}) << '\n';
  } else if (chosen.empty()) {
    std::cout << "no rule holds for this event; --rule ID shows what one lacks\n";
  }
  return Exit::kOk;
}

}  // namespace

void add_rules_explain(CLI::App& rules) {
  CLI::App* sub = rules.add_subcommand("explain",
                                       "Why rules hold for an event: the tree with yes or no on each node, the matched "
                                       "words, and what a field held instead.\n"
                                       "Exits: 0 explained; 1 the event or the pack is at fault, or no rule has that "
                                       "id");
  auto command = std::make_shared<ExplainCommand>();
  sub->add_option("--rules", command->path, "A folder of rules, or one rule file")->required();
  sub->add_option("--event", command->event, "A signal as JSON: a line of what `quanzu send` sends")->required();
  sub->add_option("--rule", command->rule, "This rule alone, whether it holds or not; without: all that hold");
  sub->add_flag("--json", command->json, "Print one JSON object on standard output");
  sub->footer(
      "Example: quanzu rules explain --rules rules/packs --rule loan_fee_first \\\n"
      "           --event '{\"kind\":\"sms\",\"text\":\"...\"}'");
  on_chosen(sub, [command] { return explain(*command); });
}

}  // namespace quanzu::tool
