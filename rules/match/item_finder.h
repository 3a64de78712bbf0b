// One item of a rule (field, modifiers, value) against one signal, with the places that it matched in what the signal
// holds: the matcher's own atoms, but with start offsets and a way back through the normaliser. For explanations of what
// matched already: a thousand times slower than a Scanner, and it allocates. One thread at a time.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "rules/match/atoms.h"
#include "rules/match/database.h"

namespace quanzu::rules {

// Bytes [begin, end) of a string field as the signal brought it (Subject's raw_string).
struct Place {
  Source source = Source::kText;
  uint32_t begin = 0;
  uint32_t end = 0;
  friend auto operator<=>(const Place&, const Place&) = default;
};

class ItemFinder {
 public:
  // `kinds`: the signals that the rule takes. Errors: those of make_atoms, and an expression that Hyperscan refuses.
  static Result<ItemFinder> make(const Item& item, uint8_t kinds);

  bool holds(const Signal& signal) { return any(signal, nullptr); }
  // The same; appends where it matched, if it is about words.
  bool find(const Signal& signal, std::vector<Place>& places) { return any(signal, &places); }
  // What the model says that it asks, in words ("0.412"); empty where it asks none or the signal has nothing to judge.
  std::string probability(const Signal& signal) const;
  // Whether it looks at the text, in either form.
  bool sees_text() const;

 private:
  struct Finder {
    Atom atom;
    Database expression;   // of kPattern
    bool located = false;  // the expression tells where its matches begin
  };
  struct Value {  // of a subject, in its form
    std::string text;
    std::vector<uint32_t> origins;  // by byte, and one for the end: the offset in the raw value; only if asked for
  };
  static Result<Finder> finder_of(Atom atom);
  static Value value_of(Subject subject, const Signal& signal, bool with_origins);
  bool any(const Signal& signal, std::vector<Place>* places);
  bool find(const Finder& finder, const Signal& signal, std::vector<Place>* places);
  static bool ask_model(const Atom& atom, const Signal& signal, std::vector<Place>* places);

  std::vector<Finder> finders_;  // any of them; several where the item is a keyword
  std::unique_ptr<Scratch> scratch_ = std::make_unique<Scratch>();
};

}  // namespace quanzu::rules
