// A compiled pack: which rules hold for one signal. Immutable and shared by every match worker; each worker has a Scanner
// with its own scratch. Cost is that of what matches, not of how many rules there are: a witness index names the few
// rules worth evaluating, and what only those ask is looked at only then (docs/decisions/0002-witness-index.md).
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/alert.h"
#include "engine/signal.h"
#include "rules/lang/rule.h"

namespace quanzu::rules {

class DatabaseCache;
struct Compiled;  // the compiled form: rules/match/compiled.h

struct ProgramSize {
  size_t rules = 0;
  size_t atoms = 0;             // distinct (field, operator, value)
  size_t always_evaluated = 0;  // rules without a witness: each signal of their kind pays for them
  size_t database_bytes = 0;    // of Hyperscan and of the index of literals
};

class Program {
 public:
  // Errors: kInvalidArgument naming the rule, its file and place, what is refused and why.
  // `cache`: where databases are kept, if anywhere; only asked during the call.
  static Result<std::shared_ptr<const Program>> compile(Pack pack, const DatabaseCache* cache = nullptr);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  const std::vector<RuleInfo>& rules() const { return rules_; }           // by RuleIndex: the order of the pack
  const Rule& rule(RuleIndex index) const { return pack_.rules[index]; }  // as read: for explanations
  const Pack& pack() const { return pack_; }
  const std::string& hash() const { return pack_.hash; }
  const ProgramSize& size() const { return size_; }
  // Rules that no positive string holds to a few signals, so that each signal of their kind evaluates them.
  const std::vector<RuleIndex>& without_witness() const { return without_witness_; }
  const Compiled& compiled() const { return *code_; }

 private:
  Program();

  Pack pack_;
  std::vector<RuleInfo> rules_;
  ProgramSize size_;
  std::vector<RuleIndex> without_witness_;
  std::unique_ptr<Compiled> code_;
};

class Scanner {
 public:
  Scanner();
  ~Scanner();
  Scanner(const Scanner&) = delete;
  Scanner& operator=(const Scanner&) = delete;

  // Appends the rules that hold for the signal, ascending, to out. Never fails, and allocates nothing but when it first
  // sees a program or a longer text than before. Call from one thread at a time.
  void scan(const Program& program, const Signal& signal, std::vector<RuleIndex>& out);

  // Ill-formed UTF-8 sequences in the fields that were looked at, repaired for matching; over all calls.
  uint64_t repaired() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace quanzu::rules
