// The compiled form of a pack, inside rules/match only. Three parts: the atoms with how each is found, the witness index
// from atoms to rules, and a boolean program a rule. compile.cc builds it, scan.cc runs it.
#pragma once
#include <array>
#include <memory>
#include <vector>

#include "rules/match/atoms.h"
#include "rules/match/confirm.h"
#include "rules/match/database.h"
#include "rules/match/groups.h"
#include "rules/match/literal_index.h"

namespace quanzu::rules {

// One step of a rule's program: ask the atom or group, go on at yes or at no. Steps only go forward, so it always ends.
struct Step {
  static constexpr int32_t kAccept = -1;
  static constexpr int32_t kReject = -2;
  AtomId atom = 0;
  int32_t yes = kAccept;
  int32_t no = kReject;
};

// How the witnesses of one subject are found, and its patterns that are none.
struct SubjectCode {
  Subject subject;
  uint8_t kinds = 0;                           // bit k: rules of kind k have a witness here
  bool has_literals = false;                   // in the program's index, witnesses or not
  uint16_t space = 0;                          // of the index
  std::unordered_map<double, AtomId> numbers;  // witnesses that are numbers
  Database witnesses;                          // patterns that are witnesses
  Database patterns;  // the others: scanned at most once a signal, when a candidate asks for one of them

  bool has_witnesses() const { return has_literals || !numbers.empty() || !witnesses.empty(); }
};

// Where the answer of an atom comes from when a rule asks.
enum class AtomSite : uint8_t {
  kWitness,  // found by the index of literals or its subject's witness database, before any rule is evaluated
  kConfirm,  // by its confirmer: the literals that it needs stand in the text by then
  kPattern,  // in its subject's second database: no confirmer takes the expression
  kDirect,   // compared with the value
  kGroup,    // no atom, but a list of them: yes as soon as one of them is found
};

struct Compiled {
  std::vector<Atom> atoms;
  LiteralIndex literals;
  AtomGroups groups;
  std::vector<AtomSite> sites;                                      // by atom, then by group
  std::vector<std::unique_ptr<Confirmer>> confirmers;               // by atom: of kConfirm
  std::vector<std::unique_ptr<SubjectCode>> subjects;               // by index: those that have witnesses or patterns
  std::array<std::vector<const SubjectCode*>, kKindCount> scanned;  // by kind: subjects with witnesses

  // Atom a may make the rules witness_rules[witness_begin[a] .. witness_begin[a + 1]] hold.
  std::vector<uint32_t> witness_begin;
  std::vector<RuleIndex> witness_rules;
  std::array<std::vector<RuleIndex>, kKindCount> always;  // by kind: rules without a witness

  std::vector<Step> steps;
  std::vector<int32_t> entries;  // by rule: its first step, kAccept or kReject
  std::vector<uint8_t> kinds;    // by rule: bit k where its logsource takes signals of kind k

  // Of the databases and of the index.
  size_t bytes() const {
    size_t bytes = literals.bytes();
    for (const auto& subject : subjects) {
      if (subject != nullptr) bytes += subject->witnesses.bytes() + subject->patterns.bytes();
    }
    return bytes;
  }

  std::shared_ptr<const int> identity;  // tells programs apart: unlike an address it isn't used again while held
};

}  // namespace quanzu::rules
