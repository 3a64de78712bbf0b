#include <filesystem>

#include "rules/lang/load.h"
#include "rules/lang/problems.h"
#include "rules/match/program.h"
#include "tests/catch.h"

namespace quanzu::rules {
namespace {

const std::filesystem::path kPacks = std::filesystem::path(QUANZU_SOURCE_DIR) / "rules/packs";

TEST_CASE("every shipped pack loads without a problem and compiles", "[lang]") {
  Pack pack = load_pack(kPacks);
  for (const Problem& problem : pack.problems) UNSCOPED_INFO(describe(problem));
  CHECK(pack.problems.empty());
  CHECK(pack.ok());
  CHECK(pack.hash.size() == 64);
  REQUIRE(pack.rules.size() > 100);
  for (const Rule& rule : pack.rules) {
    INFO(rule.file << ": " << rule.info.id);
    CHECK(rule.info.fraud_type != FraudType::kNone);
    CHECK(rule.info.weight.value() > 0);
    CHECK(rule.info.half_life.count() > 0);
    CHECK_FALSE(rule.info.version.empty());
    CHECK_FALSE(rule.tests.empty());
  }
  const size_t rules = pack.rules.size();
  const auto program = Program::compile(std::move(pack));
  if (!program) FAIL(program.error().message);
  CHECK((*program)->rules().size() == rules);
}

}  // namespace
}  // namespace quanzu::rules
