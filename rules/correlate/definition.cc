#include "rules/correlate/definition.h"

#include <algorithm>
#include <bit>

#include "engine/hash.h"

namespace quanzu::rules {
namespace {

bool is_temporal(CorrelationType type) {
  return type == CorrelationType::kTemporal || type == CorrelationType::kTemporalOrdered;
}

bool is_lower(BoundOp op) {
  return op == BoundOp::kGt || op == BoundOp::kGte;
}

bool compare(Int128 left, BoundOp op, Int128 right) {
  switch (op) {
    case BoundOp::kGt:
      return left > right;
    case BoundOp::kGte:
      return left >= right;
    case BoundOp::kLt:
      return left < right;
    case BoundOp::kLte:
      return left <= right;
    case BoundOp::kEq:
      return left == right;
    case BoundOp::kNeq:
      return left != right;
  }
  ENSURE(false, "a bound has one of six operators");
}

}  // namespace

bool Definition::decided_at_close() const {
  switch (type) {
    case CorrelationType::kTemporalOrdered:
      return false;
    case CorrelationType::kValueAvg:
    case CorrelationType::kValuePercentile:
    case CorrelationType::kValueMedian:
      return true;
    default:
      break;
  }
  const auto undoes = [](const RuleStep& step) { return step.type == RuleNodeType::kNot; };
  return std::any_of(expression.begin(), expression.end(), undoes) ||
         std::any_of(limits.begin(), limits.end(), [](const Limit& limit) { return !is_lower(limit.op); });
}

bool Definition::holds(Int128 numerator, int64_t denominator) const {
  return std::all_of(limits.begin(), limits.end(),
                     [&](const Limit& limit) { return compare(numerator, limit.op, limit.value.units * denominator); });
}

bool Definition::holds_for(uint64_t seen) const {
  if (expression.empty()) return holds(Int128{std::popcount(seen)} * kDecimalOne);
  std::vector<bool> stack;
  for (const RuleStep& step : expression) {
    if (step.type == RuleNodeType::kRule) {
      stack.push_back(((seen >> step.n) & 1U) != 0);
      continue;
    }
    const bool top = stack.back();
    stack.pop_back();
    if (step.type == RuleNodeType::kNot) {
      stack.push_back(!top);
    } else {
      stack.back() = step.type == RuleNodeType::kAnd ? stack.back() && top : stack.back() || top;
    }
  }
  return stack.back();
}

uint64_t Definition::threshold() const {
  uint64_t least = 1;
  for (const Limit& limit : limits) {
    Int128 whole = limit.value.units / kDecimalOne;
    const Int128 rest = limit.value.units % kDecimalOne;
    if (rest > 0 || (limit.op == BoundOp::kGt && rest == 0)) ++whole;
    if (whole > 0) least = std::max(least, static_cast<uint64_t>(whole));
  }
  return least;
}

namespace {

class Definer {
 public:
  explicit Definer(const Pack& pack) : pack_(pack) {}

  Result<Definitions> run() {
    out_.rules = static_cast<RuleIndex>(pack_.rules.size());
    out_.told.assign(pack_.rules.size(), true);
    for (const Correlation& each : pack_.correlations) {
      Result<Definition> defined = define_one(each);
      if (!defined) return Failure(defined.error());
      out_.correlations.push_back(std::move(*defined));
    }
    if (Result<void> ordered = order(); !ordered) return Failure(ordered.error());
    spread_generate();
    spread_lateness();
    identify();
    return std::move(out_);
  }

 private:
  static Failure wrong(const Correlation& at, const Mark& mark, std::string message) {
    const std::string where = at.file + ":" + std::to_string(mark.line) + ":" + std::to_string(mark.column);
    return fail(Code::kInvalidArgument, where + ": " + std::move(message), where);
  }

  static bool named(const Document& document, const std::string& name) {
    return document.info.id == name || (!document.name.empty() && document.name == name);
  }
  std::optional<RuleIndex> find(const std::string& name) const {
    RuleIndex index = 0;
    for (const Rule& rule : pack_.rules) {
      if (named(rule, name)) return index;
      ++index;
    }
    for (const Correlation& each : pack_.correlations) {
      if (named(each, name)) return index;
      ++index;
    }
    return std::nullopt;
  }

  uint32_t field(const std::string& name) {
    const auto at = std::find(out_.fields.begin(), out_.fields.end(), name);
    if (at == out_.fields.end()) out_.fields.push_back(name);
    return static_cast<uint32_t>(std::find(out_.fields.begin(), out_.fields.end(), name) - out_.fields.begin());
  }

  Result<Definition> define_one(const Correlation& from) {
    Definition out;
    out.id = from.info.id;
    out.type = from.type;
    out.timespan = from.timespan;
    if (from.timespan <= Duration::zero()) return wrong(from, from.mark, "a timespan is needed: timespan: 10m");
    if (from.rules.empty()) return wrong(from, from.mark, "a correlation lists the rules that it watches");
    if (is_temporal(from.type) && from.rules.size() > kMaxTemporalRules) {
      return wrong(from, from.mark, "a temporal correlation takes at most 64 rules");
    }
    for (const RuleRef& ref : from.rules) {
      const std::optional<RuleIndex> index = find(ref.rule);
      if (!index) return wrong(from, ref.mark, "no rule has the id or name " + quoted(ref.rule));
      if (std::find(out.rules.begin(), out.rules.end(), *index) != out.rules.end()) {
        return wrong(from, ref.mark, quoted(ref.rule) + " is listed twice");
      }
      out.rules.push_back(*index);
    }
    if (Result<void> done = keys(from, out); !done) return Failure(done.error());
    if (Result<void> done = condition(from, out); !done) return Failure(done.error());
    out.mode = from.window ? from.window->mode : WindowMode::kSliding;
    out.lateness = from.window ? from.window->lateness : Duration::zero();
    return out;
  }

  Result<void> keys(const Correlation& from, Definition& out) {
    for (const std::string& name : from.group_by) {
      Result<KeyDefinition> made = key(from, out, name);
      if (!made) return Failure(made.error());
      out.group_by.push_back(std::move(*made));
    }
    for (const std::string& name : from.fields) {
      Result<KeyDefinition> made = key(from, out, name);
      if (!made) return Failure(made.error());
      out.values.push_back(std::move(*made));
    }
    if (!from.suppress) return {};
    out.suppress_for = from.suppress->period;
    for (const std::string& name : from.suppress->by) {
      const auto at = std::find(from.group_by.begin(), from.group_by.end(), name);
      if (at == from.group_by.end()) return wrong(from, from.mark, "suppress by " + quoted(name) + ": no group key");
      out.suppress_by.push_back(static_cast<uint32_t>(at - from.group_by.begin()));
    }
    return {};
  }

  Result<KeyDefinition> key(const Correlation& from, const Definition& out, const std::string& name) {
    KeyDefinition made;
    made.name = name;
    const auto alias =
        std::find_if(from.aliases.begin(), from.aliases.end(), [&](const Alias& each) { return each.name == name; });
    for (RuleIndex rule : out.rules) {
      const std::string* spelled = &name;
      if (alias != from.aliases.end()) {
        const auto of = std::find_if(alias->fields.begin(), alias->fields.end(),
                                     [&](const AliasField& each) { return find(each.rule.rule) == rule; });
        if (of == alias->fields.end()) {
          return wrong(from, alias->mark, "alias " + quoted(name) + " leaves out a rule of the list");
        }
        spelled = &of->field;
      }
      if (rule >= out_.rules) {
        const Correlation& chained = pack_.correlations[rule - out_.rules];
        if (std::find(chained.group_by.begin(), chained.group_by.end(), *spelled) == chained.group_by.end()) {
          return wrong(from, from.mark,
                       quoted(chained.info.id) + " exposes its group keys only, not " + quoted(*spelled));
        }
      }
      made.fields.push_back(field(*spelled));
    }
    return made;
  }

  Result<void> condition(const Correlation& from, Definition& out) {
    for (const Bound& bound : from.bounds) {
      const std::optional<Decimal> value = parse_decimal(bound.value);
      if (!value) return wrong(from, bound.mark, quoted(bound.value) + " is no number");
      out.limits.push_back({bound.op, *value});
    }
    if (from.expression) write(*from.expression, out.expression);
    const auto all = Decimal{Int128{static_cast<int64_t>(out.rules.size())} * kDecimalOne};
    if (from.type == CorrelationType::kTemporalOrdered) {
      if (!out.limits.empty() || from.expression) {
        return wrong(from, from.mark, "temporal_ordered takes no condition: all of its steps must happen");
      }
    } else if (from.type == CorrelationType::kTemporal) {
      if (out.limits.empty() && !from.expression) out.limits.push_back({BoundOp::kGte, all});
    } else if (out.limits.empty()) {
      return wrong(from, from.mark, "a condition is needed: condition: {gte: 10}");
    }
    return values(from, out);
  }

  static Result<void> values(const Correlation& from, Definition& out) {
    const bool counts = from.type == CorrelationType::kEventCount || is_temporal(from.type);
    if (counts != out.values.empty() || (out.values.size() > 1 && from.type != CorrelationType::kValueCount)) {
      return wrong(from, from.mark, "field: one for value types, several for value_count only, none for the others");
    }
    if (from.type == CorrelationType::kValueMedian) out.percentile = 500'000;
    if (from.type != CorrelationType::kValuePercentile) return {};
    const std::optional<Decimal> rank = parse_decimal(from.percentile);
    if (!rank || *rank < Decimal{} || *rank > Decimal{100 * kDecimalOne}) {
      return wrong(from, from.mark, "a percentile from 0 to 100 is needed: percentile: 95");
    }
    out.percentile = static_cast<uint32_t>(rank->units / (kDecimalOne / 10'000));
    return {};
  }

  static void write(const RuleNode& node, std::vector<RuleStep>& out) {
    size_t written = 0;
    for (const auto& child : node.children) {
      write(*child, out);
      if (++written > 1) out.push_back({node.type, 0});
    }
    if (node.type == RuleNodeType::kNot) out.push_back({node.type, 0});
    if (node.type == RuleNodeType::kRule) out.push_back({node.type, static_cast<uint32_t>(node.rule)});
  }

  // Again and again the first in the pack's order whose rules are all ordered.
  Result<void> order() {
    const size_t count = out_.correlations.size();
    std::vector<bool> ordered(count, false);
    while (out_.order.size() < count) {
      size_t i = 0;
      const auto ready = [&](RuleIndex rule) { return rule < out_.rules || ordered[rule - out_.rules]; };
      const auto is_ready = [&](size_t c) {
        const auto& rules = out_.correlations[c].rules;
        return !ordered[c] && std::all_of(rules.begin(), rules.end(), ready);
      };
      while (i < count && !is_ready(i)) ++i;
      if (i == count) {
        const size_t stuck = static_cast<size_t>(std::find(ordered.begin(), ordered.end(), false) - ordered.begin());
        const Correlation& at = pack_.correlations[stuck];
        return wrong(at, at.mark, quoted(at.info.id) + " refers to itself through the rules that it lists");
      }
      ordered[i] = true;
      out_.order.push_back(static_cast<uint32_t>(i));
    }
    return {};
  }

  void spread_generate() {
    std::vector<bool> referred(out_.rules + out_.correlations.size(), false);
    std::vector<bool> generated(referred.size(), false);
    for (size_t c = 0; c < out_.correlations.size(); ++c) {
      for (RuleIndex rule : out_.correlations[c].rules) {
        referred[rule] = true;
        generated[rule] = generated[rule] || pack_.correlations[c].generate;
      }
    }
    for (RuleIndex r = 0; r < referred.size(); ++r) {
      const bool told = !referred[r] || generated[r];
      if (r < out_.rules) {
        out_.told[r] = told;
      } else {
        out_.correlations[r - out_.rules].told = told;
      }
    }
  }

  // Over everything that is linked, until nothing changes; chains are short.
  void spread_lateness() {
    for (bool changed = true; changed;) {
      changed = false;
      for (Definition& upper : out_.correlations) {
        for (RuleIndex rule : upper.rules) {
          if (rule < out_.rules) continue;
          Definition& lower = out_.correlations[rule - out_.rules];
          const Duration longest = std::max(upper.lateness, lower.lateness);
          changed = changed || upper.lateness != lower.lateness;
          upper.lateness = lower.lateness = longest;
        }
      }
    }
  }

  void identify() {
    const auto mix = [&](SipHash& hash, const Document& document) {
      hash.text(document.info.id);
      hash.text(document.info.version);
      hash.text(document.hash);
    };
    for (uint32_t c : out_.order) {
      Definition& d = out_.correlations[c];
      SipHash hash({0, 0});
      mix(hash, pack_.correlations[c]);
      hash.integer(static_cast<uint64_t>(d.lateness.count()));
      for (RuleIndex rule : d.rules) {
        if (rule < out_.rules) {
          mix(hash, pack_.rules[rule]);
        } else {
          hash.integer(out_.correlations[rule - out_.rules].identity);
        }
      }
      d.identity = hash.finish();
    }
  }

  const Pack& pack_;
  Definitions out_;
};

}  // namespace

Result<Definitions> define(const Pack& pack) {
  return Definer(pack).run();
}

}  // namespace quanzu::rules
