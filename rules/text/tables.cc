#include "rules/text/tables.h"

#include <algorithm>

namespace quanzu::rules::tables {

// `extern const` in the header gives kHan, kPlain and kMaxExpansion external linkage; the other arrays stay in this
// file.
#include "rules/text/tables_data.inc"

namespace {

constexpr unsigned kBlockBits = 7;  // of the two-stage tables; make_tables.cc's kBlock
constexpr char32_t kLimit = 0x110000;

template <class Stage1, class Stage2>
auto two_stage(const Stage1& stage1, const Stage2& stage2, char32_t c) {
  return stage2[(size_t{stage1[c >> kBlockBits]} << kBlockBits) | (c & ((1U << kBlockBits) - 1))];
}

// Binary search in an array of records of `Width` code points sorted by their first `Keys`.
template <size_t Width, size_t Keys, size_t N>
const char32_t* find_record(const std::array<char32_t, N>& records, std::array<char32_t, Keys> key) {
  static_assert(N % Width == 0);
  size_t low = 0;
  size_t high = N / Width;
  while (low < high) {
    const size_t middle = (low + high) / 2;
    const char32_t* record = records.data() + middle * Width;
    if (std::lexicographical_compare(record, record + Keys, key.begin(), key.end())) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  const char32_t* record = records.data() + low * Width;
  return low < N / Width && std::equal(key.begin(), key.end(), record) ? record : nullptr;
}

// Hangul syllables are arithmetic (Unicode 15, section 3.12).
constexpr char32_t kSyllableBase = 0xAC00;
constexpr char32_t kLeadBase = 0x1100;
constexpr char32_t kVowelBase = 0x1161;
constexpr char32_t kTailBase = 0x11A7;
constexpr char32_t kLeadCount = 19;
constexpr char32_t kVowelCount = 21;
constexpr char32_t kTailCount = 28;
constexpr char32_t kSyllableCount = kLeadCount * kVowelCount * kTailCount;

}  // namespace

Mapping mapping_of(char32_t code_point) {
  if (code_point >= kLimit) return {};
  const bool han = code_point >= kHanBegin && code_point < kHanEnd;
  const uint16_t target = han ? kHan[code_point - kHanBegin] : two_stage(kMappingStage1, kMappingStage2, code_point);
  if (target == 0) return {};
  if (target < kSpecialBegin) return {Mapping::Type::kOne, target, {}};
  if (han && target >= kPartBegin) {
    const char32_t part = kPart[target - kPartBegin];
    if (part == code_point) return {};
    return {Mapping::Type::kOne, part, {}};
  }
  const size_t begin = kSpecialOffset[target - kSpecialBegin];
  const size_t end = kSpecialOffset[target - kSpecialBegin + 1];
  return {Mapping::Type::kMany, 0, {kSpecialPool.data() + begin, end - begin}};
}

Mapping nfkc_cf_of(char32_t code_point) {
  if (code_point >= kHanBegin && code_point < kHanEnd) return {};
  const char32_t* record = find_record<3, 1>(kScriptKept, {code_point});
  if (record == nullptr) return mapping_of(code_point);
  return {Mapping::Type::kMany, 0, {kScriptKeptPool.data() + record[1], record[2]}};
}

uint8_t properties_of(char32_t code_point) {
  return code_point < kLimit ? two_stage(kPropertyStage1, kPropertyStage2, code_point) : uint8_t{0};
}

bool is_part(char32_t code_point) {
  return code_point - kHanBegin < kHan.size() && kHan[code_point - kHanBegin] >= kPartBegin;
}

char32_t join(char32_t first, char32_t second) {
  if (!is_part(first) && !is_part(second)) return 0;
  const uint32_t key = static_cast<uint32_t>(first) << 16 | static_cast<uint32_t>(second);
  const auto* const at = std::lower_bound(kHalves.begin(), kHalves.end(), key);
  return at == kHalves.end() || *at != key ? 0 : kWhole[static_cast<size_t>(at - kHalves.begin())];
}

char32_t latin_of(char32_t code_point) {
  const char32_t* record = find_record<2, 1>(kLookAlike, {code_point});
  return record == nullptr ? code_point : record[1];
}

char32_t simple_fold(char32_t code_point) {
  if (code_point < 0x80) {
    return code_point >= U'A' && code_point <= U'Z' ? code_point + (U'a' - U'A') : code_point;
  }
  const char32_t* record = find_record<2, 1>(kFold, {code_point});
  return record == nullptr ? code_point : record[1];
}

uint8_t combining_class(char32_t code_point) {
  const char32_t* record = find_record<2, 1>(kCombiningClass, {code_point});
  return record == nullptr ? uint8_t{0} : static_cast<uint8_t>(record[1]);
}

char32_t compose(char32_t first, char32_t second) {
  if (first - kLeadBase < kLeadCount && second - kVowelBase < kVowelCount) {
    return kSyllableBase + ((first - kLeadBase) * kVowelCount + (second - kVowelBase)) * kTailCount;
  }
  const char32_t syllable = first - kSyllableBase;
  const char32_t tail = second - kTailBase;
  if (syllable < kSyllableCount && syllable % kTailCount == 0 && tail > 0 && tail < kTailCount) {
    return first + tail;
  }
  const char32_t* record = find_record<3, 2>(kByParts, {first, second});
  return record == nullptr ? 0 : record[2];
}

bool decompose(char32_t code_point, char32_t& first, char32_t& second) {
  const char32_t syllable = code_point - kSyllableBase;
  if (syllable < kSyllableCount) {
    const char32_t tail = syllable % kTailCount;
    if (tail != 0) {
      first = code_point - tail;
      second = kTailBase + tail;
    } else {
      first = kLeadBase + syllable / (kVowelCount * kTailCount);
      second = kVowelBase + syllable / kTailCount % kVowelCount;
    }
    return true;
  }
  // kByComposed is sorted by its third column.
  size_t low = 0;
  size_t high = kByComposed.size() / 3;
  while (low < high) {
    const size_t middle = (low + high) / 2;
    if (kByComposed[middle * 3 + 2] < code_point) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == kByComposed.size() / 3 || kByComposed[low * 3 + 2] != code_point) return false;
  first = kByComposed[low * 3];
  second = kByComposed[low * 3 + 1];
  return true;
}

}  // namespace quanzu::rules::tables
