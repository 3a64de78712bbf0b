#include "rules/lang/modifiers.h"

#include <algorithm>

#include "engine/names.h"

namespace quanzu::rules {

namespace {

constexpr Names<33> kNames = {
    "all",    "neq",          "contains", "startswith", "endswith", "cased",  "phonetic", "expand", "windash",
    "base64", "base64offset", "wide",     "utf16le",    "utf16be",  "utf16",  "re",       "i",      "m",
    "s",      "cidr",         "exists",   "lt",         "lte",      "gt",     "gte",      "minute", "hour",
    "day",    "week",         "month",    "year",       "fieldref", "in_list"};

constexpr uint64_t bit(Modifier modifier) {
  return uint64_t{1} << static_cast<unsigned>(modifier);
}
template <class... Modifiers>
constexpr uint64_t bits(Modifiers... modifiers) {
  return (bit(modifiers) | ...);
}

constexpr uint64_t kPlaces = bits(Modifier::kContains, Modifier::kStartsWith, Modifier::kEndsWith);
constexpr uint64_t kUtf16s = bits(Modifier::kWide, Modifier::kUtf16Le, Modifier::kUtf16Be, Modifier::kUtf16);
constexpr uint64_t kBase64s = bits(Modifier::kBase64, Modifier::kBase64Offset);
constexpr uint64_t kCompares = bits(Modifier::kLt, Modifier::kLte, Modifier::kGt, Modifier::kGte);
constexpr uint64_t kTimes =
    bits(Modifier::kMinute, Modifier::kHour, Modifier::kDay, Modifier::kWeek, Modifier::kMonth, Modifier::kYear);
constexpr uint64_t kFlags = bits(Modifier::kI, Modifier::kM, Modifier::kS);
constexpr uint64_t kLinks = bits(Modifier::kAll, Modifier::kNeq);
constexpr uint64_t kTexts =
    kPlaces | kUtf16s | kBase64s | bits(Modifier::kCased, Modifier::kPhonetic, Modifier::kExpand, Modifier::kWindash);

struct FamilyRule {
  Family family;
  uint64_t sign;     // any of them makes the family
  uint64_t allowed;  // beside the sign
};
// In the order in which they are tried.
constexpr std::array<FamilyRule, 8> kFamilies = {{
    {Family::kRegex, bit(Modifier::kRe), kFlags | kLinks | bit(Modifier::kExpand)},
    {Family::kCidr, bit(Modifier::kCidr), kLinks | bit(Modifier::kExpand)},
    {Family::kExists, bit(Modifier::kExists), bit(Modifier::kNeq)},
    {Family::kTime, kTimes, kCompares | kLinks},
    {Family::kCompare, kCompares, kLinks},
    {Family::kFieldRef, bit(Modifier::kFieldRef), kPlaces | kLinks | bit(Modifier::kCased)},
    {Family::kInList, bit(Modifier::kInList), kLinks | bit(Modifier::kCased)},
    {Family::kPlain, ~uint64_t{0}, kTexts | kLinks},
}};

std::vector<std::string_view> names_of(uint64_t set) {
  std::vector<std::string_view> names;
  for (size_t i = 0; i < kNames.size(); ++i) {
    if ((set >> i) & 1U) names.push_back(kNames[i]);
  }
  return names;
}

uint64_t set_of(const std::vector<Modifier>& modifiers) {
  uint64_t set = 0;
  for (Modifier modifier : modifiers) set |= bit(modifier);
  return set;
}

const FamilyRule& family_rule(uint64_t set) {
  for (const FamilyRule& rule : kFamilies) {
    if ((set & rule.sign) != 0) return rule;
  }
  return kFamilies.back();
}

struct Written {
  Modifier modifier;
  std::string_view text;
  Mark mark;
};

std::string unknown_reason(std::string_view word) {
  if (word == "not" || word == "ne") return "unknown modifier";
  if (word == "near" || word == "count") return "unknown modifier; counting over time is a correlation's work";
  return "unknown modifier";
}

std::string meant(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kOtherNames = {{{"not", "neq"},
                                                                                          {"ne", "neq"},
                                                                                          {"regex", "re"},
                                                                                          {"regexp", "re"},
                                                                                          {"ignorecase", "i"},
                                                                                          {"multiline", "m"},
                                                                                          {"dotall", "s"},
                                                                                          {"prefix", "startswith"},
                                                                                          {"suffix", "endswith"},
                                                                                          {"ip", "cidr"}}};
  for (const auto& [other, ours] : kOtherNames) {
    if (word == other) return std::string(ours);
  }
  return nearest(word, {kNames.begin(), kNames.end()});
}

// Each of the rules about a whole chain. All say where.
class ChainJudge {
 public:
  ChainJudge(const std::vector<Written>& written, Problems& problems) : written_(written), problems_(problems) {
    for (const Written& one : written) set_ |= bit(one.modifier);
  }

  void judge() {
    const FamilyRule& family = family_rule(set_);
    uint64_t seen = 0;
    for (size_t i = 0; i < written_.size(); ++i) {
      const Written& one = written_[i];
      judge_company(family, one);
      if ((seen & bit(one.modifier)) != 0 && (bit(one.modifier) & (kBase64s | kUtf16s)) == 0) {
        problems_.error(one.mark, one.text, "this modifier stands twice in its chain");
      }
      const bool first = one.modifier == Modifier::kRe || one.modifier == Modifier::kCidr;
      if (first && i != 0) {
        problems_.error(one.mark, one.text, "this modifier is the first of its chain",
                        "|" + std::string(one.text) + "|...");
      }
      if ((bit(one.modifier) & kUtf16s) != 0) {
        const bool encoded = i + 1 < written_.size() && (bit(written_[i + 1].modifier) & kBase64s) != 0;
        if (!encoded) {
          problems_.error(one.mark, one.text, "no text holds bytes of UTF-16: base64 or base64offset must follow",
                          std::string(one.text) + "|base64offset|contains");
        }
      }
      if ((bit(one.modifier) & kTimes) != 0 && (seen & kCompares) != 0) {
        problems_.error(one.mark, one.text, "the part of the time comes first, then the comparison",
                        std::string(one.text) + "|" + std::string(names_of(seen & kCompares).front()));
      }
      seen |= bit(one.modifier);
    }
    judge_only_one(kPlaces, "contains already looks everywhere; of contains, startswith and endswith one is enough");
    judge_only_one(kCompares, "one comparison a chain; two bounds are two items");
    judge_only_one(kTimes, "one part of a time a chain");
    judge_only_one(bits(Modifier::kCased, Modifier::kPhonetic), "what sounds alike has no case");
  }

 private:
  void judge_company(const FamilyRule& family, const Written& one) {
    if ((bit(one.modifier) & (family.allowed | (family.family == Family::kPlain ? 0 : family.sign))) != 0) return;
    if (family.family == Family::kPlain) {  // i, m, s
      problems_.error(one.mark, one.text, "this is a part of a regular expression", "re|" + std::string(one.text));
      return;
    }
    problems_.error(one.mark, one.text,
                    "does not go with " + one_of(names_of(set_ & family.sign)) + ", which takes only " +
                        one_of(names_of(family.allowed)));
  }

  void judge_only_one(uint64_t set, std::string_view reason) {
    size_t count = 0;
    for (const Written& one : written_) {
      if ((bit(one.modifier) & set) != 0 && ++count == 2) problems_.error(one.mark, one.text, std::string(reason));
    }
  }

  const std::vector<Written>& written_;
  Problems& problems_;
  uint64_t set_ = 0;
};

}  // namespace

bool Chain::has(Modifier modifier) const {
  return std::find(modifiers.begin(), modifiers.end(), modifier) != modifiers.end();
}

bool Chain::transforms_text() const {
  return (set_of(modifiers) & kTexts) != 0;
}

std::optional<Chain> parse_chain(const YamlNode& key, Problems& problems) {
  const size_t errors_before = problems.errors();
  const std::string_view text = key.text;
  Chain chain;
  chain.mark = key.mark;
  chain.field = text.substr(0, text.find('|'));
  std::vector<Written> written;
  for (size_t bar = text.find('|'); bar != std::string_view::npos;) {
    const size_t next = text.find('|', bar + 1);
    const std::string_view word = text.substr(bar + 1, next == std::string_view::npos ? next : next - bar - 1);
    const Mark mark = key.place_of(bar + 1);
    if (const std::optional<Modifier> modifier = find_in<Modifier>(kNames, word)) {
      written.push_back({*modifier, word, mark});
    } else {
      problems.error(mark, word, word.empty() ? "a modifier is missing after the bar" : unknown_reason(word),
                     meant(word));
    }
    bar = next;
  }
  if (chain.field.empty() && written.empty() && problems.errors() == errors_before) {
    problems.error(key.mark, text, "a field's name is missing");
  }
  if (problems.errors() == errors_before) ChainJudge(written, problems).judge();
  if (problems.errors() != errors_before) return std::nullopt;
  for (const Written& one : written) chain.modifiers.push_back(one.modifier);
  chain.family = family_rule(set_of(chain.modifiers)).family;
  return chain;
}

}  // namespace quanzu::rules
