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

double hits_of(const Atom& atom) {
  switch (atom.op) {
    case AtomOp::kContains:
      return std::min(kEveryTime, expected_hits(atom.literal));
    case AtomOp::kStartsWith:
    case AtomOp::kEndsWith:
      return std::min(kEveryTime, expected_hits(atom.literal)) / 2;
    case AtomOp::kEquals:
      return is_enumeration(atom.subject.source) ? kEveryTime / 4 : kEveryTime / 1e6;
    default:
      return kEveryTime;  // a pattern without known literals
  }
}

std::optional<Witness> of_atom(AtomId id, const AtomTable& atoms) {
  if (!atoms[id].is_string()) return std::nullopt;
  return Witness{{id}, hits_of(atoms[id])};
}

}  // namespace

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
