// Rules for events that are no signals (Sigma's own corpus, other products' logs): any field names, JSON's types, nothing
// normalised but case. A ForeignProgram is a compiled pack, immutable and shared; each thread has a ForeignScanner. Atoms,
// witnesses and steps are those of a Program; what differs is where values come from.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "rules/match/foreign_event.h"
#include "rules/match/program.h"

namespace quanzu::rules {

struct SubjectCode;

class ForeignProgram {
 public:
  // `also`: fields that are asked for beside those of the rules. Errors: kInvalidArgument naming the rule, its file and
  // place, what is refused and why.
  static Result<std::shared_ptr<const ForeignProgram>> compile(Pack pack, const std::vector<std::string>& also = {});
  ~ForeignProgram();
  ForeignProgram(const ForeignProgram&) = delete;
  ForeignProgram& operator=(const ForeignProgram&) = delete;

  const Pack& pack() const { return pack_; }
  const FieldTable& fields() const { return fields_; }
  const ProgramSize& size() const { return size_; }
  // Rules that no positive value holds to a few events, so that each event evaluates them.
  const std::vector<RuleIndex>& without_witness() const { return without_witness_; }

 private:
  friend class ForeignScanner;
  ForeignProgram();
  void index_sources();
  void index_subjects();

  Pack pack_;
  FieldTable fields_;
  ProgramSize size_;
  std::vector<RuleIndex> without_witness_;
  std::unique_ptr<Compiled> code_;
  uint32_t logsource_key_ = 0;
  std::vector<LogSource> logsources_;                    // each once
  std::vector<uint32_t> rule_logsource_;                 // by rule
  std::vector<std::vector<const SubjectCode*>> by_key_;  // by key: what is scanned where an event has it
  std::vector<const SubjectCode*> of_strings_;           // what is scanned for keywords
  bool has_keywords_ = false;
};

class ForeignScanner {
 public:
  explicit ForeignScanner(std::shared_ptr<const ForeignProgram> program);
  ~ForeignScanner();
  ForeignScanner(const ForeignScanner&) = delete;
  ForeignScanner& operator=(const ForeignScanner&) = delete;

  // Appends the rules that hold for the event, a JSON object, ascending. Its object `logsource` says what it is; without
  // one it may be anything. Allocates nothing but at a longer or richer text than before. Errors: those of JsonReader.
  Result<void> scan(std::string_view json, std::vector<RuleIndex>& out);

  // The two halves of scan(), apart for who measures them.
  Result<void> read(std::string_view json);
  void match(std::vector<RuleIndex>& out);

  // Of the event read last, by a name that the program knows: the one value; null where there is none.
  const JsonNode* value_at(std::string_view name) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace quanzu::rules
