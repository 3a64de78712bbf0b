// Writes rules/text/tables_data.inc to standard output: NFKC_CF, case folding and letters that look like Latin ones as ICU
// has them, traditional to simplified (ts_characters.tsv) and characters written as two (split_characters.tsv) from the
// files named on the command line. Run by hand when a source moves on:
//   cmake --build build/release --target quanzu_make_tables
//   cd rules/text; ../../build/release/rules/quanzu_make_tables gen/ts_characters.tsv gen/split_characters.tsv > tables_data.inc
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/uniset.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace {

constexpr char32_t kLimit = 0x110000;
constexpr char32_t kHanBegin = 0x4E00;
constexpr char32_t kHanEnd = 0xA000;
constexpr char32_t kBlock = 128;
// A stage 2 value in the surrogates and private use (never a target) indexes the mappings that do not fit 16
// bits.
constexpr uint32_t kSpecialBegin = 0xD800;
constexpr uint32_t kSpecialEnd = 0xF900;
// From here on a value of kHan is an index into kPart: a character of a pair that is one character, or what becomes it.
constexpr uint32_t kPartBegin = 0xF900;

[[noreturn]] void die(const std::string& message) {
  std::cerr << "make_tables: " << message << "\n";
  std::exit(1);
}

void check(UErrorCode status) {
  if (U_FAILURE(status)) die(u_errorName(status));
}

std::u32string to_u32(const icu::UnicodeString& text) {
  std::u32string out;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    out.push_back(static_cast<char32_t>(text.char32At(i)));
  }
  return out;
}

size_t utf8_size(char32_t c) {
  return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

std::map<char32_t, char32_t> read_simplified(const char* path) {
  std::map<char32_t, char32_t> out;
  std::ifstream file(path);
  if (!file) die(std::string("cannot read ") + path);
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::u32string all = to_u32(icu::UnicodeString::fromUTF8(line));
    if (all.size() != 3 || all[1] != U'\t') die("not two characters and a tab: " + line);
    out[all[0]] = all[2];
  }
  return out;
}

struct Split {
  char32_t character, telling;
};

// By the two parts.
std::map<std::u32string, Split> read_splits(const char* path) {
  std::map<std::u32string, Split> out;
  std::ifstream file(path);
  if (!file) die(std::string("cannot read ") + path);
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::u32string all = to_u32(icu::UnicodeString::fromUTF8(line));
    if (all.size() != 6 || all[2] != U'\t' || all[4] != U'\t')
      die("not two characters, one and one of the two: " + line);
    out[all.substr(0, 2)] = {all[3], all[5]};
  }
  return out;
}

struct Source {
  const icu::Normalizer2* nfc;
  const icu::Normalizer2* nfkc_cf;
  std::map<char32_t, char32_t> simplified;
  std::map<std::u32string, Split> splits;

  std::u32string fold(char32_t c) const {
    icu::UnicodeString text;
    UErrorCode status = U_ZERO_ERROR;
    nfkc_cf->normalize(icu::UnicodeString(static_cast<UChar32>(c)), text, status);
    check(status);
    return to_u32(text);
  }

  std::u32string map(char32_t c) const {
    std::u32string out = fold(c);
    for (char32_t& mapped : out) {
      // A few of OpenCC's simplified forms are keys themselves; the fixed point makes normalising idempotent.
      for (auto found = simplified.find(mapped); found != simplified.end(); found = simplified.find(mapped)) {
        mapped = found->second;
      }
    }
    return out;
  }
};

template <class T>
void print(const char* type, const char* name, const std::vector<T>& values) {
  std::printf("const std::array<%s, %zu> %s = {", type, values.size(), name);
  size_t column = 200;
  for (const T value : values) {
    const std::string text = std::to_string(static_cast<uint32_t>(value)) + ",";
    if (column + text.size() > 118) {
      std::printf("\n");
      column = 0;
    }
    std::printf("%s", text.c_str());
    column += text.size();
  }
  std::printf("\n};\n");
}

// Stage 1 names the block of 128 that a code point lies in; equal blocks are stored once.
template <class T>
void print_two_stages(const char* type, const std::string& name, const std::vector<T>& all) {
  std::map<std::vector<T>, uint16_t> blocks;
  std::vector<uint16_t> stage1;
  std::vector<T> stage2;
  for (size_t begin = 0; begin < all.size(); begin += kBlock) {
    const std::vector<T> block(all.begin() + begin, all.begin() + begin + kBlock);
    const auto [at, fresh] = blocks.emplace(block, static_cast<uint16_t>(blocks.size()));
    if (fresh) stage2.insert(stage2.end(), block.begin(), block.end());
    stage1.push_back(at->second);
  }
  print("uint16_t", (name + "Stage1").c_str(), stage1);
  print(type, (name + "Stage2").c_str(), stage2);
}

// Of the splits those whose characters are what they become. In `han` what becomes the telling part points at it in kPart.
void print_splits(const Source& source, std::vector<uint16_t>& han) {
  std::vector<uint32_t> halves;  // the first in the upper 16 bits
  std::vector<uint16_t> whole;
  std::map<char32_t, uint16_t> places;
  const auto is_itself = [&source](char32_t c) { return source.map(c) == std::u32string(1, c); };
  for (const auto& [parts, split] : source.splits) {
    if (!is_itself(parts[0]) || !is_itself(parts[1]) || !is_itself(split.character)) continue;
    halves.push_back(static_cast<uint32_t>(parts[0]) << 16 | static_cast<uint32_t>(parts[1]));
    whole.push_back(static_cast<uint16_t>(split.character));
    places.emplace(split.telling, static_cast<uint16_t>(kPartBegin + places.size()));
  }
  if (places.size() > 0xFFFF - kPartBegin) die("too many parts of characters");
  std::vector<uint16_t> part(places.size());
  for (const auto& [c, place] : places) part[place - kPartBegin] = static_cast<uint16_t>(c);
  for (char32_t c = kHanBegin; c < kHanEnd; ++c) {
    const std::u32string mapped = source.map(c);
    const auto place = mapped.size() == 1 ? places.find(mapped[0]) : places.end();
    if (place != places.end()) han[c - kHanBegin] = place->second;
  }
  print("uint32_t", "kHalves", halves);
  print("uint16_t", "kWhole", whole);
  print("uint16_t", "kPart", part);
}

// Letters of other scripts that look like a Latin one, in their own or in the other case: code point, small Latin letter.
std::vector<char32_t> look_alikes() {
  UErrorCode status = U_ZERO_ERROR;
  USpoofChecker* checker = uspoof_open(&status);
  check(status);
  const auto skeleton = [checker](char32_t c) {
    UErrorCode error = U_ZERO_ERROR;
    icu::UnicodeString out;
    uspoof_getSkeletonUnicodeString(checker, 0, icu::UnicodeString(static_cast<UChar32>(c)), out, &error);
    check(error);
    const bool letter = out.length() == 1 && out[0] < 0x80 && u_isalpha(out[0]) != 0;
    return letter ? static_cast<char32_t>(u_tolower(out[0])) : char32_t{0};
  };
  std::vector<char32_t> records;
  for (char32_t c = 0x370; c < 0x530; ++c) {  // Greek and Cyrillic
    if (u_isalpha(static_cast<UChar32>(c)) == 0) continue;
    const auto lower = static_cast<char32_t>(u_tolower(static_cast<UChar32>(c)));
    const auto upper = static_cast<char32_t>(u_toupper(static_cast<UChar32>(c)));
    // The skeleton of a capital i is an l.
    char32_t latin = skeleton(c);
    if (latin == U'l' && c == upper && skeleton(lower) == U'i') latin = U'i';
    if (latin == 0) latin = skeleton(upper);
    if (latin != 0) records.insert(records.end(), {c, latin});
  }
  uspoof_close(checker);
  return records;
}

void print_mappings(const Source& source) {
  std::vector<uint16_t> targets(kLimit, 0);
  std::vector<uint16_t> han(kHanEnd - kHanBegin, 0);
  std::map<std::u32string, uint16_t> specials;
  std::vector<uint16_t> offsets{0};
  std::u32string pool;
  size_t expansion = 1;
  for (char32_t c = 0; c < kLimit; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    const std::u32string mapped = source.map(c);
    std::u32string twice;
    size_t bytes = 0;
    for (char32_t m : mapped) {
      bytes += utf8_size(m);
      twice += source.map(m);
    }
    if (twice != mapped) die("not idempotent: " + std::to_string(c));
    expansion = std::max(expansion, (bytes + utf8_size(c) - 1) / utf8_size(c));
    if (mapped.size() == 1 && mapped[0] == c) continue;
    // Those of the fast path are in a table of their own.
    uint16_t& target = c >= kHanBegin && c < kHanEnd ? han[c - kHanBegin] : targets[c];
    if (mapped.size() == 1 && mapped[0] < kSpecialBegin) {
      target = static_cast<uint16_t>(mapped[0]);
      continue;
    }
    const auto [at, fresh] = specials.emplace(mapped, static_cast<uint16_t>(specials.size()));
    if (fresh) {
      pool += mapped;
      offsets.push_back(static_cast<uint16_t>(pool.size()));
    }
    target = static_cast<uint16_t>(kSpecialBegin + at->second);
  }
  if (specials.size() > kSpecialEnd - kSpecialBegin || pool.size() > 0xFFFF) die("too many long mappings");
  print_splits(source, han);
  print("uint16_t", "kHan", han);
  print_two_stages("uint16_t", "kMapping", targets);
  print("uint16_t", "kSpecialOffset", offsets);
  print("char32_t", "kSpecialPool", std::vector<char32_t>(pool.begin(), pool.end()));
  std::printf("const uint32_t kMaxExpansion = %zu;\n", expansion);
}

// NFKC_CF alone, where the mapping went on to simplified characters: code point, begin and size in the pool. The main
// block of ideographs is left out: there it is the character itself.
void print_script_kept(const Source& source) {
  std::vector<char32_t> records;
  std::u32string pool;
  for (char32_t c = 0; c < kLimit; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    const std::u32string folded = source.fold(c);
    if (c >= kHanBegin && c < kHanEnd) {
      if (folded != std::u32string(1, c)) die("an ideograph folds: " + std::to_string(c));
      continue;
    }
    if (folded == source.map(c)) continue;
    records.insert(records.end(), {c, static_cast<char32_t>(pool.size()), static_cast<char32_t>(folded.size())});
    pool += folded;
  }
  print("char32_t", "kScriptKept", records);
  print("char32_t", "kScriptKeptPool", std::vector<char32_t>(pool.begin(), pool.end()));
}

struct Composition {
  char32_t first, second, composed;
};

std::vector<Composition> compositions(const Source& source) {
  std::vector<Composition> out;
  for (char32_t c = 0; c < kLimit; ++c) {
    if (c >= 0xAC00 && c < 0xD7A4) continue;  // Hangul is computed
    icu::UnicodeString raw;
    if (!source.nfc->getRawDecomposition(static_cast<UChar32>(c), raw)) continue;
    const std::u32string parts = to_u32(raw);
    if (parts.size() != 2) continue;
    if (source.nfc->composePair(static_cast<UChar32>(parts[0]), static_cast<UChar32>(parts[1])) !=
        static_cast<UChar32>(c)) {
      continue;
    }
    out.push_back({parts[0], parts[1], c});
  }
  return out;
}

void print_compositions(std::vector<Composition> all) {
  const auto flat = [&all] {
    std::vector<char32_t> out;
    for (const Composition& c : all) out.insert(out.end(), {c.first, c.second, c.composed});
    return out;
  };
  std::sort(all.begin(), all.end(), [](const Composition& a, const Composition& b) {
    return std::pair(a.first, a.second) < std::pair(b.first, b.second);
  });
  print("char32_t", "kByParts", flat());
  std::sort(all.begin(), all.end(), [](const Composition& a, const Composition& b) { return a.composed < b.composed; });
  print("char32_t", "kByComposed", flat());
}

std::vector<uint8_t> print_properties(const Source& source, const std::vector<Composition>& all,
                                      const std::vector<char32_t>& look_alike) {
  std::set<char32_t> seconds;
  for (const Composition& c : all) seconds.insert(c.second);
  for (char32_t c = 0x1161; c <= 0x1175; ++c) seconds.insert(c);  // Hangul vowels and finals
  for (char32_t c = 0x11A8; c <= 0x11C2; ++c) seconds.insert(c);
  std::vector<uint8_t> properties(kLimit, 0);
  for (char32_t c = 0; c < kLimit; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    const std::u32string mapped = source.map(c);
    if (mapped.empty()) continue;
    UErrorCode status = U_ZERO_ERROR;
    const bool han =
        (uscript_getScript(static_cast<UChar32>(mapped[0]), &status) == USCRIPT_HAN) ||
        (mapped[0] >= 0x3001 && mapped[0] <= 0x303F && u_getCombiningClass(static_cast<UChar32>(mapped[0])) == 0);
    check(status);
    const bool space = mapped.size() == 1 && u_isUWhiteSpace(static_cast<UChar32>(mapped[0]));
    bool joins = false;
    for (char32_t m : mapped) joins = joins || u_getCombiningClass(static_cast<UChar32>(m)) != 0 || seconds.contains(m);
    // Only what begins with such a one can reach back; a later one is composed inside the mapping already.
    joins = joins && (u_getCombiningClass(static_cast<UChar32>(mapped[0])) != 0 || seconds.contains(mapped[0]));
    properties[c] = static_cast<uint8_t>((han ? 1 : 0) | (space ? 2 : 0) | (joins ? 4 : 0));
  }
  for (size_t i = 0; i < look_alike.size(); i += 2) properties[look_alike[i]] |= 8;
  print_two_stages("uint8_t", "kProperty", properties);
  return properties;
}

// What a Chinese message has between its ideographs: the character that it becomes, a bit where that counts as Han, and one
// that says that nothing else is to be known of it.
void print_plain(const Source& source, const std::vector<uint8_t>& properties) {
  std::vector<uint32_t> plain;
  for (char32_t c = 0x2000; c < 0x10000; c = c == 0x30FF ? 0xFF00 : c + 1) {
    const std::u32string mapped = source.map(c);
    const bool is_plain = mapped.size() == 1 && (properties[c] & ~1U) == 0 && mapped[0] < 0x10000 &&
                          (mapped[0] < 0x80 || mapped[0] >= 0x800) && (mapped[0] < kHanBegin || mapped[0] >= kHanEnd);
    plain.push_back(is_plain ? static_cast<uint32_t>(mapped[0]) | (properties[c] & 1U) << 16 | 1U << 17 : 0);
  }
  print("uint32_t", "kPlain", plain);
}

void print_pairs_of_folding_and_class() {
  std::vector<char32_t> fold;
  std::vector<char32_t> classes;
  for (char32_t c = 0; c < kLimit; ++c) {
    const auto folded = static_cast<char32_t>(u_foldCase(static_cast<UChar32>(c), U_FOLD_CASE_DEFAULT));
    if (folded != c) fold.insert(fold.end(), {c, folded});
    const uint8_t ccc = u_getCombiningClass(static_cast<UChar32>(c));
    if (ccc != 0) classes.insert(classes.end(), {c, ccc});
  }
  print("char32_t", "kFold", fold);
  print("char32_t", "kCombiningClass", classes);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) die("usage: make_tables ts_characters.tsv split_characters.tsv > tables_data.inc");
  UErrorCode status = U_ZERO_ERROR;
  Source source{icu::Normalizer2::getNFCInstance(status), icu::Normalizer2::getNFKCCasefoldInstance(status),
                read_simplified(argv[1]), read_splits(argv[2])};
  check(status);
  std::printf(
      "// Generated by rules/text/gen/make_tables.cc from ICU %s (Unicode %s), OpenCC's TSCharacters (Apache-2.0) and "
      "kfcd/chaizi (CC BY 3.0): do not edit.\n",
      U_ICU_VERSION, U_UNICODE_VERSION);
  print_mappings(source);
  print_script_kept(source);
  const std::vector<Composition> all = compositions(source);
  print_compositions(all);
  const std::vector<char32_t> look_alike = look_alikes();
  print("char32_t", "kLookAlike", look_alike);
  print_plain(source, print_properties(source, all, look_alike));
  print_pairs_of_folding_and_class();
}
