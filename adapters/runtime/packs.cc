#include "adapters/runtime/packs.h"

#include "rules/correlate/definition.h"
#include "rules/lang/load.h"
#include "rules/lang/problems.h"

namespace quanzu::runtime {
namespace {

// Enough to see what is wrong; `quanzu rules check` shows all.
constexpr size_t kShownProblems = 5;

Error refused(const std::filesystem::path& folder, const rules::Pack& pack) {
  size_t errors = 0;
  std::string shown;
  for (const rules::Problem& problem : pack.problems) {
    if (problem.severity != rules::Severity::kError) continue;
    if (++errors <= kShownProblems) shown += "\n  " + rules::describe(problem);
  }
  return Error{Code::kInvalidArgument,
               "the packs under " + folder.string() + " have " + std::to_string(errors) +
                   " errors (`quanzu rules check` shows all):" + shown,
               "packs",
               {},
               0};
}

// An engine takes evidence from a signal; what the close of a window decides has none. Refused rather than left out.
Result<void> fits_live(const rules::Pack& pack) {
  const Result<rules::Definitions> definitions = rules::define(pack);
  if (!definitions) return Failure(definitions.error());
  for (size_t i = 0; i < pack.correlations.size(); ++i) {
    if (!definitions->correlations[i].decided_at_close()) continue;
    const rules::Correlation& at = pack.correlations[i];
    return fail(
        Code::kInvalidArgument,
        at.file + ":" + std::to_string(at.mark.line) + ": " + quanzu::quoted(at.info.id) +
            " is decided when its window closes, which a live server doesn't do yet; use gt or gte of a count, a "
            "sum or temporal",
        "packs");
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<const rules::Program>> compile_packs(const std::filesystem::path& folder) {
  rules::Pack pack;
  if (!folder.empty()) {
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error)) {
      return fail(Code::kUnavailable, folder.string() + " is no folder of rule packs", "packs");
    }
    pack = rules::load_pack(folder);
  }
  if (!pack.ok()) return Failure(refused(folder, pack));
  if (Result<void> fit = fits_live(pack); !fit) return Failure(fit.error());
  return rules::Program::compile(std::move(pack));
}

PackLive pack_live(PackVersion version, const rules::Program& program) {
  PackLive out{version, program.hash(), program.rules(), {}};
  for (const rules::Correlation& each : program.pack().correlations) out.rules.push_back(each.info);
  const Result<rules::Definitions> definitions = rules::define(program.pack());
  ENSURE(definitions.has_value(), "a pack was checked before it was compiled");
  out.correlations = rules::to_text(*definitions);
  return out;
}

}  // namespace quanzu::runtime
