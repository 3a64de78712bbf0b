#include "adapters/runtime/packs.h"

#include "rules/correlate/live.h"
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

}  // namespace

Result<SharedPacks> compile_packs(const std::filesystem::path& folder, const rules::DatabaseCache* cache, Instant now) {
  rules::Pack pack;
  if (!folder.empty()) {
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error)) {
      return fail(Code::kUnavailable, folder.string() + " is no folder of rule packs", "packs");
    }
    pack = rules::load_pack(folder, {.now = now});
  }
  if (!pack.ok()) return Failure(refused(folder, pack));
  Result<rules::Definitions> definitions = rules::define(pack);
  if (!definitions) return Failure(definitions.error());
  if (Result<void> fit = rules::fits_live(pack, *definitions); !fit) return Failure(fit.error());
  Result<std::shared_ptr<const rules::Program>> program = rules::Program::compile(std::move(pack), cache);
  if (!program) return Failure(program.error());
  auto out = std::make_shared<CompiledPacks>();
  out->live.hash = (*program)->hash();
  out->live.rules = (*program)->rules();
  for (const rules::Correlation& each : (*program)->pack().correlations) out->live.rules.push_back(each.info);
  out->live.correlations = rules::to_text(*definitions);
  out->program = std::move(*program);
  out->definitions = std::move(*definitions);
  return out;
}

PackLive pack_live(PackVersion version, const CompiledPacks& packs, const std::string& folder_hash) {
  PackLive out = packs.live;
  out.version = version;
  out.folder_hash = folder_hash;
  return out;
}

}  // namespace quanzu::runtime
