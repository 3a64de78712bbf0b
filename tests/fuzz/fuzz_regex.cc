// Expressions that authors write, on hostile bytes: up to the first line end an expression, whose first byte chooses flags
// and field; behind it a text. What is let through compiles, and the matcher and its explanation agree.
#include "rules/lang/regex_limits.h"
#include "rules/match/explain.h"
#include "rules/text/utf8.h"

using namespace quanzu;
using namespace quanzu::rules;

namespace {

Rule rule_of(Regex regex, std::string field) {
  Rule rule;
  rule.info.id = "fuzz";
  auto node = std::make_unique<Node>();
  node->item = {std::move(field), std::move(regex)};
  rule.conditions.push_back(std::move(node));
  return rule;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const size_t end = bytes.find('\n');
  if (end == std::string_view::npos || end == 0 || size > 512) return 0;
  const auto flags = static_cast<unsigned char>(bytes[0]);
  const Regex regex{std::string(bytes.substr(1, end - 1)), (flags & 1U) != 0, (flags & 2U) != 0, (flags & 4U) != 0};
  if (regex.pattern.empty() || find_invalid_utf8(regex.pattern) != std::string_view::npos) return 0;
  if (!check_regex(regex)) return 0;
  const std::string field = (flags & 8U) != 0 ? "text" : "title";
  Signal signal;
  signal.kind = (flags & 8U) != 0 ? Kind::kSms : Kind::kUrl;
  signal.set((flags & 8U) != 0 ? Field::kText : Field::kTitle, bytes.substr(end + 1));
  Pack pack;
  pack.rules.push_back(rule_of(regex, field));
  const auto program = Program::compile(std::move(pack));
  const Rule rule = rule_of(regex, field);
  Result<Explainer> explainer = Explainer::make(rule);
  if (!program || !explainer) return 0;  // no normalised text can match, or Hyperscan finds it too large
  std::vector<RuleIndex> out;
  Scanner().scan(**program, signal, out);
  ENSURE(explainer->explain(signal).holds == !out.empty(), "the matcher and its explanation agree");
  return 0;
}
