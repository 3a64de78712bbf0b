// Definitions as text: every number in decimal and every string after its length, each closed by a blank. One list of
// fields serves both directions.
#include <charconv>

#include "rules/correlate/definition.h"

namespace quanzu::rules {
namespace {

constexpr std::string_view kFormat = "quanzu correlations 1";

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}
  bool ok() const { return true; }
  void number(uint64_t& value) { out_ += std::to_string(value) + ' '; }
  void text(std::string& value) { out_ += std::to_string(value.size()) + ':' + value + ' '; }
  void decimal(Decimal& value) {
    std::string written = format_decimal(value);
    text(written);
  }

 private:
  std::string& out_;
};

class Reader {
 public:
  explicit Reader(std::string_view in) : in_(in) {}
  bool ok() const { return ok_; }
  bool at_end() const { return in_.empty(); }
  void number(uint64_t& value) { take(value, ' '); }
  void text(std::string& value) {
    uint64_t size = 0;
    take(size, ':');
    if (!ok_ || in_.size() <= size) return fail();
    value = in_.substr(0, size);
    in_.remove_prefix(size + 1);
  }
  void decimal(Decimal& value) {
    std::string written;
    text(written);
    const std::optional<Decimal> read = parse_decimal(written);
    if (!read) return fail();
    value = *read;
  }

 private:
  void fail() { ok_ = false; }
  void take(uint64_t& value, char end) {
    const auto [after, error] = std::from_chars(in_.data(), in_.data() + in_.size(), value);
    const auto used = static_cast<size_t>(after - in_.data());
    if (!ok_ || error != std::errc() || used >= in_.size() || *after != end) return fail();
    in_.remove_prefix(used + 1);
  }

  std::string_view in_;
  bool ok_ = true;
};

template <class A>
void visit(A& a, std::string& value) {
  a.text(value);
}
template <class A>
void visit(A& a, Decimal& value) {
  a.decimal(value);
}
template <class A>
void visit(A& a, Duration& value) {
  auto count = static_cast<uint64_t>(value.count());
  a.number(count);
  value = Duration(static_cast<int64_t>(count));
}
template <class A, class T>
requires(std::is_integral_v<T> || std::is_enum_v<T>) void visit(A& a, T& value) {
  auto number = static_cast<uint64_t>(value);
  a.number(number);
  value = static_cast<T>(number);
}
template <class A, class T>
void visit(A& a, std::vector<T>& values);
template <class A>
void visit(A& a, KeyDefinition& key) {
  visit(a, key.name);
  visit(a, key.fields);
}
template <class A>
void visit(A& a, Limit& limit) {
  visit(a, limit.op);
  visit(a, limit.value);
}
template <class A>
void visit(A& a, RuleStep& step) {
  visit(a, step.type);
  visit(a, step.n);
}
template <class A>
void visit(A& a, Definition& d) {
  visit(a, d.id);
  visit(a, d.identity);
  visit(a, d.type);
  visit(a, d.rules);
  visit(a, d.group_by);
  visit(a, d.values);
  visit(a, d.timespan);
  visit(a, d.limits);
  visit(a, d.expression);
  visit(a, d.percentile);
  visit(a, d.mode);
  visit(a, d.lateness);
  visit(a, d.suppress_by);
  visit(a, d.suppress_for);
  visit(a, d.told);
}
template <class A, class T>
void visit(A& a, std::vector<T>& values) {
  uint64_t count = values.size();
  a.number(count);
  if constexpr (std::is_same_v<A, Writer>) {
    for (auto&& value : values) {
      T copy = value;
      visit(a, copy);
    }
  } else {
    values.clear();
    for (uint64_t i = 0; i < count && a.ok(); ++i) {
      T value{};
      visit(a, value);
      values.push_back(std::move(value));
    }
  }
}
template <class A>
void visit(A& a, Definitions& d) {
  visit(a, d.rules);
  visit(a, d.told);
  visit(a, d.fields);
  visit(a, d.correlations);
  visit(a, d.order);
}

bool within(const std::vector<KeyDefinition>& keys, const Definitions& all, const Definition& d) {
  for (const KeyDefinition& key : keys) {
    if (key.fields.size() != d.rules.size()) return false;
    for (uint32_t field : key.fields) {
      if (field >= all.fields.size()) return false;
    }
  }
  return true;
}

// Postfix: never less than what an operator takes, one thing in the end.
bool is_expression(const std::vector<RuleStep>& steps, size_t rules) {
  size_t depth = 0;
  for (const RuleStep& step : steps) {
    const bool operand = step.type == RuleNodeType::kRule;
    if (step.type > RuleNodeType::kRule || (operand && step.n >= rules)) return false;
    if (!operand && depth < (step.type == RuleNodeType::kNot ? 1 : 2)) return false;
    if (operand) ++depth;
    if (step.type == RuleNodeType::kAnd || step.type == RuleNodeType::kOr) --depth;
  }
  return steps.empty() || depth == 1;
}

bool has_its_parts(const Definition& d) {
  const bool temporal = d.type == CorrelationType::kTemporal || d.type == CorrelationType::kTemporalOrdered;
  const bool counts = temporal || d.type == CorrelationType::kEventCount;
  if (temporal && d.rules.size() > kMaxTemporalRules) return false;
  if (d.rules.empty() || counts != d.values.empty() || d.percentile > 1'000'000) return false;
  if (d.mode > WindowMode::kArrival || d.lateness < Duration::zero()) return false;
  for (const Limit& limit : d.limits) {
    if (limit.op > BoundOp::kNeq) return false;
  }
  return is_expression(d.expression, d.rules.size());
}

// Each after all that it refers to, so nothing refers to itself.
bool is_ordered(const Definitions& all) {
  std::vector<bool> before(all.correlations.size(), false);
  for (uint32_t index : all.order) {
    if (index >= before.size() || before[index]) return false;
    for (RuleIndex rule : all.correlations[index].rules) {
      if (rule >= all.rules && (rule - all.rules >= before.size() || !before[rule - all.rules])) return false;
    }
    before[index] = true;
  }
  return true;
}

// Indices point where they may: a damaged journal must not send the engine astray.
bool consistent(const Definitions& all) {
  if (all.told.size() != all.rules || all.order.size() != all.correlations.size() || !is_ordered(all)) return false;
  for (const Definition& d : all.correlations) {
    if (d.type > CorrelationType::kValueMedian || d.timespan <= Duration::zero() || !has_its_parts(d)) {
      return false;
    }
    if (!within(d.group_by, all, d) || !within(d.values, all, d)) return false;
    for (uint32_t by : d.suppress_by) {
      if (by >= d.group_by.size()) return false;
    }
  }
  return true;
}

}  // namespace

std::string to_text(const Definitions& definitions) {
  if (definitions.correlations.empty() && definitions.rules == 0) return {};
  std::string out;
  Writer writer(out);
  std::string format(kFormat);
  visit(writer, format);
  Definitions copy = definitions;
  visit(writer, copy);
  return out;
}

Result<Definitions> definitions_from(std::string_view text) {
  Definitions out;
  if (text.empty()) return out;
  Reader reader(text);
  std::string format;
  visit(reader, format);
  if (!reader.ok() || format != kFormat) {
    return fail(Code::kInternal, "a pack's correlations are of a form that this release doesn't know");
  }
  visit(reader, out);
  if (!reader.ok() || !reader.at_end() || !consistent(out)) {
    return fail(Code::kInternal, "a pack's correlations are damaged: verify the data folder");
  }
  return out;
}

}  // namespace quanzu::rules
