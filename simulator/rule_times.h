// How long a pack takes over a corpus, by stage and by rule: what an author compares before and after a change. Figures of one
// machine, one core, this build. Called by `quanzu rules bench`; one thread.
#pragma once
#include <string>
#include <vector>

#include "rules/match/program.h"
#include "simulator/corpus.h"

namespace quanzu::simulator {

struct StageTimes {  // nanoseconds a signal
  double total = 0;
  double normalize = 0;  // the forms of its fields
  double scan = 0;       // the literals and patterns that may make a rule hold
  double rules = 0;      // the rest: whole values, and the rules that are worth evaluating
};

struct RuleTime {
  RuleIndex rule = 0;
  double ns = 0;  // a signal: of the rule alone, beyond what its fields' forms take
};

struct PackTimes {
  size_t signals = 0;
  double mean_bytes = 0;
  double compile_ms = 0;
  rules::ProgramSize size;
  StageTimes stages;
  std::vector<RuleTime> dearest;  // ten at most, of the candidates
  size_t candidates = 0;          // rules that were measured alone: those that are estimated to be the dearest
};

// Compiles `pack` and scans the corpus as signals of the kind. Errors: as Program::compile.
Result<PackTimes> measure_pack(rules::Pack pack, const Corpus& corpus, Kind kind);

}  // namespace quanzu::simulator
