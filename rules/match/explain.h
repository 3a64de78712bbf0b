// Why a rule holds for a signal or does not: its tree with a truth and the matched words on each node, and which bytes of
// a text its words stand in. Found anew from the rule's tree, so a Scanner pays nothing for it; milliseconds a rule.
// An Explainer belongs to one thread; a Highlighter keeps them for a live pack and may be called by any.
#pragma once
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "rules/match/item_finder.h"
#include "rules/match/program.h"

namespace quanzu::rules {

// Bytes [begin, end) of a text as it came; merged and ascending.
using Spans = std::vector<std::pair<uint32_t, uint32_t>>;

struct Verdict {  // on one node of the rule's tree
  const Node* node = nullptr;
  bool holds = false;
  std::vector<Place> places;  // of an item that holds: where it matched; empty where it is not about words
  std::string missing;  // of an item that does not: what the signal holds instead, but for texts; what a model says
  std::vector<Verdict> children;
};

struct Explanation {
  bool holds = false;
  bool takes = true;  // whether the rule's logsource takes the signal; if not, no condition counts
  std::vector<Verdict> conditions;
};

class Explainer {
 public:
  // The rule must outlive it. Errors: as Program::compile.
  static Result<Explainer> make(const Rule& rule);

  Explanation explain(const Signal& signal);
  // Where in a text, of a signal that the rule held for, its words stand. The text alone does not tell whether items on
  // other fields held: they are taken as the rule needs them. Empty where the rule can't hold on this text.
  Spans spans(std::string_view text);

 private:
  Result<void> add(const Node& node);
  Verdict judge(const Node& node, const Signal& signal);
  bool can_be(const Node& node, bool wanted, const Signal& signal);
  void collect(const Node& node, bool wanted, const Signal& signal, std::vector<Place>& places);

  const Rule* rule_ = nullptr;
  uint8_t kinds_ = 0;
  std::unordered_map<const Node*, ItemFinder> items_;
};

// Explainer::spans for one rule and text. Empty where the rule doesn't compile.
Spans matched_spans(const Rule& rule, std::string_view text);

class Highlighter {
 public:
  explicit Highlighter(std::shared_ptr<const Program> program);
  // Empty where the pack has no such rule (any more).
  Spans spans(std::string_view rule_id, std::string_view text);

 private:
  std::shared_ptr<const Program> program_;
  std::mutex mutex_;                                                        // of what follows
  std::unordered_map<std::string, std::unique_ptr<Explainer>> explainers_;  // by rule id: those asked for so far
};

}  // namespace quanzu::rules
