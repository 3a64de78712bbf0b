// Rule files on hostile bytes: whatever they are, reading ends, and what it makes can be told, copied and dumped. The first
// byte chooses between a whole file, one condition, and one regular expression.
#include "rules/lang/condition.h"
#include "rules/lang/detection.h"
#include "rules/lang/dump.h"
#include "rules/lang/parse_document.h"
#include "rules/lang/regex_limits.h"
#include "rules/text/utf8.h"

using namespace quanzu;
using namespace quanzu::rules;

namespace {

void read_file(std::string_view bytes, const LoadOptions& options) {
  std::vector<Problem> found;
  Problems problems("fuzz.yml", found);
  const Lists lists = {{"list", {{"a*", "", {1, 1}}}}};
  const ParseContext context{problems, lists, options};
  const std::vector<YamlDocument> documents = parse_yaml(bytes, problems);
  for (const YamlDocument& document : documents) {
    const YamlNode& root = *document.root;
    if (!root.is(YamlType::kMap)) continue;
    if (root.find("correlation") != nullptr) {
      parse_correlation(root, context, documents.size() == 1);
    } else if (root.find("filter") != nullptr) {
      parse_filter(root, context, documents.size() == 1);
    } else {
      dump_conditions(parse_rule(root, context, documents.size() == 1));
    }
  }
  for (const Problem& problem : found) {
    ENSURE(!problem.reason.empty() && !describe(problem).empty(), "a problem says why");
  }
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
    case 0:
      read_file(bytes, {});
      break;
    case 1:
      read_file(bytes, {.any_schema = true, .keep_placeholders = true});
      break;
    case 2:
      read_condition(bytes);
      break;
    case 3:
      if (find_invalid_utf8(bytes) == std::string_view::npos) check_regex({.pattern = std::string(bytes)});
      break;
  }
  return 0;
}
