// Rules for events that are no signals (Sigma's own corpus, other products' logs): any field names, JSON's types, nothing
// normalised but case. A direct reading of the tree, for tests and comparison; signals go through a Program. One thread.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "rules/match/item_finder.h"

namespace quanzu::rules {

// A JSON value.
struct ForeignValue {
  using Array = std::vector<ForeignValue>;
  using Object = std::vector<std::pair<std::string, ForeignValue>>;
  struct Number {
    double value = 0;
    std::string text;  // its shortest decimal
  };
  std::variant<std::monostate, bool, Number, std::string, Array, Object> value;

  bool is_null() const { return std::holds_alternative<std::monostate>(value); }
};

// What stands under the name: a key as written, else a path of keys by its dots, which goes through arrays. An array
// stands for its elements; an empty result is an absent field.
std::vector<const ForeignValue*> values_of(const ForeignValue& event, std::string_view field);

// The one value under the name, by its key or its path; no array is gone through. Null where there is none.
const ForeignValue* value_at(const ForeignValue& event, std::string_view field);

// The text of a string, a number or a boolean; nothing of the others.
std::optional<std::string> text_of(const ForeignValue& value);

// Of RFC 3339, or of seconds since 1970; nothing of what is no time.
std::optional<Instant> time_of(const ForeignValue& value);

class ForeignMatcher {
 public:
  // The pack must outlive it. Errors: kInvalidArgument naming rule and place.
  static Result<ForeignMatcher> make(const Pack& pack);

  // Appends the rules that hold, ascending. The event's object `logsource` says what it is; without one it is anything.
  void match(const ForeignValue& event, std::vector<RuleIndex>& out);

 private:
  bool holds(const Node& node, const ForeignValue& event);
  bool holds(const Item& item, const ForeignValue& event);
  bool holds(const Item& item, const ForeignValue& value, const ForeignValue& event);
  bool holds_text(const Item& item, std::string_view text);
  bool contains_keyword(const Item& item, const ForeignValue& value);
  Result<void> add(const Node& node);

  const Pack* pack_ = nullptr;
  std::unordered_map<const Item*, ItemFinder> finders_;  // of the items that compare text
};

}  // namespace quanzu::rules
