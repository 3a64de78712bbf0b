// Atoms: the distinct (subject, operator, value) of all rules, each once, so that a message asks each question at most
// once however many rules ask it. make_atom gives values the form of their subject: text is normalised, the rest folded.
#pragma once
#include <array>
#include <string>
#include <unordered_map>
#include <vector>

#include "rules/lang/rule.h"
#include "rules/learn/model.h"
#include "rules/match/subject.h"
#include "rules/match/time_part.h"

namespace quanzu::rules {

using AtomId = uint32_t;

enum class AtomOp : uint8_t {
  kContains,  // of strings, with `literal`
  kStartsWith,
  kEndsWith,
  kEquals,
  kPattern,  // of strings: the Hyperscan expression `literal` with `flags`; `required` where each match contains one
  kEqualsNumber,
  kCompare,
  kExists,
  kAbsent,    // or null
  kNotThere,  // of foreign events: not even null
  kCidr,
  kFieldRef,
  kTimePart,
  kModel,  // the score of `model` for its output, compared with `number`
};

struct Atom {
  AtomOp op = AtomOp::kExists;
  Subject subject{};
  std::string literal{};
  unsigned flags = 0;
  std::vector<std::string> required{};
  double number = 0;
  Compare compare = Compare::kLess;
  Cidr cidr{};
  Subject other{};  // of kFieldRef
  FieldMatch match = FieldMatch::kWhole;
  TimePart time{};  // of kTimePart
  std::shared_ptr<const Model> model{};
  uint32_t output = 0;

  bool is_literal() const { return op <= AtomOp::kEquals; }
  bool is_string() const { return op <= AtomOp::kPattern; }
};

// Whether an index or a database finds where the atom holds: strings, and numbers of foreign events.
inline bool can_be_witness(const Atom& atom) {
  return atom.is_string() || (atom.op == AtomOp::kEqualsNumber && is_foreign(atom.subject.source));
}

// The atoms of an item: one, or for a keyword one a string field that a signal of these kinds may carry (any of them).
// Errors: an unknown field, a value that does not fit the field's type, a value that can never match, what is not
// supported yet; the message says which and what to write instead.
Result<std::vector<Atom>> make_atoms(const Item& item, uint8_t kinds);

// The atom of a string or of a regular expression on a source of strings; what `*` alone says is kExists. Errors: as above.
Result<Atom> make_string_atom(const StringPattern& pattern, Source source);
Result<Atom> make_regex_atom(const Regex& regex, Source source);
// What a keyword looks for: its value contained, a number by its text. Errors: another type of value.
Result<Value> keyword_value(const Value& value);

class AtomTable {
 public:
  AtomId intern(Atom atom);
  // How often it was interned: what many rules ask for is what many events hold.
  uint32_t uses(AtomId id) const { return uses_[id]; }
  const Atom& operator[](AtomId id) const { return atoms_[id]; }
  size_t size() const { return atoms_.size(); }
  const std::vector<Atom>& all() const { return atoms_; }

 private:
  std::vector<Atom> atoms_;
  std::vector<uint32_t> uses_;
  std::unordered_map<std::string, AtomId> ids_;  // by the atom spelled out
};

// The Hyperscan expression that finds the literal.
std::string literal_expression(std::string_view literal);

// The answer for an atom that is no kPattern, given the values: of its subject's form, of `other`'s for kFieldRef.
bool holds_string(const Atom& atom, std::string_view value, std::string_view other);
bool holds_number(const Atom& atom, double value);
// Of kModel; `text` is in the form of its subject, the number tells texts apart.
bool holds_model(const Atom& atom, std::string_view text, uint64_t number, ModelScores& scores);

// The answer of such an atom, but for kModel, for a signal; value_of(subject) gives a string field in the subject's form.
template <class ValueOf>
bool atom_holds(const Atom& atom, const Signal& signal, ValueOf&& value_of) {
  const bool present = is_present(atom.subject.source, signal);
  if (atom.op == AtomOp::kExists) return present;
  if (atom.op == AtomOp::kAbsent) return !present;
  if (!present) return false;
  if (atom.op == AtomOp::kTimePart) return holds_time(atom.time, instant_of(atom.subject.source, signal));
  const bool strings = source_type(atom.subject.source) == FieldType::kString;
  if (atom.op == AtomOp::kFieldRef) {
    if (!is_present(atom.other.source, signal)) return false;
    if (!strings) return number_of(atom.subject.source, signal) == number_of(atom.other.source, signal);
    return holds_string(atom, value_of(atom.subject), value_of(atom.other));
  }
  return strings ? holds_string(atom, value_of(atom.subject), {})
                 : holds_number(atom, number_of(atom.subject.source, signal));
}

}  // namespace quanzu::rules
