// Puts a pack into its compiled form, rule by rule: formulas over atoms, a witness a rule, steps, then the databases of each
// subject. What an item of a rule asks is the caller's to say, so that rules on signals and rules on foreign events are
// compiled by one code. Used once, by whoever compiles; one thread.
#pragma once
#include <functional>
#include <map>
#include <optional>

#include "rules/match/compiled.h"
#include "rules/match/database_cache.h"
#include "rules/match/program.h"
#include "rules/match/witness.h"

namespace quanzu::rules {

class Compiler {
 public:
  explicit Compiler(const DatabaseCache* cache = nullptr) : cache_(cache) {}

  // The atoms of an item, any of which makes it hold.
  using MakeAtoms = std::function<Result<std::vector<Atom>>(const Item&)>;

  // The next rule of the pack, which must outlive the compiler; `kinds`: bit k where it takes events of kind k. Errors:
  // kInvalidArgument naming the rule, its file and place, what is refused and why.
  Result<void> add(const Rule& rule, uint8_t kinds, const MakeAtoms& make_atoms);

  // Errors: what Hyperscan refuses, blamed on the rule that brought it.
  Result<std::unique_ptr<Compiled>> finish();

  const std::vector<RuleIndex>& without_witness() const { return without_witness_; }

 private:
  struct Expressions {
    std::vector<Expression> witnesses;
    std::vector<Expression> patterns;
  };

  Result<Formula> formula_of(const Rule& rule, const Node& node, const MakeAtoms& make_atoms);
  void take_up(RuleIndex rule);
  Result<void> place_atoms();
  void write_programs();
  void expect(const Formula& formula, double asks);
  void watch(AtomId atom, RuleIndex rule);
  int32_t emit(const Formula& formula, int32_t yes, int32_t no);
  int32_t emit_any(const Formula& formula, int32_t yes, int32_t no);
  bool is_found(const Formula& formula) const;
  void index_witnesses();
  bool is_wanted(AtomId id) const;
  Result<void> place(AtomId id);
  Result<bool> confirm(AtomId id);
  void put(AtomId id, AtomSite site);
  Result<void> build(SubjectCode& subject, const Expressions& expressions);
  Result<Database> database_of(const std::vector<Expression>& expressions);
  Failure refused(const Expression& expression, const std::string& why) const;

  const DatabaseCache* cache_;
  std::unique_ptr<Compiled> code_ = std::make_unique<Compiled>();
  AtomTable atoms_;
  std::vector<const Rule*> rules_;
  std::vector<Formula> formulas_;                 // by rule
  std::vector<RuleIndex> first_user_;             // by atom
  std::vector<std::vector<RuleIndex>> watchers_;  // by atom
  std::vector<double> asks_;                      // by atom: in how many of 2^32 texts a rule may ask for it
  std::map<size_t, Expressions> databases_;       // by subject index
  uint16_t space_count_ = 0;                      // of the index of literals
  std::optional<GroupTable> groups_;
  std::vector<RuleIndex> without_witness_;
};

// The refusal of a rule for what stands at the mark.
Failure refused_rule(const Rule& rule, const Mark& mark, const std::string& why);

}  // namespace quanzu::rules
