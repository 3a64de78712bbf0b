#include "rules/match/atoms.h"

#include <arpa/inet.h>
#include <hs/hs.h>

#include <cmath>
#include <cstring>

#include "rules/lang/model_field.h"
#include "rules/match/regex.h"
#include "rules/match/regex_literals.h"
#include "rules/text/heard.h"
#include "rules/text/normalize.h"
#include "rules/text/pinyin.h"
#include "rules/text/utf8.h"

namespace quanzu::rules {

namespace {

Failure refused(std::string message) {
  return fail(Code::kInvalidArgument, std::move(message));
}

std::string quoted(std::string_view text) {
  return "'" + std::string(text) + "'";
}

std::string in_form(std::string_view text, Subject subject) {
  if (subject.form == Form::kSound) {
    std::string out;
    to_sounds(in_form(text, {subject.source, caseless_form(subject.source)}), out);
    return out;
  }
  if (subject.source == Source::kText) {
    Normalizer normalizer;
    std::string out(normalizer.normalize(text));
    if (subject.form == Form::kHeard) to_heard(std::string(out), out);
    return out;
  }
  std::string out;
  if (subject.form == Form::kFolded) {
    fold_case(text, out);
  } else {
    out = text;
  }
  return out;
}

Subject string_subject(Source source, bool cased, bool heard) {
  if (heard && source == Source::kText) return {source, Form::kHeard};
  return {source, cased ? Form::kExact : caseless_form(source)};
}

void append_expression(std::string_view literal, std::string& out) {
  for (char c : literal) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte == 0) {
      out += "\\x00";  // Hyperscan takes expressions as C strings
      continue;
    }
    if (byte < 0x80 && !std::isalnum(byte)) out.push_back('\\');
    out.push_back(c);
  }
}

bool is_run(const StringPart& part) {
  const auto* wildcard = std::get_if<Wildcard>(&part);
  return wildcard != nullptr && *wildcard == Wildcard::kAnyRun;
}

// The parts with literals in the subject's form. Errors: see make_atoms.
Result<std::vector<StringPart>> parts_in_form(const StringPattern& pattern, Subject subject) {
  std::vector<StringPart> parts;
  for (const StringPart& part : pattern.parts) {
    if (const auto* placeholder = std::get_if<Placeholder>(&part)) {
      return refused("the placeholder %" + placeholder->name + "% is not resolved");
    }
    const auto* literal = std::get_if<std::string>(&part);
    if (literal == nullptr) {
      if (parts.empty() || !is_run(part) || !is_run(parts.back())) parts.push_back(part);
      continue;
    }
    if (find_invalid_utf8(*literal) != std::string_view::npos) return refused("the value is not valid UTF-8");
    std::string formed = in_form(*literal, subject);
    if (formed.empty() && !literal->empty()) {
      return refused("normalised text never contains " + quoted(*literal) + ": it is all invisible; use text.raw");
    }
    if (pattern.cased && subject.source == Source::kText && formed != *literal) {
      return refused("no normalised text contains " + quoted(*literal) + " in this case: write " + quoted(formed) +
                     ", or use text.raw");
    }
    if (!formed.empty()) parts.emplace_back(std::move(formed));
  }
  return parts;
}

Atom expression_of(const std::vector<StringPart>& parts, Subject subject) {
  Atom atom{.op = AtomOp::kPattern, .subject = subject};
  atom.flags = HS_FLAG_DOTALL | HS_FLAG_SINGLEMATCH;
  if (!is_run(parts.front())) atom.literal = "^";
  for (size_t i = 0; i < parts.size(); ++i) {
    if (const auto* literal = std::get_if<std::string>(&parts[i])) {
      append_expression(*literal, atom.literal);
      if (atom.required.empty() || expected_hits(*literal) < expected_hits(atom.required)) atom.required = {*literal};
    } else if (!is_run(parts[i])) {
      atom.literal += ".";  // one code point
      atom.flags |= HS_FLAG_UTF8;
    } else if (i != 0 && i + 1 != parts.size()) {
      atom.literal += ".*";
    }
  }
  if (!is_run(parts.back())) atom.literal += "\\z";
  return atom;
}

Atom pattern_atom(const std::vector<StringPart>& parts, Subject subject) {
  const bool open_left = !parts.empty() && is_run(parts.front());
  const bool open_right = !parts.empty() && is_run(parts.back());
  const size_t inner = parts.size() - open_left - (open_right && parts.size() > 1);
  const size_t first = open_left;
  Atom atom{.op = AtomOp::kEquals, .subject = subject};
  if (parts.empty()) return atom;  // ''
  if (inner == 0) {                // '*': any value
    atom.op = AtomOp::kExists;
    atom.subject.form = Form::kExact;
    return atom;
  }
  const auto* literal = std::get_if<std::string>(&parts[first]);
  if (inner != 1 || literal == nullptr) return expression_of(parts, subject);
  atom.literal = *literal;
  if (open_left && open_right) {
    atom.op = AtomOp::kContains;
  } else if (open_right) {
    atom.op = AtomOp::kStartsWith;
  } else if (open_left) {
    atom.op = AtomOp::kEndsWith;
  }
  return atom;
}

Result<Atom> field_ref_atom(const FieldRef& reference, Source source) {
  const std::optional<Source> other = find_source(reference.field);
  if (!other) return refused("unknown field " + quoted(reference.field));
  const bool strings = source_type(source) == FieldType::kString;
  if (strings != (source_type(*other) == FieldType::kString)) {
    return refused(quoted(reference.field) + " is of another type");
  }
  if (!strings && reference.match != FieldMatch::kWhole) return refused("numbers are compared whole");
  Atom atom{.op = AtomOp::kFieldRef, .subject = {source, Form::kExact}};
  atom.other = {*other, Form::kExact};
  if (strings && !reference.cased) {
    atom.subject = {source, caseless_form(source)};
    atom.other = {*other, caseless_form(*other)};
  }
  atom.match = reference.match;
  return atom;
}

// What a value becomes on one field; the visitor of make_atoms.
struct AtomMaker {
  Source source;

  bool is(FieldType type) const { return source_type(source) == type; }
  bool is_text() const { return is(FieldType::kString); }
  Failure no_fit(std::string_view what) const {
    constexpr std::array<std::string_view, 4> kTypes = {"a string", "a number", "a boolean", "a time"};
    return refused(quoted(source_name(source)) + " is " +
                   std::string(kTypes[static_cast<size_t>(source_type(source))]) + ", which " + std::string(what) +
                   " does not fit");
  }
  Atom plain(AtomOp op) const { return Atom{.op = op, .subject = {source, Form::kExact}}; }

  Result<Atom> operator()(const StringPattern& pattern) const {
    if (!is_text()) return no_fit("a string");
    return make_string_atom(pattern, source);
  }
  Result<Atom> operator()(const Regex& regex) const {
    if (!is_text()) return no_fit("a regular expression");
    return make_regex_atom(regex, source);
  }
  Result<Atom> operator()(const NumberValue& value) const {
    if (is_text()) return (*this)(StringPattern{.parts = {value.text}});
    if (is(FieldType::kBoolean)) return no_fit("a number");
    Atom atom = plain(AtomOp::kEqualsNumber);
    atom.number = value.value;
    return atom;
  }
  Result<Atom> operator()(bool value) const {
    if (is_text()) return (*this)(StringPattern{.parts = {std::string(value ? "true" : "false")}});
    if (!is(FieldType::kBoolean)) return no_fit("a boolean");
    Atom atom = plain(AtomOp::kEqualsNumber);
    atom.number = value ? 1 : 0;
    return atom;
  }
  Result<Atom> operator()(const Null&) const { return plain(AtomOp::kAbsent); }
  Result<Atom> operator()(const CompareValue& value) const {
    if (is_text() || is(FieldType::kBoolean)) return no_fit("a comparison");
    Atom atom = plain(AtomOp::kCompare);
    atom.compare = value.compare;
    atom.number = value.value;
    return atom;
  }
  Result<Atom> operator()(const Exists& value) const { return plain(value.wanted ? AtomOp::kExists : AtomOp::kAbsent); }
  Result<Atom> operator()(const Cidr& value) const {
    if (!is_text()) return no_fit("a network");
    Atom atom = plain(AtomOp::kCidr);
    atom.cidr = value;
    return atom;
  }
  Result<Atom> operator()(const FieldRef& value) const { return field_ref_atom(value, source); }
  Result<Atom> operator()(const TimePart& value) const {
    if (!is(FieldType::kTime)) return no_fit("a part of a time");
    Atom atom = plain(AtomOp::kTimePart);
    atom.time = value;
    return atom;
  }
};

// The comparison with a probability as one with a score, which is a whole number.
Result<Atom> make_model_atom(const Item& item) {
  const std::optional<size_t> output = output_named(item.field, *item.model);
  const auto* value = std::get_if<CompareValue>(&item.value);
  if (!output || value == nullptr) return refused(quoted(item.field) + " is a probability, to be compared");
  Atom atom{.op = AtomOp::kModel, .subject = item.model->subject()};
  atom.compare = value->compare;
  const double score = item.model->score_at(*output, value->value);
  const bool rounds_up = value->compare == Compare::kGreaterEqual || value->compare == Compare::kLess;
  atom.number = rounds_up ? std::ceil(score) : std::floor(score);
  atom.model = item.model;
  atom.output = static_cast<uint32_t>(*output);
  return atom;
}

bool in_network(const Cidr& network, std::string_view value) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (value.size() >= text.size()) return false;
  std::memcpy(text.data(), value.data(), value.size());
  std::array<uint8_t, 16> address{};
  if (inet_pton(network.v6 ? AF_INET6 : AF_INET, text.data(), address.data()) != 1) return false;
  for (int bit = 0; bit < network.prefix; bit += 8) {
    const int left = std::min(8, network.prefix - bit);
    const auto mask = static_cast<uint8_t>(0xFF00U >> left);
    const auto i = static_cast<size_t>(bit / 8);
    if ((address[i] & mask) != (network.address[i] & mask)) return false;
  }
  return true;
}

bool fits(FieldMatch match, std::string_view value, std::string_view other) {
  switch (match) {
    case FieldMatch::kWhole:
      return value == other;
    case FieldMatch::kStartsWith:
      return value.starts_with(other);
    case FieldMatch::kEndsWith:
      return value.ends_with(other);
    case FieldMatch::kContains:
      return value.find(other) != std::string_view::npos;
  }
  return false;
}

// (?i) in front says the same as the modifier i, but hides the literals behind it from who looks for them.
Regex with_leading_flags(Regex regex) {
  constexpr std::string_view kIgnoreCase = "(?i)";
  if (!regex.pattern.starts_with(kIgnoreCase)) return regex;
  regex.pattern.erase(0, kIgnoreCase.size());
  regex.ignore_case = true;
  return regex;
}

}  // namespace

Result<Atom> make_string_atom(const StringPattern& pattern, Source source) {
  const Subject subject =
      pattern.phonetic ? Subject{source, Form::kSound} : string_subject(source, pattern.cased, pattern.heard);
  Result<std::vector<StringPart>> parts = parts_in_form(pattern, subject);
  if (!parts) return Failure(parts.error());
  return pattern_atom(*parts, subject);
}

Result<Atom> make_regex_atom(const Regex& written, Source source) {
  const Regex regex = with_leading_flags(written);
  const Subject subject = string_subject(source, !regex.ignore_case, regex.heard);
  if (find_invalid_utf8(regex.pattern) != std::string_view::npos) return refused("the value is not valid UTF-8");
  if (regex.pattern.find('\0') != std::string::npos) return refused("write the zero byte as \\x00");
  const LiteralForm form = [subject](std::string_view code_point) { return in_form(code_point, subject); };
  Atom atom{.op = AtomOp::kPattern, .subject = subject, .literal = regex.pattern};
  if (regex.ignore_case) {
    // Never CASELESS with UTF8: the subject is folded, so the literals are too.
    atom.literal = fold_regex(regex.pattern, form);
  } else if (source == Source::kText) {
    const std::string_view never = impossible_literal(regex.pattern, form);
    if (!never.empty()) {
      return refused("no normalised text contains " + quoted(never) + ": write " + quoted(form(never)) +
                     ", add the modifier i, or use text.raw");
    }
  }
  atom.flags = HS_FLAG_SINGLEMATCH | HS_FLAG_UTF8 | HS_FLAG_ALLOWEMPTY;
  if (regex.multi_line) atom.flags |= HS_FLAG_MULTILINE;
  if (regex.dot_all) atom.flags |= HS_FLAG_DOTALL;
  atom.required = required_literals(atom.literal);
  return atom;
}

Result<Value> keyword_value(const Value& value) {
  StringPattern pattern;
  if (const auto* number = std::get_if<NumberValue>(&value)) {
    pattern.parts = {number->text};
  } else if (const auto* string = std::get_if<StringPattern>(&value)) {
    pattern = *string;
  } else if (std::holds_alternative<Regex>(value)) {
    return value;
  } else {
    return refused("a keyword is a string, a number or a regular expression");
  }
  pattern.parts.insert(pattern.parts.begin(), Wildcard::kAnyRun);
  pattern.parts.emplace_back(Wildcard::kAnyRun);
  return pattern;
}

Result<std::vector<Atom>> make_atoms(const Item& item, uint8_t kinds) {
  std::vector<Atom> atoms;
  if (item.model != nullptr) {
    Result<Atom> atom = make_model_atom(item);
    if (!atom) return Failure(atom.error());
    atoms.push_back(std::move(*atom));
    return atoms;
  }
  if (!item.field.empty()) {
    const std::optional<Source> source = find_source(item.field);
    if (!source) return refused("unknown field " + quoted(item.field));
    Result<Atom> atom = std::visit(AtomMaker{*source}, item.value);
    if (!atom) return Failure(atom.error());
    atoms.push_back(std::move(*atom));
    return atoms;
  }
  Result<Value> value = keyword_value(item.value);
  if (!value) return Failure(value.error());
  for (size_t i = 0; i < kStringFieldCount; ++i) {
    const auto source = static_cast<Source>(i);
    if ((source_kinds(source) & kinds) == 0) continue;
    Result<Atom> atom = std::visit(AtomMaker{source}, *value);
    if (!atom) return Failure(atom.error());
    atoms.push_back(std::move(*atom));
  }
  return atoms;
}

AtomId AtomTable::intern(Atom atom) {
  std::string key;
  const auto add = [&key](const auto& value) { key.append(reinterpret_cast<const char*>(&value), sizeof value); };
  add(atom.op);
  add(atom.subject.source);
  add(atom.subject.form);
  add(atom.flags);
  add(atom.number);
  add(atom.compare);
  add(atom.cidr.address);
  add(atom.cidr.prefix);
  add(atom.cidr.v6);
  add(atom.other.source);
  add(atom.other.form);
  add(atom.match);
  add(atom.time.unit);
  add(atom.time.compare.has_value());
  add(atom.time.compare.value_or(Compare::kLess));
  add(atom.time.value);
  add(atom.time.zone);
  add(atom.model == nullptr ? uint64_t{0} : atom.model->id());
  add(atom.output);
  key += atom.literal;
  const auto [at, fresh] = ids_.emplace(std::move(key), static_cast<AtomId>(atoms_.size()));
  if (fresh) {
    atoms_.push_back(std::move(atom));
    uses_.push_back(0);
  }
  ++uses_[at->second];
  return at->second;
}

std::string literal_expression(std::string_view literal) {
  std::string out;
  append_expression(literal, out);
  return out;
}

bool holds_string(const Atom& atom, std::string_view value, std::string_view other) {
  switch (atom.op) {
    case AtomOp::kContains:
      return value.find(atom.literal) != std::string_view::npos;
    case AtomOp::kStartsWith:
      return value.starts_with(atom.literal);
    case AtomOp::kEndsWith:
      return value.ends_with(atom.literal);
    case AtomOp::kEquals:
      return value == atom.literal;
    case AtomOp::kCidr:
      return in_network(atom.cidr, value);
    case AtomOp::kFieldRef:
      return fits(atom.match, value, other);
    default:
      return false;
  }
}

bool holds_number(const Atom& atom, double value) {
  return atom.op == AtomOp::kEqualsNumber ? value == atom.number : compares(atom.compare, value, atom.number);
}

bool holds_model(const Atom& atom, std::string_view text, uint64_t number, ModelScores& scores) {
  const int64_t score = scores.score(*atom.model, text, number)[atom.output];
  return compares(atom.compare, static_cast<double>(score), atom.number);
}

}  // namespace quanzu::rules
