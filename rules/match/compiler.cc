#include "rules/match/compiler.h"

#include <algorithm>

namespace quanzu::rules {

namespace {

constexpr double kEveryText = 4294967296.0;  // 2^32: expected_hits' unit
// A short literal that rules ask for more often is found with the witnesses, all in one go, rather than looked for by itself.
// A tenth of what costs alone would say, since words of rules are more common than the estimate takes words for.
constexpr double kOften = kEveryText / 10'000;

std::string place_of(const Rule& rule, const Mark& mark) {
  std::string place = rule.file.empty() ? "(no file)" : rule.file;
  if (mark.line > 0) place += ":" + std::to_string(mark.line) + ":" + std::to_string(mark.column);
  return place;
}

// Short literals stand in most values: they are found only where they are wanted.
bool is_indexed(const Atom& atom, bool is_wanted) {
  if (!atom.is_literal()) return false;
  return atom.literal.size() >= LiteralIndex::kWindow ||
         (is_wanted && (atom.op != AtomOp::kContains || !atom.literal.empty()));
}

LiteralIndex::Place place_of(AtomOp op) {
  switch (op) {
    case AtomOp::kStartsWith:
      return LiteralIndex::Place::kStart;
    case AtomOp::kEndsWith:
      return LiteralIndex::Place::kEnd;
    case AtomOp::kEquals:
      return LiteralIndex::Place::kWhole;
    default:
      return LiteralIndex::Place::kAnywhere;
  }
}

}  // namespace

Failure refused_rule(const Rule& rule, const Mark& mark, const std::string& why) {
  const std::string place = place_of(rule, mark);
  return fail(Code::kInvalidArgument, place + ": rule '" + rule.info.id + "': " + why, place);
}

Result<void> Compiler::add(const Rule& rule, uint8_t kinds, const MakeAtoms& make_atoms) {
  const auto index = static_cast<RuleIndex>(rules_.size());
  code_->kinds.push_back(kinds);
  rules_.push_back(&rule);
  Formula any{.type = Formula::Type::kOr};
  for (const NodePtr& condition : rule.conditions) {
    Result<Formula> formula = formula_of(rule, *condition, make_atoms);
    if (!formula) return Failure(formula.error());
    any.children.push_back(std::move(*formula));
  }
  first_user_.resize(atoms_.size(), index);  // whoever brought an atom is blamed for it
  formulas_.push_back(std::move(any));
  return {};
}

// Once all rules are known, and so how many ask for each atom.
void Compiler::take_up(RuleIndex rule) {
  Formula& formula = formulas_[rule];
  put_rarest_first(formula, atoms_);
  const std::optional<Witness> witness = choose_witness(formula, atoms_);
  if (witness) {
    for (AtomId atom : witness->any_of) watch(atom, rule);
  } else {
    without_witness_.push_back(rule);
    for (size_t kind = 0; kind < kKindCount; ++kind) {
      if ((code_->kinds[rule] >> kind) & 1U) code_->always[kind].push_back(rule);
    }
  }
  expect(formula, witness ? witness->hits : kEveryText);
}

Result<std::unique_ptr<Compiled>> Compiler::finish() {
  watchers_.resize(atoms_.size());
  asks_.resize(atoms_.size());
  for (RuleIndex rule = 0; rule < rules_.size(); ++rule) take_up(rule);
  code_->atoms = atoms_.all();
  index_witnesses();
  if (Result<void> placed = place_atoms(); !placed) return Failure(placed.error());
  write_programs();
  for (auto& [subject, expressions] : databases_) {
    Result<void> built = build(*code_->subjects[subject], expressions);
    if (!built) return Failure(built.error());
  }
  for (auto& subject : code_->subjects) {
    if (subject == nullptr) continue;
    for (size_t kind = 0; kind < kKindCount; ++kind) {
      if ((subject->kinds >> kind) & 1U) code_->scanned[kind].push_back(subject.get());
    }
  }
  code_->literals.seal();
  code_->identity = std::make_shared<const int>(0);
  return std::move(code_);
}

Result<void> Compiler::place_atoms() {
  code_->sites.assign(atoms_.size(), AtomSite::kDirect);
  code_->confirmers.resize(atoms_.size());
  for (AtomId atom = 0; atom < atoms_.size(); ++atom) {
    Result<void> placed = place(atom);
    if (!placed) return placed;
  }
  return {};
}

void Compiler::write_programs() {
  groups_.emplace(atoms_.size());
  for (const Formula& formula : formulas_) code_->entries.push_back(emit(formula, Step::kAccept, Step::kReject));
  code_->groups = groups_->finish();
  code_->sites.resize(atoms_.size() + code_->groups.size(), AtomSite::kGroup);
}

Result<Formula> Compiler::formula_of(const Rule& rule, const Node& node, const MakeAtoms& make_atoms) {
  Formula formula;
  if (node.type == NodeType::kItem) {
    Result<std::vector<Atom>> atoms = make_atoms(node.item);
    if (!atoms) return refused_rule(rule, node.mark, atoms.error().message);
    formula.type = Formula::Type::kOr;
    for (Atom& atom : *atoms) formula.children.push_back(rules::formula_of(std::move(atom), atoms_));
    if (formula.children.size() == 1) return Formula(formula.children.front());
    return formula;
  }
  formula.type = node.type == NodeType::kAnd  ? Formula::Type::kAnd
                 : node.type == NodeType::kOr ? Formula::Type::kOr
                                              : Formula::Type::kNot;
  for (const NodePtr& child : node.children) {
    Result<Formula> part = formula_of(rule, *child, make_atoms);
    if (!part) return part;
    formula.children.push_back(std::move(*part));
  }
  return formula;
}

void Compiler::expect(const Formula& formula, double asks) {
  for (const Formula& child : formula.children) expect(child, asks);
  if (formula.type == Formula::Type::kAtom) asks_[formula.atom] += asks;
}

void Compiler::watch(AtomId atom, RuleIndex rule) {
  if (watchers_.size() <= atom) watchers_.resize(atoms_.size());
  std::vector<RuleIndex>& watchers = watchers_[atom];
  if (watchers.empty() || watchers.back() != rule) watchers.push_back(rule);
}

// Steps that end at yes where the formula holds, else at no; returns the first. Written back to front, since a step
// must know where it goes.
int32_t Compiler::emit(const Formula& formula, int32_t yes, int32_t no) {
  switch (formula.type) {
    case Formula::Type::kAtom:
      code_->steps.push_back({formula.atom, yes, no});
      return static_cast<int32_t>(code_->steps.size()) - 1;
    case Formula::Type::kNot:
      return emit(formula.children.front(), no, yes);
    case Formula::Type::kOr:
      return emit_any(formula, yes, no);
    case Formula::Type::kAnd:
      break;
  }
  int32_t next = yes;
  for (auto child = formula.children.rbegin(); child != formula.children.rend(); ++child) {
    next = emit(*child, next, no);
  }
  return next;
}

// First what is found without asking, a subject's as one, then the others.
int32_t Compiler::emit_any(const Formula& formula, int32_t yes, int32_t no) {
  std::map<size_t, std::vector<AtomId>> found;
  int32_t next = no;
  for (auto child = formula.children.rbegin(); child != formula.children.rend(); ++child) {
    if (is_found(*child)) {
      found[atoms_[child->atom].subject.index()].push_back(child->atom);
    } else {
      next = emit(*child, yes, next);
    }
  }
  for (const auto& [subject, any_of] : found) {
    const AtomId one = any_of.size() == 1 ? any_of.front() : groups_->intern(any_of, atoms_[any_of.front()].subject);
    code_->steps.push_back({one, yes, next});
    next = static_cast<int32_t>(code_->steps.size()) - 1;
  }
  return next;
}

bool Compiler::is_found(const Formula& formula) const {
  return formula.type == Formula::Type::kAtom && code_->sites[formula.atom] == AtomSite::kWitness;
}

void Compiler::index_witnesses() {
  code_->witness_begin.push_back(0);
  for (const std::vector<RuleIndex>& watchers : watchers_) {
    code_->witness_rules.insert(code_->witness_rules.end(), watchers.begin(), watchers.end());
    code_->witness_begin.push_back(static_cast<uint32_t>(code_->witness_rules.size()));
  }
}

// Whether it pays to find the atom before anybody asks.
bool Compiler::is_wanted(AtomId id) const {
  const Atom& atom = atoms_[id];
  if (!watchers_[id].empty()) return true;
  return atom.op == AtomOp::kContains && asks_[id] > kOften && !is_foreign(atom.subject.source);
}

// Decides where the atom is found; what no index or database finds stays kDirect.
Result<void> Compiler::place(AtomId id) {
  const Atom& atom = atoms_[id];
  if (is_indexed(atom, is_wanted(id)) || is_wanted(id)) {
    if (can_be_witness(atom)) put(id, AtomSite::kWitness);
    return {};
  }
  if (atom.op != AtomOp::kPattern) return {};
  const Result<bool> confirmed = confirm(id);
  if (!confirmed) return Failure(confirmed.error());
  if (!*confirmed) put(id, AtomSite::kPattern);
  return {};
}

// Into the index of literals or one of its subject's databases.
void Compiler::put(AtomId id, AtomSite site) {
  const Atom& atom = atoms_[id];
  code_->sites[id] = site;
  const size_t index = atom.subject.index();
  if (code_->subjects.size() <= index) code_->subjects.resize(index + 1);
  auto& subject = code_->subjects[index];
  if (subject == nullptr) {
    subject = std::make_unique<SubjectCode>();
    subject->subject = atom.subject;
  }
  for (RuleIndex rule : watchers_[id]) subject->kinds |= code_->kinds[rule];
  if (atom.is_literal()) {
    if (!subject->has_literals) subject->space = space_count_++;
    subject->has_literals = true;
    code_->literals.add(subject->space, atom.literal, place_of(atom.op), id);
  } else if (atom.op == AtomOp::kEqualsNumber) {
    subject->numbers.emplace(atom.number, id);
  } else {
    Expressions& expressions = databases_[index];
    (site == AtomSite::kWitness ? expressions.witnesses : expressions.patterns)
        .push_back({atom.literal, atom.flags, id});
  }
}

// Whether the pattern's answers come from a confirmer. One pack, one dialect: what Hyperscan refuses is refused here too.
Result<bool> Compiler::confirm(AtomId id) {
  const Atom& atom = atoms_[id];
  const Expression expression{atom.literal, atom.flags, id};
  if (const std::optional<std::string> why = Database::refusal_of(expression)) return refused(expression, *why);
  code_->confirmers[id] = Confirmer::make(atom.literal, atom.flags);
  if (code_->confirmers[id] == nullptr) return false;
  code_->sites[id] = AtomSite::kConfirm;
  return true;
}

Result<void> Compiler::build(SubjectCode& subject, const Expressions& expressions) {
  Result<Database> witnesses = database_of(expressions.witnesses);
  if (!witnesses) return Failure(witnesses.error());
  subject.witnesses = std::move(*witnesses);
  Result<Database> patterns = database_of(expressions.patterns);
  if (!patterns) return Failure(patterns.error());
  subject.patterns = std::move(*patterns);
  return {};
}

Result<Database> Compiler::database_of(const std::vector<Expression>& expressions) {
  if (cache_ != nullptr && !expressions.empty()) {
    if (std::optional<Database> kept = cache_->find(expressions)) return std::move(*kept);
  }
  auto database = Database::compile(expressions);
  if (database && cache_ != nullptr) cache_->put(expressions, *database);
  if (database) return std::move(*database);
  const Database::Refusal& refusal = database.error();
  if (refusal.expression >= expressions.size()) {
    return fail(Code::kInvalidArgument, "Hyperscan refuses the pack: " + refusal.why);
  }
  return refused(expressions[refusal.expression], refusal.why);
}

Failure Compiler::refused(const Expression& expression, const std::string& why) const {
  const Rule& rule = *rules_[first_user_[expression.id]];
  return refused_rule(rule, rule.mark, "Hyperscan refuses '" + expression.text + "': " + why);
}

}  // namespace quanzu::rules
