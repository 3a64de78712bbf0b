#include "rules/text/normalize.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "rules/text/compose.h"
#include "rules/text/separators.h"
#include "rules/text/tables.h"
#include "rules/text/utf8.h"

namespace quanzu::rules {

namespace {

constexpr size_t kSlack = 16;  // the fast paths store whole words past the end of what they write

bool is_han_lead(uint32_t word) {
  return (word & 0x00C0C0F0U) == 0x008080E0U;
}

char32_t code_point_of(uint32_t word) {  // of three bytes, the first lowest
  return ((word & 0xFU) << 12) | ((word >> 2) & 0xFC0U) | ((word >> 16) & 0x3FU);
}

bool is_ascii_alnum(char32_t c) {
  return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || (c >= U'0' && c <= U'9');
}

uint32_t bytes_of(char32_t c) {  // of U+0800 to U+FFFF, the first lowest
  return 0x008080E0U | (c >> 12) | ((c & 0xFC0U) << 2) | ((c & 0x3FU) << 16);
}

// Of ASCII: what is neither white space nor a separator, letters small; 0 otherwise.
constexpr std::array<char, 256> kSaysSomething = [] {
  std::array<char, 256> out{};
  for (uint8_t c = 1; c < 0x80; ++c) {
    const bool space = c == ' ' || (c >= '\t' && c <= '\r');
    if (!space && !is_separator(c)) out[c] = lower_ascii(c);
  }
  return out;
}();

}  // namespace

// One pass over one text. kTrack: with origins.
template <bool kTrack>
class NormalizeRun {
 public:
  NormalizeRun(Normalizer& scratch, std::string_view text, std::vector<uint32_t>* origins)
      : scratch_(scratch), begin_(text.data()), in_(begin_), end_(begin_ + text.size()), origins_(origins) {
    const size_t most = text.size() * std::max<size_t>(tables::kMaxExpansion, 3) + kSlack;
    if (scratch_.buffer_.size() < most) scratch_.buffer_.resize(most);
    if constexpr (kTrack) origins_->assign(most, 0);
    out_ = scratch_.buffer_.data();
  }

  std::string_view run() {
    while (in_ < end_) {
      if (static_cast<uint8_t>(*in_) < 0x80) {
        take_ascii();
      } else if (at_han()) {
        take_han();
      } else if (!take_plain()) {
        take_any();
      }
    }
    const auto size = static_cast<size_t>(out_ - scratch_.buffer_.data());
    if constexpr (kTrack) {
      origins_->resize(size + 1);
      origins_->back() = static_cast<uint32_t>(end_ - begin_);
    }
    return {scratch_.buffer_.data(), size};
  }

 private:
  // Ideographs of the main block, the bulk of any Chinese message. Ends and places are kept in registers: what is written
  // might be a member, for all that a compiler knows.
  void take_han() {
    drop_spaces();
    if (after_han_ && tables::is_part(han_before(out_))) take_halves();
    const char* in = in_;
    char* out = out_;
    const char* const end = end_;
    while (at_han(in, end)) {
      uint32_t word = load(in, end);
      const uint16_t simplified = tables::kHan[code_point_of(word) - tables::kHanBegin];
      if (simplified != 0) [[unlikely]] {
        if (simplified >= tables::kSpecialBegin) {
          in_ = in;
          out_ = out;
          if (simplified < tables::kPartBegin) return take_any();  // outside of the BMP
          take_halves();
          in = in_;
          out = out_;
          continue;
        }
        word = bytes_of(simplified);
      }
      track(out, 3, in);
      std::memcpy(out, &word, 4);
      in += 3;
      out += 3;
    }
    in_ = in;
    out_ = out;
    after_han_ = true;
  }

  // The character that comes, which may be the second half of one with what was written, and then all that may be second
  // halves to what stands before them.
  void take_halves() {
    do {
      const tables::Mapping mapping = tables::mapping_of(code_point_of(load(in_, end_)));
      if (mapping.type == tables::Mapping::Type::kMany) return;  // outside of the BMP
      put(code_point_of(load(in_, end_)), mapping);
      in_ += 3;
    } while (at_han() && tables::is_part(han_before(out_)));
  }

  // The ideograph of the main block that ends there; 0 where none does.
  char32_t han_before(const char* end) const {
    if (end - scratch_.buffer_.data() < 3) return 0;
    uint32_t word = 0;
    std::memcpy(&word, end - 3, 3);
    const char32_t c = is_han_lead(word) ? code_point_of(word) : 0;
    return c - tables::kHanBegin < tables::kHan.size() ? c : 0;
  }

  // Two halves written last become the character, as often as they do.
  void join_halves() {
    while (const char32_t joined = tables::join(han_before(out_ - 3), han_before(out_))) {
      const uint32_t word = bytes_of(joined);
      out_ -= 3;
      std::memcpy(out_ - 3, &word, 3);  // its origin is the first half's
    }
  }

  static bool at_han(const char* in, const char* end) {
    if (end - in < 3) return false;
    const uint32_t word = load(in, end);
    return is_han_lead(word) && code_point_of(word) - tables::kHanBegin < tables::kHan.size();
  }
  bool at_han() const { return at_han(in_, end_); }

  // Three bytes, and a fourth where there is one.
  static uint32_t load(const char* in, const char* end) {
    uint32_t word = 0;
    if (end - in > 3) [[likely]] {
      std::memcpy(&word, in, 4);
    } else {
      std::memcpy(&word, in, 3);
    }
    return word;
  }

  // Punctuation and the like; false: take_any.
  bool take_plain() {
    if (end_ - in_ < 3) return false;
    const uint32_t word = load(in_, end_);
    if (!is_han_lead(word)) return false;
    const uint32_t plain = tables::plain_of(code_point_of(word));
    if ((plain & tables::kIsPlain) == 0) return false;
    const char32_t c = plain & 0xFFFFU;
    const bool han = (plain & tables::kPlainHan) != 0;
    if (han) drop_spaces();
    char* const begin = out_;
    const size_t size = c < 0x80 ? 1 : 3;
    const uint32_t bytes = size == 1 ? c : bytes_of(c);
    track(begin, size, in_);
    std::memcpy(begin, &bytes, 4);
    out_ = begin + size;
    after_visible(begin, is_separator(c), han);
    in_ += 3;
    return true;
  }

  void take_ascii() {
    const auto c = static_cast<uint8_t>(*in_);
    if (kSaysSomething[c] == 0) {
      if (c == ' ' || (c >= '\t' && c <= '\r')) {
        put_space(c);
      } else {
        after_visible(out_, is_separator(c), false);
        track(out_, 1, in_);
        *out_++ = static_cast<char>(c);
      }
      ++in_;
      return;
    }
    const char* in = in_;
    char* out = out_;
    const char* const end = end_;
    do {
      const char lower = kSaysSomething[static_cast<uint8_t>(*in)];
      if (lower == 0) break;
      track(out, 1, in);
      *out++ = lower;
    } while (++in != end);
    in_ = in;
    out_ = out;
    after_visible(out, false, false);
  }

  void take_any() {
    const Decoded decoded = decode_utf8(in_, end_);
    if (!decoded.valid) ++scratch_.repaired_;
    const char32_t c = decoded.code_point;
    const uint8_t properties = tables::properties_of(c);
    if ((properties & tables::kLooksLatin) && is_among_latin()) {
      put_one(tables::latin_of(c), in_);
      after_visible(out_, false, false);
      in_ += decoded.size;
      return;
    }
    const tables::Mapping mapping = tables::mapping_of(c);
    if (properties & tables::kJoins) {
      put(c, mapping);
      in_ += decoded.size;
      join();
      return;
    }
    if (properties & tables::kIsSpace) {
      put_space(mapping.type == tables::Mapping::Type::kOne ? mapping.one : c);
    } else if (mapping.type == tables::Mapping::Type::kMany && mapping.many.empty()) {
      // Ignorable: nothing, and what stood before it still does.
    } else {
      // Of what is several ("8点" from one sign) the first and the last decide, as they would were they written so.
      const bool is_many = mapping.type == tables::Mapping::Type::kMany;
      if (is_many ? is_han(mapping.many.front()) : (properties & tables::kIsHan) != 0) drop_spaces();
      char* const begin = out_;
      put(c, mapping);
      const bool separator = is_many ? std::all_of(mapping.many.begin(), mapping.many.end(), is_separator)
                                     : is_separator(mapping.type == tables::Mapping::Type::kOne ? mapping.one : c);
      after_visible(begin, separator, is_many ? is_han(mapping.many.back()) : (properties & tables::kIsHan) != 0);
    }
    in_ += decoded.size;
  }

  // Whether Latin letters or digits stand in one row with the letter of another script that comes: before it, or behind it
  // and others like it.
  bool is_among_latin() {
    if (in_ < row_end_) return row_is_latin_;
    row_is_latin_ = out_ > scratch_.buffer_.data() && is_ascii_alnum(static_cast<uint8_t>(out_[-1]));
    for (row_end_ = in_; row_end_ < end_ && !row_is_latin_;) {
      const Decoded decoded = decode_utf8(row_end_, end_);
      const tables::Mapping mapping = tables::mapping_of(decoded.code_point);
      const char32_t c = mapping.type == tables::Mapping::Type::kOne ? mapping.one : decoded.code_point;
      const bool ignorable = mapping.type == tables::Mapping::Type::kMany && mapping.many.empty();
      row_is_latin_ = is_ascii_alnum(c);
      if (!ignorable && !(tables::properties_of(decoded.code_point) & (tables::kLooksLatin | tables::kJoins))) break;
      row_end_ += decoded.size;
    }
    return row_is_latin_;
  }

  static bool is_han(char32_t c) { return (tables::properties_of(c) & tables::kIsHan) != 0; }

  void put(char32_t c, const tables::Mapping& mapping) {
    switch (mapping.type) {
      case tables::Mapping::Type::kSelf:
        put_one(c, in_);
        break;
      case tables::Mapping::Type::kOne:
        put_one(mapping.one, in_);
        break;
      case tables::Mapping::Type::kMany:
        put_many(mapping.many);
    }
  }

  // A mark that stands alone maps to a space and the mark: white space like any other.
  void put_many(std::u32string_view many) {
    if (after_han_ && many.starts_with(U' ')) many.remove_prefix(1);
    for (char32_t m : many) put_one(m, in_);
  }

  void put_one(char32_t c, const char* origin) {
    char bytes[4];
    const size_t size = encode_utf8(c, bytes);
    track(out_, size, origin);
    std::memcpy(out_, bytes, 4);
    out_ += size;
    if (c - tables::kHanBegin < tables::kHan.size()) join_halves();
  }

  void put_space(char32_t c) {
    if (after_han_) return;  // stays so: the whole run is dropped
    if (spaces_ == nullptr) spaces_ = out_;
    put_one(c, in_);
  }

  // What is no white space was written at `begin`. Separators behind Han stay for now: what follows them decides.
  void after_visible(char* begin, bool separator, bool han) {
    if (!separator) {
      separators_ = nullptr;
    } else if (after_han_ && separators_ == nullptr) {
      separators_ = begin;
    }
    spaces_ = nullptr;
    after_han_ = han;
  }

  // A Han character comes: the white space before it goes, and separators between Han with it.
  void drop_spaces() {
    if (spaces_ != nullptr) out_ = spaces_;
    if (separators_ != nullptr) {
      out_ = separators_;
      after_han_ = true;
    }
    spaces_ = nullptr;
    separators_ = nullptr;
  }

  // What was written last may combine with, or belong before, what stands in front of it. Takes the rest of
  // such a sequence, back to its starter, through canonical ordering and composition (UAX #15). Rare in
  // Chinese messages.
  void join() {
    after_visible(out_, false, false);
    while (in_ < end_) {
      const Decoded decoded = decode_utf8(in_, end_);
      const tables::Mapping mapping = tables::mapping_of(decoded.code_point);
      const bool ignorable = mapping.type == tables::Mapping::Type::kMany && mapping.many.empty();
      if (!decoded.valid || (!ignorable && !(tables::properties_of(decoded.code_point) & tables::kJoins))) break;
      put(decoded.code_point, mapping);
      in_ += decoded.size;
    }
    compose_back_to(find_starter());
  }

  // The last code point from the end that joins nothing before it: where a sequence begins.
  char* find_starter() const {
    char* const first = scratch_.buffer_.data();
    char* at = out_;
    while (at > first) {
      do {
        --at;
      } while (at > first && (static_cast<uint8_t>(*at) & 0xC0) == 0x80);
      if (!(tables::properties_of(decode_utf8(at, out_).code_point) & tables::kJoins)) break;
    }
    return at;
  }

  void compose_back_to(char* from) {
    std::u32string& joined = scratch_.joined_;
    joined.clear();
    for (const char* at = from; at < out_;) {
      const Decoded decoded = decode_utf8(at, out_);
      append_decomposed(decoded.code_point, joined);
      at += decoded.size;
    }
    compose_canonically(joined);
    const char* origin = in_;
    if constexpr (kTrack) origin = begin_ + (*origins_)[static_cast<size_t>(from - scratch_.buffer_.data())];
    out_ = from;
    for (char32_t c : joined) put_one(c, origin);
  }

  void track(const char* out, size_t bytes, const char* origin) {
    if constexpr (kTrack) {
      const auto at = static_cast<size_t>(out - scratch_.buffer_.data());
      for (size_t i = 0; i < bytes; ++i) (*origins_)[at + i] = static_cast<uint32_t>(origin - begin_);
    }
  }

  Normalizer& scratch_;
  const char* const begin_;
  const char* in_;
  const char* const end_;
  char* out_;
  char* spaces_ = nullptr;         // where the run of white space written last begins; null where none was
  char* separators_ = nullptr;     // where a run of separators behind Han begins, written last but for white space
  bool after_han_ = false;         // Han was written last, but for dropped white space
  const char* row_end_ = nullptr;  // is_among_latin() was asked up to here, and said
  bool row_is_latin_ = false;
  std::vector<uint32_t>* origins_;
};

std::string_view Normalizer::normalize(std::string_view text) {
  return NormalizeRun<false>(*this, text, nullptr).run();
}

std::string_view Normalizer::normalize(std::string_view text, std::vector<uint32_t>& origins) {
  return NormalizeRun<true>(*this, text, &origins).run();
}

uint64_t fold_case(std::string_view text, std::string& out) {
  uint64_t repaired = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  char block[16];
  while (at < end) {
    while (end - at >= 16 && lower_ascii_block(at, block)) {
      out.append(block, sizeof block);
      at += sizeof block;
    }
    if (at == end) break;
    const auto c = static_cast<uint8_t>(*at);
    if (c < 0x80) {
      out.push_back(lower_ascii(c));
      ++at;
      continue;
    }
    const Decoded decoded = decode_utf8(at, end);
    repaired += !decoded.valid;
    append_utf8(tables::simple_fold(decoded.code_point), out);
    at += decoded.size;
  }
  return repaired;
}

}  // namespace quanzu::rules
