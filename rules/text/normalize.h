// The form of a message's text that rules see: NFKC case folding as ICU has it (NFKC_CF), traditional characters to
// simplified, white space beside Han dropped, separators between Han dropped (rules/text/separators.h), a character written
// as its two halves joined, Greek and Cyrillic letters among Latin ones that look like those made so. So that neither script,
// width, case, spacing, marks nor look-alikes hide a word. Text without Han and such letters is exactly its NFKC_CF.
// Idempotent. A Normalizer is one worker's scratch: one thread at a time.
//
// White space: a run of it is dropped where a Han character (or CJK punctuation) stands on either side,
// whether the other side is Han, Latin, a digit or the text's end: "下载 APP" is "下载app". Between others it
// stays as it is. A run of separators, with white space among them, is dropped where Han stands on both sides: "转*账" is
// "转账", and "满 5*8" stays.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace quanzu::rules {

// Goes up by one whenever some text gets another normalised form: what was learned from texts holds for one form only.
// tests/rules/normalize_test.cc notices.
constexpr uint32_t kNormalizerVersion = 2;

class Normalizer {
 public:
  // Valid UTF-8, whatever came in: each ill-formed sequence becomes U+FFFD. Borrowed until the next call.
  std::string_view normalize(std::string_view text);

  // Also says where each byte of the result came from: origins[i] is the offset in `text` of the code point
  // that byte i stems from, and origins[size] is text.size(). For explanations: several times slower.
  std::string_view normalize(std::string_view text, std::vector<uint32_t>& origins);

  // Ill-formed sequences repaired so far, over all calls.
  uint64_t repaired() const { return repaired_; }

 private:
  template <bool kTrack>
  friend class NormalizeRun;

  std::vector<char> buffer_;
  std::u32string joined_;  // a starter and what may combine with it
  uint64_t repaired_ = 0;
};

// Simple case folding (statuses C and S), code point by code point, ill-formed sequences repaired: the form
// of every field but text. Appends to out, which the caller clears; returns how many sequences were repaired.
uint64_t fold_case(std::string_view text, std::string& out);

}  // namespace quanzu::rules
