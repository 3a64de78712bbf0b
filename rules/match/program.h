// A compiled pack: which rules hold for one signal. Immutable and shared by every match worker; each worker has a Scanner
// with its own Hyperscan scratch. Cost is that of what matches, not of how many rules there are: string atoms go to one
// Hyperscan database per field class, and a witness index names the rules worth evaluating.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "engine/alert.h"
#include "engine/signal.h"
#include "rules/lang/rule.h"

namespace quanzu::rules {

class Program {
 public:
  // Errors: kInvalidArgument naming the rule that Hyperscan refuses and why.
  static Result<std::shared_ptr<const Program>> compile(const Pack& pack);
  virtual ~Program() = default;

  const std::vector<RuleInfo>& rules() const { return rules_; }  // by RuleIndex
  const std::string& hash() const { return hash_; }

 protected:
  std::vector<RuleInfo> rules_;
  std::string hash_;
};

class Scanner {
 public:
  Scanner();
  ~Scanner();
  Scanner(const Scanner&) = delete;
  Scanner& operator=(const Scanner&) = delete;

  // Appends the rules that hold for the signal, ascending, to out. Never fails: a program's scratch is allocated when the
  // scanner first sees it. Call from one thread at a time.
  void scan(const Program& program, const Signal& signal, std::vector<RuleIndex>& out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace quanzu::rules
