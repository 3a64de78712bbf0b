// What an atom looks at: a field of the signal in one of its forms. A rule's field name is resolved to a Source once, at
// compile time; a worker asks for the value of a Source, and the Scanner keeps the derived forms of one signal.
#pragma once
#include <optional>
#include <string_view>

#include "engine/signal.h"
#include "rules/lang/rule.h"

namespace quanzu::rules {

// A value below kFieldCount is that engine Field, as rules see it: `text` normalised, numbers in canonical form. From
// kSourceCount on they are the fields of foreign events, counted by their program: texts that are folded at most.
enum class Source : uint16_t {
  kResidentNumber = static_cast<uint8_t>(Field::kResidentNumber),
  kPeerNumber = static_cast<uint8_t>(Field::kPeerNumber),
  kText = static_cast<uint8_t>(Field::kText),
  kTextRaw = static_cast<uint8_t>(kFieldCount),  // "text.raw": as received
  kResidentNumberRaw,                            // "resident.number.raw"
  kPeerNumberRaw,                                // "peer.number.raw"
  kKind,                                         // "kind": the signal's kind in words
  kFeed,                                         // "feed": who brought the signal
  kAt,                                           // "at": when it happened
};
constexpr size_t kSourceCount = kFieldCount + 6;

constexpr bool is_foreign(Source source) {
  return static_cast<size_t>(source) >= kSourceCount;
}
// What keywords of foreign events look at: each string for itself, or, where it makes no difference, all in one piece.
constexpr auto kEachString = static_cast<Source>(kSourceCount);
constexpr auto kAllStrings = static_cast<Source>(kSourceCount + 1);
constexpr size_t kFirstForeignField = kSourceCount + 2;

enum class Form : uint8_t {
  kExact,   // the bytes, ill-formed UTF-8 repaired; of `text` the normalised form
  kFolded,  // simple case folding; of every source but `text`, whose normal form is folded already
  kSound,   // of the form without case, each ideograph by its sound
  kHeard,   // of `text`: the form without case, words that were written by sound put right
};
constexpr size_t kFormCount = 4;

struct Subject {
  Source source = Source::kTextRaw;
  Form form = Form::kExact;
  size_t index() const { return static_cast<size_t>(source) * kFormCount + static_cast<size_t>(form); }
  friend bool operator==(Subject, Subject) = default;
};
constexpr size_t kSubjectCount = kSourceCount * kFormCount;

// The form in which case does not count.
constexpr Form caseless_form(Source source) {
  return source == Source::kText ? Form::kExact : Form::kFolded;
}

constexpr Source source_of(Field field) {
  return static_cast<Source>(field);
}
std::optional<Source> find_source(std::string_view name);
std::string_view source_name(Source source);
// Whether a signal still has it when it is read from the journal. Windows see no other field.
constexpr bool is_journaled(Source source) {
  return source != Source::kFeed && source != Source::kAt;
}
FieldType source_type(Source source);
// Bit k: a signal of kind k may carry it.
uint8_t source_kinds(Source source);

// Bit k: a rule of this logsource takes signals of kind k; none where it was made for another product's events.
// Errors: a category that is no kind.
Result<uint8_t> kinds_of(const LogSource& source);

bool is_present(Source source, const Signal& signal);
// The value as the signal holds it, before any form; empty where absent. Of string sources.
std::string_view raw_string(Source source, const Signal& signal);
// Of numbers as they are, of booleans 0 or 1, of times the seconds since 1970.
double number_of(Source source, const Signal& signal);
// Of times.
Instant instant_of(Source source, const Signal& signal);

}  // namespace quanzu::rules
