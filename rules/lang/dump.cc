#include "rules/lang/dump.h"

#include <array>
#include <charconv>
#include <chrono>

#include "engine/names.h"

namespace quanzu::rules {

namespace {

constexpr Names<4> kCompareNames = {"lt", "lte", "gt", "gte"};
constexpr Names<6> kUnitNames = {"minute", "hour", "day", "week", "month", "year"};
constexpr Names<6> kBoundNames = {"gt", "gte", "lt", "lte", "eq", "neq"};
constexpr Names<8> kTypeNames = {"event_count", "value_count", "temporal",         "temporal_ordered",
                                 "value_sum",   "value_avg",   "value_percentile", "value_median"};
constexpr Names<4> kMatchNames = {"", "startswith", "endswith", "contains"};

class Dump {
 public:
  std::string list_of(const std::vector<NodePtr>& conditions) {
    list(conditions, [this](const NodePtr& condition) { node(*condition); });
    return std::move(out_);
  }

  std::string filter(const Filter& filter) {
    out_ = "{";
    key("rules");
    if (filter.any) {
      append_json_string("any", out_);
    } else {
      list(filter.rules, [this](const RuleRef& rule) { append_json_string(rule.rule, out_); });
    }
    out_ += ", ";
    key("conditions");
    out_ += '[';
    if (filter.condition != nullptr) node(*filter.condition);
    out_ += "]}";
    return std::move(out_);
  }

  std::string correlation(const Correlation& correlation) {
    out_ = "{";
    text("type", name_in(kTypeNames, correlation.type));
    out_ += ", ";
    key("rules");
    list(correlation.rules, [this](const RuleRef& rule) { append_json_string(rule.rule, out_); });
    out_ += ", ";
    key("group-by");
    list(correlation.group_by, [this](const std::string& name) { append_json_string(name, out_); });
    out_ += ", ";
    key("timespan_s");
    number(static_cast<double>(std::chrono::duration_cast<std::chrono::seconds>(correlation.timespan).count()));
    out_ += ", ";
    key("condition");
    condition(correlation);
    if (!correlation.aliases.empty()) aliases(correlation.aliases);
    flag("generate", correlation.generate);
    out_ += '}';
    return std::move(out_);
  }

 private:
  void condition(const Correlation& correlation) {
    if (correlation.expression != nullptr) return rule_node(*correlation.expression, correlation);
    if (correlation.bounds.empty()) {
      out_ += "null";
      return;
    }
    out_ += '{';
    for (const Bound& bound : correlation.bounds) {
      if (&bound != &correlation.bounds.front()) out_ += ", ";
      key(name_in(kBoundNames, bound.op));
      out_ += bound.value;  // a number of JSON
    }
    if (!correlation.fields.empty()) {
      out_ += ", ";
      key("field");
      list(correlation.fields, [this](const std::string& name) { append_json_string(name, out_); });
    }
    if (!correlation.percentile.empty()) {
      out_ += ", ";
      key("percentile");
      out_ += correlation.percentile;
    }
    out_ += '}';
  }
  void rule_node(const RuleNode& node, const Correlation& correlation) {
    out_ += '{';
    if (node.type == RuleNodeType::kRule) {
      text("rule", correlation.rules[node.rule].rule);
    } else if (node.type == RuleNodeType::kNot) {
      key("not");
      rule_node(*node.children.front(), correlation);
    } else {
      key(node.type == RuleNodeType::kAnd ? "and" : "or");
      list(node.children, [&](const std::unique_ptr<RuleNode>& child) { rule_node(*child, correlation); });
    }
    out_ += '}';
  }
  void aliases(const std::vector<Alias>& aliases) {
    out_ += ", ";
    key("aliases");
    out_ += '{';
    for (const Alias& alias : aliases) {
      if (&alias != &aliases.front()) out_ += ", ";
      key(alias.name);
      out_ += '{';
      for (const AliasField& field : alias.fields) {
        if (&field != &alias.fields.front()) out_ += ", ";
        text(field.rule.rule, field.field);
      }
      out_ += '}';
    }
    out_ += '}';
  }

  template <class Items, class Write>
  void list(const Items& items, const Write& write) {
    out_ += '[';
    bool first = true;
    for (const auto& item : items) {
      if (!first) out_ += ", ";
      first = false;
      write(item);
    }
    out_ += ']';
  }
  void key(std::string_view name) {
    append_json_string(name, out_);
    out_ += ": ";
  }
  void text(std::string_view name, std::string_view value) {
    key(name);
    append_json_string(value, out_);
  }
  void number(double value) {
    std::array<char, 32> digits{};
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    out_.append(digits.data(), end);
  }
  void flag(std::string_view name, bool set) {
    if (!set) return;
    out_ += ", ";
    key(name);
    out_ += "true";
  }

  void node(const Node& node) {
    out_ += '{';
    if (node.type == NodeType::kItem || node.expansion) {
      item(node);
    } else if (node.type == NodeType::kNot) {
      key("not");
      this->node(*node.children.front());
    } else {
      key(node.type == NodeType::kAnd ? "and" : "or");
      list(node.children, [this](const NodePtr& child) { this->node(*child); });
    }
    out_ += '}';
  }

  void item(const Node& node) {
    const Item& any = node.expansion ? node.children.front()->item : node.item;
    if (any.field.empty()) {
      key("kw");
    } else {
      text("f", any.field);
      out_ += ", ";
      key("v");
    }
    if (!node.expansion) return value(any.value);
    out_ += '{';
    key("expansion");
    list(node.children, [this](const NodePtr& child) { value(child->item.value); });
    out_ += '}';
  }

  void value(const Value& value) {
    out_ += '{';
    std::visit([this](const auto& one) { write(one); }, value);
    out_ += '}';
  }

  void write(const StringPattern& pattern) {
    key("str");
    list(pattern.parts, [this](const StringPart& part) { write_part(part); });
    flag("cased", pattern.cased);
    flag("phonetic", pattern.phonetic);
  }
  void write_part(const StringPart& part) {
    if (const auto* literal = std::get_if<std::string>(&part)) return append_json_string(*literal, out_);
    out_ += '{';
    if (const auto* placeholder = std::get_if<Placeholder>(&part)) {
      text("ph", placeholder->name);
    } else {
      text("w", std::get<Wildcard>(part) == Wildcard::kAnyRun ? "*" : "?");
    }
    out_ += '}';
  }
  void write(const Regex& regex) {
    text("re", regex.pattern);
    out_ += ", ";
    text("flags",
         std::string(regex.ignore_case ? "i" : "") + (regex.multi_line ? "m" : "") + (regex.dot_all ? "s" : ""));
  }
  void write(const NumberValue& value) {
    key("num");
    number(value.value);
  }
  void write(bool value) {
    key("bool");
    out_ += value ? "true" : "false";
  }
  void write(const Null&) {
    key("null");
    out_ += "true";
  }
  void write(const CompareValue& value) {
    key(name_in(kCompareNames, value.compare));
    number(value.value);
  }
  void write(const Exists& value) {
    key("exists");
    out_ += value.wanted ? "true" : "false";
  }
  void write(const Cidr& value) { text("cidr", value.text); }
  void write(const FieldRef& value) {
    text("fieldref", value.field);
    if (value.match != FieldMatch::kWhole) {
      out_ += ", ";
      text("match", name_in(kMatchNames, value.match));
    }
    flag("cased", value.cased);
  }
  void write(const TimePart& value) {
    key(name_in(kUnitNames, value.unit));
    if (!value.compare) return number(value.value);
    out_ += '{';
    key(name_in(kCompareNames, *value.compare));
    number(value.value);
    out_ += '}';
  }

  std::string out_;
};

}  // namespace

void append_json_string(std::string_view valid_utf8, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  for (char c : valid_utf8) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4U];
      out += kHex[byte & 15U];
    } else {
      out += c;
    }
  }
  out += '"';
}

std::string dump_conditions(const Rule& rule) {
  return Dump().list_of(rule.conditions);
}

std::string dump_correlation(const Correlation& correlation) {
  return Dump().correlation(correlation);
}

std::string dump_filter(const Filter& filter) {
  return Dump().filter(filter);
}

}  // namespace quanzu::rules
