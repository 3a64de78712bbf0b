#include "adapters/runtime/packs.h"

#include "rules/lang/load.h"

namespace quanzu::runtime {
namespace {

// Enough to see what is wrong; `quanzu rules check` shows all.
constexpr size_t kShownProblems = 5;

std::string describe(const rules::Problem& problem) {
  return problem.file + ":" + std::to_string(problem.mark.line) + ":" + std::to_string(problem.mark.column) + ": " +
         problem.reason + (problem.suggestion.empty() ? std::string() : "; " + problem.suggestion);
}

Error refused(const std::filesystem::path& folder, const rules::Pack& pack) {
  size_t errors = 0;
  std::string shown;
  for (const rules::Problem& problem : pack.problems) {
    if (problem.severity != rules::Severity::kError) continue;
    if (++errors <= kShownProblems) shown += "\n  " + describe(problem);
  }
  return Error{Code::kInvalidArgument,
               "the packs under " + folder.string() + " have " + std::to_string(errors) +
                   " errors (`quanzu rules check` shows all):" + shown,
               "packs",
               {},
               0};
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
  return rules::Program::compile(std::move(pack));
}

PackLive pack_live(PackVersion version, const rules::Program& program) {
  return PackLive{version, program.hash(), program.rules()};
}

}  // namespace quanzu::runtime
