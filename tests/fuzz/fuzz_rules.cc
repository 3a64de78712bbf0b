// Rule files on hostile bytes: whatever they are, reading ends, what it makes can be told, copied and dumped, and what
// loads without an error is matched. The first byte chooses between a file for signals, one for any events, and a condition.
#include "rules/lang/condition.h"
#include "rules/lang/dump.h"
#include "rules/lang/link.h"
#include "rules/lang/parse_document.h"
#include "rules/match/foreign.h"
#include "rules/match/program.h"

using namespace quanzu;
using namespace quanzu::rules;

namespace {

constexpr size_t kLargestMatched = 2048;  // compiling larger ones would be all that the fuzzer does

Pack read_file(std::string_view bytes, const LoadOptions& options) {
  Pack pack;
  Problems problems("fuzz.yml", pack.problems);
  const Lists lists = {{"list", {{"a*", "", false, {1, 1}}, {"b", "2026-01-01", true, {2, 1}}}}};
  const ParseContext context{problems, lists, options, {}};
  const std::vector<YamlDocument> documents = parse_yaml(bytes, problems);
  for (const YamlDocument& document : documents) {
    const YamlNode& root = *document.root;
    if (!root.is(YamlType::kMap)) continue;
    if (root.find("correlation") != nullptr) {
      pack.correlations.push_back(parse_correlation(root, context, documents.size() == 1));
    } else if (root.find("filter") != nullptr) {
      pack.filters.push_back(parse_filter(root, context, documents.size() == 1));
    } else {
      pack.rules.push_back(parse_rule(root, context, documents.size() == 1));
      dump_conditions(pack.rules.back());
    }
  }
  link(pack, options);
  for (const Problem& problem : pack.problems) {
    ENSURE(!problem.reason.empty() && !describe(problem).empty(), "a problem says why");
  }
  return pack;
}

void match_signals(Pack pack) {
  const auto program = Program::compile(std::move(pack));
  if (!program) return;
  Signal signal;
  signal.kind = Kind::kSms;
  signal.at = from_ms(1795485600000);
  signal.feed = "carrier";
  signal.set(Field::kText, "您的社保 账戶 已停用 a1\xFF http://a.cn");
  signal.set(Field::kTitle, "aB*");
  signal.set(Field::kAmountFen, 500);
  std::vector<RuleIndex> out;
  Scanner().scan(**program, signal, out);
}

void match_foreign(Pack pack) {
  const auto program = ForeignProgram::compile(std::move(pack));
  if (!program) return;
  std::vector<RuleIndex> out;
  ForeignScanner scanner(*program);
  ENSURE(scanner.scan(R"({"a": "aB*\u0000é", "b": [true, null, "b"], "c": 5})", out).has_value(), "it is JSON");
}

void read_condition(std::string_view bytes) {
  std::vector<Problem> found;
  Problems problems("fuzz.yml", found);
  std::vector<Selection> selections;
  for (std::string name : {"a", "sel_a", "sel_b", "_hidden"}) {
    selections.push_back({.name = name, .mark = {1, 1}, .tree = std::make_unique<Node>(), .nodes = 1});
  }
  const YamlNode text{.type = YamlType::kScalar, .mark = {1, 1}, .text = std::string(bytes)};
  const NodePtr tree = parse_condition(text, selections, problems);
  ENSURE((tree == nullptr) == (problems.errors() > 0), "a condition is read or refused");
  if (tree != nullptr) ENSURE(count_nodes(*copy(*tree)) == count_nodes(*tree), "a copy is whole");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0: {
      Pack pack = read_file(bytes, {});
      if (pack.ok() && bytes.size() <= kLargestMatched) match_signals(std::move(pack));
      break;
    }
    case 1: {
      Pack pack = read_file(bytes, {.any_schema = true});
      if (pack.ok() && bytes.size() <= kLargestMatched) match_foreign(std::move(pack));
      break;
    }
    case 2:
      read_file(bytes, {.any_schema = true, .keep_placeholders = true});
      break;
    case 3:
      read_condition(bytes);
      break;
  }
  return 0;
}
