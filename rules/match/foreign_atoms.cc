#include "rules/match/foreign_atoms.h"

#include <hs/hs.h>

#include "rules/lang/scalar.h"

namespace quanzu::rules {

namespace {

using Type = JsonNode::Type;

Failure refused(std::string message) {
  return fail(Code::kInvalidArgument, std::move(message));
}

// `*`: any text, also the empty one, but no null, array or object.
Atom any_text(Source source) {
  return {.op = AtomOp::kStartsWith, .subject = {source, Form::kFolded}};
}

Result<Atom> string_atom(const StringPattern& pattern, Source source) {
  if (pattern.phonetic) return refused("the modifier 'phonetic' is for signals: leave it out with --schema any");
  Result<Atom> atom = make_string_atom(pattern, source);
  if (atom && atom->op == AtomOp::kExists) return any_text(source);
  return atom;
}

// What a value becomes on one field.
struct ForeignAtomMaker {
  Source source;
  FieldTable& fields;

  Atom plain(AtomOp op) const { return {.op = op, .subject = {source, Form::kExact}}; }

  Result<Atom> operator()(const StringPattern& pattern) const { return string_atom(pattern, source); }
  Result<Atom> operator()(const Regex& regex) const { return make_regex_atom(regex, source); }
  Result<Atom> operator()(const NumberValue& value) const {
    Atom atom = plain(AtomOp::kEqualsNumber);
    atom.number = value.value;
    return atom;
  }
  // A boolean's text is its word, and a number's is none of them.
  Result<Atom> operator()(bool value) const {
    return string_atom(StringPattern{.parts = {std::string(value ? "true" : "false")}}, source);
  }
  Result<Atom> operator()(const Null&) const { return plain(AtomOp::kAbsent); }
  Result<Atom> operator()(const Exists& value) const {
    return plain(value.wanted ? AtomOp::kExists : AtomOp::kNotThere);
  }
  Result<Atom> operator()(const CompareValue& value) const {
    Atom atom = plain(AtomOp::kCompare);
    atom.compare = value.compare;
    atom.number = value.value;
    return atom;
  }
  Result<Atom> operator()(const Cidr& value) const {
    Atom atom = plain(AtomOp::kCidr);
    atom.cidr = value;
    return atom;
  }
  Result<Atom> operator()(const FieldRef& value) const {
    const Form form = value.cased ? Form::kExact : Form::kFolded;
    Atom atom{.op = AtomOp::kFieldRef, .subject = {source, form}};
    atom.other = {fields.intern(value.field), form};
    atom.match = value.match;
    return atom;
  }
  Result<Atom> operator()(const TimePart& value) const {
    Atom atom = plain(AtomOp::kTimePart);
    atom.time = value;
    return atom;
  }
};

Result<Atom> keyword_atom(const Value& value) {
  Result<Value> contained = keyword_value(value);
  if (!contained) return Failure(contained.error());
  if (const auto* regex = std::get_if<Regex>(&*contained)) return make_regex_atom(*regex, kEachString);
  Result<Atom> atom = string_atom(std::get<StringPattern>(*contained), kEachString);
  if (!atom || atom->op != AtomOp::kContains) return atom;
  if (atom->literal.find('\0') == std::string::npos) {
    atom->subject.source = kAllStrings;  // it can't reach over the zero byte between two of them
    return atom;
  }
  return Atom{.op = AtomOp::kPattern,
              .subject = atom->subject,
              .literal = literal_expression(atom->literal),
              .flags = HS_FLAG_SINGLEMATCH};
}

bool equals_number(const JsonNode& value, double wanted) {
  if (value.type == Type::kNumber) return value.number == wanted;
  return value.type == Type::kString && json_number(value.text) == wanted;
}

bool refers(const Atom& atom, JsonNode& value, ForeignEvent& event) {
  bool holds = false;
  event.each_value(atom.other.source, [&](JsonNode& other) {
    if (holds || !ForeignEvent::has_text(value) || !ForeignEvent::has_text(other)) return;
    const bool numbers = value.type == Type::kNumber && other.type == Type::kNumber;
    holds = numbers && atom.match == FieldMatch::kWhole
                ? value.number == other.number
                : holds_string(atom, event.text_of(value, atom.subject.form), event.text_of(other, atom.other.form));
  });
  return holds;
}

bool holds_on(const Atom& atom, JsonNode& value, ForeignEvent& event) {
  switch (atom.op) {
    case AtomOp::kEqualsNumber:
      return equals_number(value, atom.number);
    case AtomOp::kCompare:
      return value.type == Type::kNumber && holds_number(atom, value.number);
    case AtomOp::kAbsent:
      return value.type == Type::kNull;
    case AtomOp::kTimePart: {
      const std::optional<Instant> at = time_of(value);
      return at && holds_time(atom.time, *at);
    }
    case AtomOp::kFieldRef:
      return refers(atom, value, event);
    default:
      return ForeignEvent::has_text(value) && holds_string(atom, event.text_of(value, atom.subject.form), {});
  }
}

}  // namespace

Result<std::vector<Atom>> make_foreign_atoms(const Item& item, FieldTable& fields) {
  Result<Atom> atom = item.field.empty() ? keyword_atom(item.value)
                                         : std::visit(ForeignAtomMaker{fields.intern(item.field), fields}, item.value);
  if (!atom) return Failure(atom.error());
  std::vector<Atom> atoms;
  atoms.push_back(std::move(*atom));
  return atoms;
}

bool atom_holds(const Atom& atom, ForeignEvent& event) {
  const Source source = atom.subject.source;
  bool holds = false;
  if (source == kAllStrings) return holds_string(atom, event.all_strings(atom.subject.form), {});
  if (source == kEachString) {
    event.each_string(atom.subject.form, [&](std::string_view text) { holds = holds || holds_string(atom, text, {}); });
    return holds;
  }
  if (atom.op == AtomOp::kExists) return event.is_there(source);
  if (atom.op == AtomOp::kNotThere) return !event.is_there(source);
  event.each_value(source, [&](JsonNode& value) { holds = holds || holds_on(atom, value, event); });
  return holds || (atom.op == AtomOp::kAbsent && !event.is_there(source));
}

}  // namespace quanzu::rules
