#include "rules/text/utf8.h"

#include <cstring>

namespace quanzu::rules {

Decoded decode_utf8(const char* begin, const char* end) {
  const auto byte = [begin](size_t i) { return static_cast<uint8_t>(begin[i]); };
  const auto left = static_cast<size_t>(end - begin);
  const uint8_t lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  if (lead < 0xC2 || lead > 0xF4) return {};
  const uint32_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  // The second byte's range excludes overlong forms, surrogates and what is past U+10FFFF.
  const uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (left < 2 || byte(1) < low || byte(1) > high) return {};
  char32_t code_point = ((lead & (0x7FU >> size)) << 6) | (byte(1) & 0x3FU);
  for (uint32_t i = 2; i < size; ++i) {
    if (i >= left || (byte(i) & 0xC0) != 0x80) return {kReplacement, i, false};
    code_point = (code_point << 6) | (byte(i) & 0x3FU);
  }
  return {code_point, size, true};
}

size_t encode_utf8(char32_t code_point, char* out) {
  if (code_point < 0x80) {
    out[0] = static_cast<char>(code_point);
    return 1;
  }
  if (code_point < 0x800) {
    out[0] = static_cast<char>(0xC0 | (code_point >> 6));
    out[1] = static_cast<char>(0x80 | (code_point & 0x3F));
    return 2;
  }
  if (code_point < 0x10000) {
    out[0] = static_cast<char>(0xE0 | (code_point >> 12));
    out[1] = static_cast<char>(0x80 | ((code_point >> 6) & 0x3F));
    out[2] = static_cast<char>(0x80 | (code_point & 0x3F));
    return 3;
  }
  out[0] = static_cast<char>(0xF0 | (code_point >> 18));
  out[1] = static_cast<char>(0x80 | ((code_point >> 12) & 0x3F));
  out[2] = static_cast<char>(0x80 | ((code_point >> 6) & 0x3F));
  out[3] = static_cast<char>(0x80 | (code_point & 0x3F));
  return 4;
}

void append_utf8(char32_t code_point, std::string& out) {
  char bytes[4];
  out.append(bytes, encode_utf8(code_point, bytes));
}

bool is_ascii(std::string_view text) {
  uint64_t all = 0;
  size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    uint64_t word;
    std::memcpy(&word, text.data() + i, 8);
    all |= word;
  }
  for (; i < text.size(); ++i) all |= static_cast<uint8_t>(text[i]);
  return (all & 0x8080808080808080U) == 0;
}

size_t find_invalid_utf8(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    const Decoded decoded = decode_utf8(at, end);
    if (!decoded.valid) return static_cast<size_t>(at - text.data());
    at += decoded.size;
  }
  return std::string_view::npos;
}

size_t repair_utf8(std::string_view text, std::string& out) {
  out.clear();
  size_t repaired = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    const Decoded decoded = decode_utf8(at, end);
    if (decoded.valid) {
      out.append(at, decoded.size);
    } else {
      append_utf8(kReplacement, out);
      ++repaired;
    }
    at += decoded.size;
  }
  return repaired;
}

size_t count_code_points(std::string_view valid_text) {
  size_t count = 0;
  for (char c : valid_text) count += (static_cast<uint8_t>(c) & 0xC0) != 0x80;
  return count;
}

}  // namespace quanzu::rules
