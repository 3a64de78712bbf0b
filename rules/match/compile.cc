// From a pack of rules on signals to its program.
#include "rules/match/compiler.h"

namespace quanzu::rules {

Program::Program() = default;
Program::~Program() = default;

Result<std::shared_ptr<const Program>> Program::compile(Pack pack, const DatabaseCache* cache) {
  Compiler compiler(cache);
  std::shared_ptr<Program> program(new Program());
  program->pack_ = std::move(pack);
  for (const Rule& rule : program->pack_.rules) {
    const Result<uint8_t> kinds = kinds_of(rule.logsource);
    if (!kinds) return refused_rule(rule, rule.mark, kinds.error().message);
    const Result<void> added = compiler.add(rule, *kinds, [&](const Item& item) { return make_atoms(item, *kinds); });
    if (!added) return Failure(added.error());
    program->rules_.push_back(rule.info);
  }
  Result<std::unique_ptr<Compiled>> code = compiler.finish();
  if (!code) return Failure(code.error());
  program->code_ = std::move(*code);
  program->without_witness_ = compiler.without_witness();
  program->size_.rules = program->rules_.size();
  program->size_.atoms = program->code_->atoms.size();
  program->size_.always_evaluated = program->without_witness_.size();
  program->size_.database_bytes = program->code_->bytes();
  return program;
}

}  // namespace quanzu::rules
