#include "rules/lang/link.h"

#include <algorithm>
#include <map>
#include <set>

#include "rules/lang/condition.h"
#include "rules/lang/problems.h"
#include "rules/lang/sha256.h"
#include "rules/lang/taxonomy.h"

namespace quanzu::rules {

namespace {

constexpr size_t kMostFilterNodes = 1'000'000;  // that all filters of a pack add to its rules

class Linker {
 public:
  Linker(Pack& pack, const LoadOptions& options) : pack_(pack), options_(options) {}

  void run() {
    for (Rule& rule : pack_.rules) add(rule, {.rule = &rule});
    for (Correlation& correlation : pack_.correlations) add(correlation, {.correlation = &correlation});
    for (Filter& filter : pack_.filters) add(filter, {});
    for (const Correlation& correlation : pack_.correlations) judge(correlation);
    judge_circles();
    for (const Filter& filter : pack_.filters) apply(filter);
  }

 private:
  struct Target {
    Rule* rule = nullptr;
    Correlation* correlation = nullptr;
    const Document* document = nullptr;
  };

  Problems problems_of(const Document& document) { return Problems(document.file, pack_.problems); }

  // A reference may be an id or a name, so these are unique together.
  void add(const Document& document, Target target) {
    target.document = &document;
    for (const std::string& name : std::set<std::string>{document.info.id, document.name}) {
      if (name.empty()) continue;
      const auto [known, fresh] = targets_.emplace(name, target);
      if (fresh) continue;
      const Document& other = *known->second.document;
      problems_of(document).error(
          document.mark, name,
          "this id or name is taken by the document at " + other.file + ":" + std::to_string(other.mark.line));
    }
  }

  static bool is_rule(const Target& target) { return target.rule != nullptr || target.correlation != nullptr; }

  const Target* find(const RuleRef& reference, const Document& from) {
    const auto found = targets_.find(reference.rule);
    if (found != targets_.end() && is_rule(found->second)) return &found->second;
    std::vector<std::string_view> names;
    for (const auto& [name, target] : targets_) {
      if (is_rule(target)) names.push_back(name);
    }
    const std::string reason =
        found == targets_.end() ? "no rule has this id or name" : "a filter is no rule to refer to";
    problems_of(from).error(reference.mark, reference.rule, reason, nearest(reference.rule, names));
    return nullptr;
  }

  void judge(const Correlation& correlation) {
    std::vector<const Target*> targets;
    std::set<const Document*> seen;
    for (const RuleRef& reference : correlation.rules) {
      const Target* target = find(reference, correlation);
      if (target == nullptr) continue;
      if (!seen.insert(target->document).second) {
        problems_of(correlation).error(reference.mark, reference.rule, "this rule is listed twice");
      }
      targets.push_back(target);
    }
    for (const Alias& alias : correlation.aliases) judge_alias(correlation, alias, targets);
    for (const std::string& name : correlation.group_by) judge_key(correlation, name, targets);
    for (const std::string& name : correlation.fields) judge_key(correlation, name, targets);
    if (!correlation.suppress) return;
    for (const std::string& name : correlation.suppress->by) {
      const auto& keys = correlation.group_by;
      if (std::find(keys.begin(), keys.end(), name) != keys.end()) continue;
      problems_of(correlation)
          .error(correlation.mark, name, "suppress names what is no group key",
                 nearest(name, {keys.begin(), keys.end()}));
    }
  }

  void judge_alias(const Correlation& correlation, const Alias& alias, const std::vector<const Target*>& targets) {
    std::set<const Document*> named;
    for (const AliasField& field : alias.fields) {
      const auto found = targets_.find(field.rule.rule);
      const auto listed = [&found](const Target* target) { return target->document == found->second.document; };
      if (found == targets_.end() || std::none_of(targets.begin(), targets.end(), listed)) {
        problems_of(correlation).error(field.rule.mark, field.rule.rule, "this correlation does not list such a rule");
        continue;
      }
      if (!named.insert(found->second.document).second) {
        problems_of(correlation).error(field.rule.mark, field.rule.rule, "the alias names this rule twice");
      }
      judge_field(correlation, field.field, field.rule.mark, found->second);
    }
    for (const Target* target : targets) {
      if (named.count(target->document) > 0) continue;
      problems_of(correlation)
          .error(alias.mark, alias.name, "the alias leaves out the rule '" + target->document->info.id + "'",
                 target->document->info.id + ": field");
    }
  }

  void judge_key(const Correlation& correlation, const std::string& name, const std::vector<const Target*>& targets) {
    for (const Alias& alias : correlation.aliases) {
      if (alias.name == name) return;
    }
    std::set<bool> told;  // an unknown field is one problem, however many rules
    for (const Target* target : targets) {
      if (target->rule != nullptr && !told.insert(true).second) continue;
      judge_field(correlation, name, correlation.mark, *target);
    }
  }

  // Does an event of the target have the field?
  void judge_field(const Correlation& correlation, const std::string& name, Mark mark, const Target& target) {
    Problems problems = problems_of(correlation);
    if (target.rule != nullptr) {
      if (!options_.any_schema) judge_window_field(name, mark, problems);
      return;
    }
    const std::vector<std::string>& keys = target.correlation->group_by;
    if (std::find(keys.begin(), keys.end(), name) != keys.end()) return;
    problems.error(mark, name,
                   "an alert of the correlation '" + target.correlation->info.id + "' has its group keys alone",
                   nearest(name, {keys.begin(), keys.end()}));
  }

  // Depth first; a correlation that is still open when it is met again closes a circle.
  void judge_circles() {
    for (const Correlation& correlation : pack_.correlations) visit(correlation, 0);
  }

  void visit(const Correlation& correlation, size_t depth) {
    constexpr size_t kLongestChain = 32;
    enum : int { kOpen = 1, kDone = 2 };
    int& state = states_[&correlation];
    if (state == kDone) return;
    if (state == kOpen || depth > kLongestChain) {
      problems_of(correlation)
          .error(correlation.mark, correlation.info.id,
                 state == kOpen ? "this correlation refers to itself, over those that it lists"
                                : "a chain of more than 32 correlations");
      state = kDone;
      return;
    }
    state = kOpen;
    for (const RuleRef& reference : correlation.rules) {
      const auto target = targets_.find(reference.rule);
      if (target != targets_.end() && target->second.correlation != nullptr)
        visit(*target->second.correlation, depth + 1);
    }
    states_[&correlation] = kDone;
  }

  static bool contains(const LogSource& filter, const LogSource& rule) {
    const auto fits = [](const std::string& wanted, const std::string& has) { return wanted.empty() || wanted == has; };
    return fits(filter.category, rule.category) && fits(filter.product, rule.product) &&
           fits(filter.service, rule.service);
  }

  void apply(const Filter& filter) {
    if (filter.condition == nullptr) return;
    const std::vector<Rule*> rules = filter.any ? rules_with(filter) : rules_listed(filter);
    if (!is_affordable(filter, rules)) return;
    for (Rule* rule : rules) narrow(*rule, filter);
  }

  std::vector<Rule*> rules_with(const Filter& filter) {
    std::vector<Rule*> rules;
    for (Rule& rule : pack_.rules) {
      if (contains(filter.logsource, rule.logsource)) rules.push_back(&rule);
    }
    if (rules.empty()) {
      problems_of(filter).warn(filter.mark, filter.info.id, "no rule has the logsource of this filter");
    }
    return rules;
  }

  std::vector<Rule*> rules_listed(const Filter& filter) {
    std::vector<Rule*> rules;
    for (const RuleRef& reference : filter.rules) {
      const Target* target = find(reference, filter);
      if (target == nullptr) continue;
      if (target->rule == nullptr) {
        problems_of(filter).error(reference.mark, reference.rule, "a correlation takes no filter: filter its rules");
      } else if (!contains(filter.logsource, target->rule->logsource)) {
        problems_of(filter).error(reference.mark, reference.rule, "this rule has another logsource than the filter");
      } else if (std::find(rules.begin(), rules.end(), target->rule) != rules.end()) {
        problems_of(filter).error(reference.mark, reference.rule, "this rule is listed twice");
      } else {
        rules.push_back(target->rule);
      }
    }
    return rules;
  }

  bool is_affordable(const Filter& filter, const std::vector<Rule*>& rules) {
    size_t conditions = 0;
    for (const Rule* rule : rules) conditions += rule->conditions.size();
    filter_nodes_ += conditions * count_nodes(*filter.condition);
    if (filter_nodes_ <= kMostFilterNodes) return true;
    problems_of(filter).error(filter.mark, filter.info.id,
                              "with this filter those of the pack become more than 1,000,000 comparisons, in all rules "
                              "together: let it apply to fewer rules");
    return false;
  }

  void narrow(Rule& rule, const Filter& filter) {
    for (NodePtr& condition : rule.conditions) {
      if (filtered_.count(condition.get()) == 0) condition = both_of(std::move(condition));
      condition->children.push_back(copy(*filter.condition));
    }
    Sha256 hash;
    hash.add(rule.hash);
    hash.add(filter.hash);
    rule.hash = hash.hex();
  }

  // What all filters of a condition are added to: one level, however many they are.
  NodePtr both_of(NodePtr condition) {
    auto both = std::make_unique<Node>();
    both->type = NodeType::kAnd;
    both->mark = condition->mark;
    both->children.push_back(std::move(condition));
    filtered_.insert(both.get());
    return both;
  }

  Pack& pack_;
  const LoadOptions& options_;
  std::map<std::string, Target> targets_;
  std::map<const Correlation*, int> states_;
  std::set<const Node*> filtered_;  // conditions that have a filter
  size_t filter_nodes_ = 0;
};

}  // namespace

void link(Pack& pack, const LoadOptions& options) {
  Linker(pack, options).run();
}

}  // namespace quanzu::rules
