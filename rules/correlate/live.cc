#include "rules/correlate/live.h"

namespace quanzu::rules {
namespace {

bool is_field(const Definitions& all, const Definition& definition, const KeyDefinition& key, std::string_view field) {
  for (size_t n = 0; n < definition.rules.size(); ++n) {
    const std::string& spelled = all.fields[key.fields[n]];
    if (definition.rules[n] < all.rules) {
      if (spelled != field) return false;
      continue;
    }
    const uint32_t lower = definition.rules[n] - all.rules;
    const std::optional<uint32_t> its = key_of(all, lower, field);
    if (!its || all.correlations[lower].group_by[*its].name != spelled) return false;
  }
  return true;
}

// At its own window's close, or at that of one below it.
bool raised_at_close(const Definitions& all, const Definition& definition) {
  if (definition.decided_at_close()) return true;
  for (RuleIndex rule : definition.rules) {
    if (rule >= all.rules && raised_at_close(all, all.correlations[rule - all.rules])) return true;
  }
  return false;
}

}  // namespace

std::optional<uint32_t> key_of(const Definitions& all, uint32_t correlation, std::string_view field) {
  const Definition& definition = all.correlations[correlation];
  for (uint32_t i = 0; i < definition.group_by.size(); ++i) {
    if (is_field(all, definition, definition.group_by[i], field)) return i;
  }
  return std::nullopt;
}

Result<void> fits_live(const Pack& pack, const Definitions& definitions) {
  for (uint32_t c = 0; c < definitions.correlations.size(); ++c) {
    const Definition& definition = definitions.correlations[c];
    if (!definition.told || !raised_at_close(definitions, definition)) continue;
    if (key_of(definitions, c, "resident.number")) continue;
    const Correlation& at = pack.correlations[c];
    const std::string where = at.file + ":" + std::to_string(at.mark.line) + ":" + std::to_string(at.mark.column);
    return fail(Code::kInvalidArgument,
                where + ": " + quoted(at.info.id) +
                    " is decided when its window closes, where no signal says whom the alert is about: add "
                    "resident.number to its group-by",
                where);
  }
  return {};
}

}  // namespace quanzu::rules
