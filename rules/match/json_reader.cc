#include "rules/match/json_reader.h"

#include <immintrin.h>

#include <bit>
#include <charconv>
#include <cstdlib>

#include "rules/text/utf8.h"

namespace quanzu::rules {

namespace {

constexpr size_t kPadding = 64;  // blocks of 16 bytes are read and written past the end

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Bit i: byte i of the block ends a run of plain characters of a string.
unsigned special_bytes(__m128i block) {
  const __m128i quote = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
  const __m128i backslash = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
  const __m128i control = _mm_cmpeq_epi8(_mm_max_epu8(block, _mm_set1_epi8(0x1F)), _mm_set1_epi8(0x1F));
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, backslash), control)));
}

}  // namespace

Result<void> JsonReader::read(std::string_view text, const KeyTable& keys, bool every_string) {
  if (text.size() > kMaxBytes) {
    return fail(Code::kInvalidArgument, std::to_string(text.size()) + " bytes; an event has at most " +
                                            std::to_string(kMaxBytes) + ": drop or shorten its longest fields");
  }
  every_string_ = every_string;
  prepare(text, keys);
  if (!ascii_) {
    const size_t invalid = find_invalid_utf8(text);
    if (invalid != std::string_view::npos) {
      return fail(Code::kInvalidArgument, "no JSON: byte " + std::to_string(invalid) + ": ill-formed UTF-8");
    }
  }
  space();
  if (*at_ != '{') return fail(Code::kInvalidArgument, "no JSON object; each event is one");
  if (object(keys)) {
    space();
    if (is_end()) return {};
    wrong("something stands behind the object; an event has a line of its own");
  }
  present_.clear();
  ++stamp_;  // what was read until then counts for nothing
  return fail(Code::kInvalidArgument,
              "no JSON: byte " + std::to_string(at_ - source_.data()) + ": " + (why_ != nullptr ? why_ : ""));
}

void JsonReader::prepare(std::string_view text, const KeyTable& keys) {
  const size_t room = text.size() + kPadding;
  if (source_.size() < room) {
    source_.resize(room);
    strings_.resize(room);
    others_.resize(2 * room);  // a number's shortest decimal may be longer than what was written, but not by so much
  }
  if (seen_.size() < keys.size()) seen_.resize(keys.size());
  std::memcpy(source_.data(), text.data(), text.size());
  std::memset(source_.data() + text.size(), 0, kPadding);
  __m128i all = _mm_setzero_si128();
  for (size_t i = 0; i < text.size(); i += 16) {
    all = _mm_or_si128(all, _mm_loadu_si128(reinterpret_cast<const __m128i*>(source_.data() + i)));
  }
  ascii_ = _mm_movemask_epi8(all) == 0;
  nodes_.clear();
  present_.clear();
  string_ends_.clear();
  ++stamp_;
  at_ = source_.data();
  end_ = at_ + text.size();
  write_ = strings_.data();
  other_ = others_.data();
  why_ = nullptr;
}

JsonNode* JsonReader::child(const JsonNode& object, std::string_view key) {
  JsonNode* found = nullptr;
  if (object.type != JsonNode::Type::kObject) return found;
  each_child(object, [&](JsonNode& member) {
    if (member.key == key) found = &member;
  });
  return found;
}

// The outermost one.
bool JsonReader::object(const KeyTable& keys) {
  ++at_;
  space();
  if (*at_ == '}') return ++at_, true;
  while (true) {
    std::string_view name;
    if (!key(name)) return false;
    const uint32_t number = keys.find(name);
    const auto node = static_cast<uint32_t>(nodes_.size());
    if (!value(number != KeyTable::kNone, name, 1)) return false;
    if (number != KeyTable::kNone) {
      if (seen_[number].stamp != stamp_) present_.push_back(number);
      seen_[number] = {stamp_, node};
    }
    space();
    if (*at_ == '}') return ++at_, true;
    if (*at_ != ',') return wrong("a comma or } is missing");
    ++at_;
    space();
  }
}

bool JsonReader::value(bool keep, std::string_view key, size_t depth) {
  using Type = JsonNode::Type;
  JsonNode node{.key = key};
  bool read = true;
  switch (*at_) {
    case '"':
      ++at_;
      node.type = Type::kString;
      if (keep || every_string_) {
        char* const begin = write_;
        read = string<true>(write_);
        node.text = {begin, static_cast<size_t>(write_ - begin)};
        if (every_string_) string_ends_.push_back(static_cast<uint32_t>(write_ - strings_.data()));
        *write_++ = '\0';
      } else {
        char* nowhere = nullptr;
        read = string<false>(nowhere);
      }
      break;
    case '{':
    case '[': {
      const auto index = static_cast<uint32_t>(nodes_.size());
      node.type = *at_ == '{' ? Type::kObject : Type::kArray;
      if (keep) nodes_.push_back(node);
      if (!container(node.type, keep, depth + 1)) return false;
      if (keep) nodes_[index].end = static_cast<uint32_t>(nodes_.size());
      return true;
    }
    case 't':
      node.type = Type::kTrue;
      node.text = "true";
      read = literal("true");
      break;
    case 'f':
      node.type = Type::kFalse;
      node.text = "false";
      read = literal("false");
      break;
    case 'n':
      read = literal("null");
      break;
    default:
      node.type = Type::kNumber;
      read = number(node, keep);
  }
  if (!read || !keep) return read;
  node.end = static_cast<uint32_t>(nodes_.size()) + 1;
  nodes_.push_back(node);
  return true;
}

bool JsonReader::container(JsonNode::Type type, bool keep, size_t depth) {
  if (depth > kMaxDepth) return wrong("nested deeper than 100 levels");
  const bool members = type == JsonNode::Type::kObject;
  const char close = members ? '}' : ']';
  ++at_;
  space();
  if (*at_ == close) return ++at_, true;
  while (true) {
    std::string_view name;
    if (members && !key(name)) return false;
    if (!value(keep, name, depth)) return false;
    space();
    if (*at_ == close) return ++at_, true;
    if (*at_ != ',') return wrong(members ? "a comma or } is missing" : "a comma or ] is missing");
    ++at_;
    space();
  }
}

bool JsonReader::literal(std::string_view word) {
  if (std::string_view(at_, word.size()) != word) return wrong("no value");
  at_ += word.size();
  return true;
}

// A key with its colon and the space behind it.
bool JsonReader::key(std::string_view& out) {
  if (*at_ != '"') return wrong("a key in quotes is missing");
  const char* const begin = ++at_;
  while (true) {
    const unsigned special = special_bytes(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at_)));
    if (special != 0) {
      at_ += std::countr_zero(special);
      break;
    }
    at_ += 16;
  }
  if (*at_ == '"') {
    out = {begin, static_cast<size_t>(at_ - begin)};
    ++at_;
  } else {
    at_ = begin;
    char* const copy = other_;
    if (!string<true>(other_)) return false;
    out = {copy, static_cast<size_t>(other_ - copy)};
  }
  space();
  if (*at_ != ':') return wrong("a colon is missing");
  ++at_;
  space();
  return true;
}

// From behind the opening quote to behind the closing one.
template <bool kStore>
bool JsonReader::string(char*& write) {
  while (true) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at_));
    if constexpr (kStore) _mm_storeu_si128(reinterpret_cast<__m128i*>(write), block);
    const unsigned special = special_bytes(block);
    const int plain = special == 0 ? 16 : std::countr_zero(special);
    at_ += plain;
    if constexpr (kStore) write += plain;
    if (special == 0) continue;
    if (*at_ == '"') return ++at_, true;
    if (*at_ != '\\') {
      return wrong(is_end() ? "a string has no end" : "a control character in a string needs an escape");
    }
    if (at_[1] == '\\') {  // by far the most: paths
      if constexpr (kStore) *write++ = '\\';
      at_ += 2;
      continue;
    }
    char scratch[4];
    char* to = kStore ? write : scratch;
    if (!escape(to)) return false;
    if constexpr (kStore) write = to;
  }
}

bool JsonReader::escape(char*& write) {
  constexpr std::string_view kShort = "\"\\/bfnrt", kMeaning = "\"\\/\b\f\n\r\t";
  const size_t meant = kShort.find(at_[1]);
  if (meant != std::string_view::npos) {
    *write++ = kMeaning[meant];
    at_ += 2;
    return true;
  }
  if (at_[1] != 'u') return wrong("an escape that JSON does not have");
  at_ += 2;
  uint32_t code_point = 0;
  if (!hex(code_point)) return false;
  if (code_point >= 0xDC00 && code_point < 0xE000) return wrong("the second half of a surrogate pair stands alone");
  if (code_point >= 0xD800 && code_point < 0xDC00) {
    uint32_t low = 0;
    if (at_[0] != '\\' || at_[1] != 'u') return wrong("the first half of a surrogate pair stands alone");
    at_ += 2;
    if (!hex(low)) return false;
    if (low < 0xDC00 || low >= 0xE000) return wrong("the first half of a surrogate pair stands alone");
    code_point = 0x10000 + ((code_point - 0xD800) << 10) + (low - 0xDC00);
  }
  ascii_ = ascii_ && code_point < 0x80;
  write += encode_utf8(code_point, write);
  return true;
}

bool JsonReader::hex(uint32_t& out) {
  const auto [stop, error] = std::from_chars(at_, at_ + 4, out, 16);
  if (error != std::errc() || stop != at_ + 4) return wrong("four hexadecimal digits are missing");
  at_ += 4;
  return true;
}

bool JsonReader::number(JsonNode& node, bool keep) {
  const char* const begin = at_;
  if (*at_ == '-') ++at_;
  if (!is_digit(*at_)) return wrong(begin == at_ ? "no value" : "a number has no digits");
  int64_t whole = 0;
  const char* const digits = at_;
  if (*at_ == '0') {
    ++at_;
    if (is_digit(*at_)) return wrong("a number has a leading zero");
  } else {
    for (; is_digit(*at_); ++at_) {
      if (at_ - digits < 18) whole = whole * 10 + (*at_ - '0');
    }
  }
  const bool is_short = at_ - digits <= 18 && whole != 0;  // -0 is none
  bool is_whole = true;
  if (*at_ == '.') {
    is_whole = false;
    if (!is_digit(*++at_)) return wrong("a number has no digits behind its point");
    while (is_digit(*at_)) ++at_;
  }
  if (*at_ == 'e' || *at_ == 'E') {
    is_whole = false;
    ++at_;
    if (*at_ == '+' || *at_ == '-') ++at_;
    if (!is_digit(*at_)) return wrong("a number has no digits in its exponent");
    while (is_digit(*at_)) ++at_;
  }
  if (!keep) return true;
  const std::string_view token(begin, static_cast<size_t>(at_ - begin));
  if (!is_whole || !is_short) return shown_number(token, is_whole, node);
  node.text = token;
  node.number = static_cast<double>(*begin == '-' ? -whole : whole);
  return true;
}

// One whose shortest decimal may be another than what was written.
bool JsonReader::shown_number(std::string_view token, bool whole, JsonNode& node) {
  const char* const end = token.data() + token.size();
  // What is out of a double's range becomes infinite or nothing, as strtod has it.
  if (std::from_chars(token.data(), end, node.number).ec != std::errc())
    node.number = std::strtod(token.data(), nullptr);
  uint64_t size = 0;
  int64_t negative = 0;
  const bool fits = std::from_chars(token.data(), end, size).ec == std::errc() ||
                    std::from_chars(token.data(), end, negative).ec == std::errc();
  if (whole && fits && node.number != 0) {
    node.text = token;
    return true;
  }
  if (node.number == 0 && whole) {
    node.text = "0";
    return true;
  }
  char* const begin = other_;
  other_ = std::to_chars(begin, others_.data() + others_.size(), node.number).ptr;
  node.text = {begin, static_cast<size_t>(other_ - begin)};
  return true;
}

}  // namespace quanzu::rules
