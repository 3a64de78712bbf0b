#include "rules/match/witness.h"

#include <algorithm>

#include "rules/match/regex_literals.h"

namespace quanzu::rules {

namespace {

constexpr double kEveryTime = 4294967296.0;  // 2^32: expected_hits' unit
constexpr size_t kMaxAlternatives = 65536;

// Fields of a handful of values: equality with one of them is no rare thing.
bool is_enumeration(Source source) {
  if (static_cast<size_t>(source) >= kFieldCount) return source == Source::kKind || source == Source::kFeed;
  switch (static_cast<Field>(source)) {
    case Field::kDirection:
    case Field::kState:
    case Field::kCallMedium:
    case Field::kUrlScheme:
    case Field::kAppAction:
    case Field::kTransferChannel:
    case Field::kTransferState:
    case Field::kChannel:
    case Field::kCategory:
    case Field::kLevel:
      return true;
    default:
      return false;
  }
}

double hits_by_kind(const Atom& atom) {
  switch (atom.op) {
    case AtomOp::kContains:
      return std::min(kEveryTime, expected_hits(atom.literal));
    case AtomOp::kStartsWith:
    case AtomOp::kEndsWith:
      return std::min(kEveryTime, expected_hits(atom.literal)) / 2;
    case AtomOp::kEquals:
      return is_enumeration(atom.subject.source) ? kEveryTime / 4 : kEveryTime / 1e6;
    case AtomOp::kEqualsNumber:
      return kEveryTime / 1e3;  // a kind of event, a port, an error
    default:
      return kEveryTime;  // a pattern without known literals
  }
}

// Rules are written about what stands in events: each further one that asks for an atom is told for one more event in
// 4,096, however long its literal is ("\powershell.exe").
double hits_of(AtomId id, const AtomTable& atoms) {
  return std::max(hits_by_kind(atoms[id]), std::min(kEveryTime, kEveryTime / 4096 * (atoms.uses(id) - 1)));
}

std::optional<Witness> of_atom(AtomId id, const AtomTable& atoms) {
  if (!can_be_witness(atoms[id])) return std::nullopt;
  return Witness{{id}, hits_of(id, atoms)};
}

}  // namespace

double put_rarest_first(Formula& formula, const AtomTable& atoms) {
  if (formula.type == Formula::Type::kAtom) return hits_of(formula.atom, atoms);
  std::vector<std::pair<double, Formula>> children;
  for (Formula& child : formula.children) {
    const double hits = put_rarest_first(child, atoms);
    children.emplace_back(hits, std::move(child));
  }
  if (formula.type == Formula::Type::kAnd) {
    std::stable_sort(children.begin(), children.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  }
  double all = 0;
  for (size_t i = 0; i < children.size(); ++i) {
    all += children[i].first;
    formula.children[i] = std::move(children[i].second);
  }
  if (formula.type == Formula::Type::kAnd && !children.empty()) return children.front().first;
  return formula.type == Formula::Type::kNot ? kEveryTime : std::min(all, kEveryTime);
}

std::optional<Witness> choose_witness(const Formula& formula, const AtomTable& atoms) {
  std::optional<Witness> best;
  switch (formula.type) {
    case Formula::Type::kNot:
      return std::nullopt;
    case Formula::Type::kAtom:
      return of_atom(formula.atom, atoms);
    case Formula::Type::kAnd:
      for (const Formula& child : formula.children) {
        std::optional<Witness> witness = choose_witness(child, atoms);
        if (witness && (!best || witness->hits < best->hits)) best = std::move(witness);
      }
      return best;
    case Formula::Type::kOr:
      best.emplace();
      for (const Formula& child : formula.children) {
        const std::optional<Witness> witness = choose_witness(child, atoms);
        if (!witness || best->any_of.size() + witness->any_of.size() > kMaxAlternatives) return std::nullopt;
        best->any_of.insert(best->any_of.end(), witness->any_of.begin(), witness->any_of.end());
        best->hits += witness->hits;
      }
      return best;
  }
  return best;
}

}  // namespace quanzu::rules
