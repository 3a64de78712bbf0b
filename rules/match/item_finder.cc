#include "rules/match/item_finder.h"

#include <hs/hs.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>

#include "rules/text/heard.h"
#include "rules/text/normalize.h"
#include "rules/text/pinyin.h"
#include "rules/text/separators.h"
#include "rules/text/tables.h"
#include "rules/text/utf8.h"

namespace quanzu::rules {

namespace {

// Folding goes code point by code point, so its origins are found by going along both.
std::vector<uint32_t> origins_of_folded(std::string_view raw, std::string_view folded) {
  std::vector<uint32_t> origins;
  const char* from = raw.data();
  for (const char* at = folded.data(); at < folded.data() + folded.size();) {
    const uint32_t size = decode_utf8(at, folded.data() + folded.size()).size;
    origins.insert(origins.end(), size, static_cast<uint32_t>(from - raw.data()));
    from += decode_utf8(from, raw.data() + raw.size()).size;
    at += size;
  }
  origins.push_back(static_cast<uint32_t>(raw.size()));
  return origins;
}

bool is_visible(char32_t code_point) {
  if ((tables::properties_of(code_point) & tables::kIsSpace) != 0 || is_separator(code_point)) return false;
  const tables::Mapping mapping = tables::mapping_of(code_point);
  return mapping.type != tables::Mapping::Type::kMany || !mapping.many.empty();
}

// Where in the raw value the bytes before `end` of the formed one stop: with all code points that became them, without
// what was dropped behind them.
uint32_t raw_end(std::string_view raw, const std::vector<uint32_t>& origins, size_t end) {
  const uint32_t last = origins[end - 1];
  const uint32_t next = *std::upper_bound(origins.begin() + static_cast<ptrdiff_t>(end), origins.end() - 1, last);
  uint32_t stop = last;
  for (uint32_t at = last; at < next;) {
    const Decoded decoded = decode_utf8(raw.data() + at, raw.data() + next);
    at += decoded.size;
    if (stop == last || is_visible(decoded.code_point)) stop = at;
  }
  return stop;
}

template <class OnPlace>
void each_occurrence(std::string_view value, std::string_view literal, OnPlace&& on_place) {
  if (literal.empty()) return;
  for (size_t at = value.find(literal); at != std::string_view::npos; at = value.find(literal, at + literal.size())) {
    on_place(at, at + literal.size());
  }
}

}  // namespace

Result<ItemFinder> ItemFinder::make(const Item& item, uint8_t kinds) {
  Result<std::vector<Atom>> atoms = make_atoms(item, kinds);
  if (!atoms) return Failure(atoms.error());
  ItemFinder out;
  for (Atom& atom : *atoms) {
    Result<Finder> finder = finder_of(std::move(atom));
    if (!finder) return Failure(finder.error());
    finder->expression.grow(*out.scratch_);
    out.finders_.push_back(std::move(*finder));
  }
  return out;
}

Result<ItemFinder::Finder> ItemFinder::finder_of(Atom atom) {
  Finder out{.atom = std::move(atom), .expression = {}};
  if (out.atom.op != AtomOp::kPattern) return out;
  // Start offsets cost states: an expression that has too many of them for that is matched without.
  const unsigned located = (out.atom.flags & ~unsigned{HS_FLAG_SINGLEMATCH}) | HS_FLAG_SOM_LEFTMOST;
  auto database = Database::compile({{out.atom.literal, located, 0}});
  out.located = database.has_value();
  if (!database) database = Database::compile({{out.atom.literal, out.atom.flags, 0}});
  if (!database) {
    return fail(Code::kInvalidArgument, "Hyperscan refuses '" + out.atom.literal + "': " + database.error().why);
  }
  out.expression = std::move(*database);
  return out;
}

ItemFinder::Value ItemFinder::value_of(Subject subject, const Signal& signal, bool with_origins) {
  if (subject.form == Form::kSound || subject.form == Form::kHeard) {  // its offsets are those of what it is made of
    Value value = value_of({subject.source, caseless_form(subject.source)}, signal, with_origins);
    std::string other;
    (subject.form == Form::kSound ? to_sounds : to_heard)(value.text, other);
    value.text = std::move(other);
    return value;
  }
  const std::string_view raw = raw_string(subject.source, signal);
  Value value;
  if (subject.source == Source::kText) {
    Normalizer normalizer;
    value.text = with_origins ? normalizer.normalize(raw, value.origins) : normalizer.normalize(raw);
    return value;
  }
  if (subject.form == Form::kFolded) {
    fold_case(raw, value.text);
  } else {
    repair_utf8(raw, value.text);
  }
  if (with_origins) value.origins = origins_of_folded(raw, value.text);
  return value;
}

bool ItemFinder::find(const Finder& finder, const Signal& signal, std::vector<Place>* places) {
  const Atom& atom = finder.atom;
  if (atom.op == AtomOp::kModel) return ask_model(atom, signal, places);
  if (!atom.is_string()) {
    return atom_holds(atom, signal, [&signal](Subject subject) { return value_of(subject, signal, false).text; });
  }
  if (!is_present(atom.subject.source, signal)) return false;
  const std::string_view raw = raw_string(atom.subject.source, signal);
  const Value value = value_of(atom.subject, signal, places != nullptr);
  const auto add = [&](size_t begin, size_t end) {
    if (places == nullptr || begin >= end) return;
    places->push_back({atom.subject.source, value.origins[begin], raw_end(raw, value.origins, end)});
  };
  if (atom.op == AtomOp::kPattern) {
    bool found = false;
    finder.expression.scan(value.text, *scratch_, [&](uint32_t, size_t begin, size_t end) {
      found = true;
      if (finder.located) add(begin, end);
    });
    if (!found || finder.located) return found;
    for (const std::string& literal : atom.required) each_occurrence(value.text, literal, add);
    return true;
  }
  if (!holds_string(atom, value.text, {})) return false;
  const size_t size = atom.literal.size();
  if (atom.op == AtomOp::kContains) each_occurrence(value.text, atom.literal, add);
  if (atom.op == AtomOp::kStartsWith || atom.op == AtomOp::kEquals) add(0, size);
  if (atom.op == AtomOp::kEndsWith) add(value.text.size() - size, value.text.size());
  return true;
}

// Of a model that found something the n-grams that spoke most for it; of one that is asked whether it found nothing, none.
bool ItemFinder::ask_model(const Atom& atom, const Signal& signal, std::vector<Place>* places) {
  if (!is_present(atom.subject.source, signal)) return false;
  const Value value = value_of(atom.subject, signal, places != nullptr);
  ModelScores scores;
  if (!holds_model(atom, value.text, 1, scores)) return false;
  if (places == nullptr || atom.compare == Compare::kLess || atom.compare == Compare::kLessEqual) return true;
  constexpr size_t kMost = 8;
  std::map<int64_t, std::vector<std::pair<size_t, size_t>>, std::greater<>> found;  // by weight
  atom.model->each_gram_of(value.text, [&](uint32_t gram, std::string_view where) {
    const int64_t weight = atom.model->weight_of(gram, atom.output);
    const auto begin = static_cast<size_t>(where.data() - value.text.data());
    if (weight > 0) found[weight].emplace_back(begin, begin + where.size());
  });
  const std::string_view raw = raw_string(atom.subject.source, signal);
  size_t grams = 0;
  for (const auto& [weight, where] : found) {
    if (grams++ == kMost) break;
    for (const auto& [begin, end] : where) {
      places->push_back({atom.subject.source, value.origins[begin], raw_end(raw, value.origins, end)});
    }
  }
  return true;
}

std::string ItemFinder::probability(const Signal& signal) const {
  const Atom& atom = finders_.front().atom;
  if (atom.op != AtomOp::kModel || !is_present(atom.subject.source, signal)) return {};
  ModelScores scores;
  const std::string text = value_of(atom.subject, signal, false).text;
  char out[16];
  std::snprintf(out, sizeof out, "%.3f",
                atom.model->probability(atom.output, scores.score(*atom.model, text)[atom.output]));
  return out;
}

bool ItemFinder::any(const Signal& signal, std::vector<Place>* places) {
  bool holds = false;
  for (const Finder& finder : finders_) holds = find(finder, signal, places) || holds;
  return holds;
}

bool ItemFinder::sees_text() const {
  return std::any_of(finders_.begin(), finders_.end(), [](const Finder& finder) {
    return finder.atom.subject.source == Source::kText || finder.atom.subject.source == Source::kTextRaw;
  });
}

}  // namespace quanzu::rules
