#include "rules/match/formula.h"

#include <algorithm>

#include "rules/match/regex_literals.h"

namespace quanzu::rules {

namespace {

// Shorter ones stand in most texts.
constexpr size_t kTellingBytes = 3;

Formula any_of(const Literals& literals, Subject subject, AtomTable& atoms) {
  if (subject.source == kEachString) subject.source = kAllStrings;  // a literal reaches over none of them
  Formula out{.type = Formula::Type::kOr};
  for (const std::string& literal : literals) {
    Atom contains{.op = AtomOp::kContains, .subject = subject, .literal = literal};
    out.children.push_back({.type = Formula::Type::kAtom, .atom = atoms.intern(std::move(contains))});
  }
  return out;
}

bool is_telling(const Literals& literals) {
  return std::all_of(literals.begin(), literals.end(),
                     [](const std::string& each) { return each.size() >= kTellingBytes; });
}

Formula branch(const Atom& whole, RegexAlternative alternative, AtomTable& atoms) {
  if (!alternative.literals.empty()) return any_of(alternative.literals, whole.subject, atoms);
  std::vector<Literals>& guards = alternative.required;
  std::sort(guards.begin(), guards.end(),
            [](const Literals& a, const Literals& b) { return expected_hits(a) < expected_hits(b); });
  Formula out{.type = Formula::Type::kAnd};
  for (const Literals& guard : guards) {
    if (out.children.empty() || is_telling(guard)) out.children.push_back(any_of(guard, whole.subject, atoms));
  }
  Atom pattern = whole;
  pattern.literal = std::move(alternative.pattern);
  out.children.push_back({.type = Formula::Type::kAtom, .atom = atoms.intern(std::move(pattern))});
  return out;
}

}  // namespace

Formula formula_of(Atom atom, AtomTable& atoms) {
  if (atom.op != AtomOp::kPattern) return {.type = Formula::Type::kAtom, .atom = atoms.intern(std::move(atom))};
  Formula out{.type = Formula::Type::kOr};
  for (RegexAlternative& each : alternatives_of(atom.literal)) {
    out.children.push_back(branch(atom, std::move(each), atoms));
  }
  return out;
}

}  // namespace quanzu::rules
