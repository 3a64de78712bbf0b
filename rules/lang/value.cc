#include "rules/lang/value.h"

#include <array>

#include "rules/text/utf8.h"

namespace quanzu::rules {

namespace {

constexpr std::array<std::string_view, 5> kDashes = {"-", "/", "\u2013", "\u2014", "\u2015"};

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

// The name of a placeholder that starts at text[0] == '%'; empty where none does.
std::string_view placeholder_at(std::string_view text) {
  size_t end = 1;
  while (end < text.size() && is_name_character(text[end])) ++end;
  if (end == 1 || end >= text.size() || text[end] != '%') return {};
  return text.substr(1, end - 1);
}

// Letters, digits and the underscore; beyond ASCII all but blanks and punctuation, as far as blocks tell.
bool is_word(char32_t c) {
  if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  const bool latin_signs = c < 0xC0 && c != 0xAA && c != 0xB5 && c != 0xBA;
  const bool punctuation = (c >= 0x2000 && c <= 0x206F) || (c >= 0x3000 && c <= 0x3004) ||
                           (c >= 0x3008 && c <= 0x3020) || (c >= 0xFF01 && c <= 0xFF0F) || (c >= 0xFF1A && c <= 0xFF20);
  return !latin_signs && !punctuation;
}

size_t dash_at(std::string_view text, size_t at) {  // its bytes; 0 where none starts there
  for (std::string_view dash : kDashes) {
    if (text.substr(at).starts_with(dash)) return dash.size();
  }
  return 0;
}

struct Dash {
  size_t at;
  size_t size;
};

// The dashes of one literal that windash replaces. What stands beside the literal is a wildcard or an end: no word.
std::vector<Dash> dashes_of(std::string_view literal) {
  std::vector<Dash> dashes;
  bool after_word = false;
  for (size_t at = 0; at < literal.size();) {
    const char* end = literal.data() + literal.size();
    const Decoded here = decode_utf8(literal.data() + at, end);
    const size_t size = dash_at(literal, at);
    if (size > 0 && !after_word && at + size < literal.size() &&
        is_word(decode_utf8(literal.data() + at + size, end).code_point)) {
      dashes.push_back({at, size});
    }
    after_word = is_word(here.code_point);
    at += here.size;
  }
  return dashes;
}

std::vector<std::string> literal_variants(std::string_view literal) {
  std::vector<std::string> variants = {""};
  size_t copied = 0;
  for (const Dash& dash : dashes_of(literal)) {
    std::vector<std::string> longer;
    for (const std::string& variant : variants) {
      for (std::string_view other : kDashes) {
        longer.push_back(variant + std::string(literal.substr(copied, dash.at - copied)) + std::string(other));
      }
    }
    variants = std::move(longer);
    copied = dash.at + dash.size;
  }
  for (std::string& variant : variants) variant += literal.substr(copied);
  return variants;
}

}  // namespace

void append_literal(std::vector<StringPart>& parts, std::string_view text) {
  if (text.empty()) return;
  if (!parts.empty()) {
    if (auto* literal = std::get_if<std::string>(&parts.back())) {
      *literal += text;
      return;
    }
  }
  parts.emplace_back(std::string(text));
}

std::vector<StringPart> parse_pattern(std::string_view text, bool placeholders) {
  const std::string_view special = placeholders ? "\\*?%" : "\\*?";
  std::vector<StringPart> parts;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\\' && at + 1 < text.size() && special.find(text[at + 1]) != std::string_view::npos) {
      append_literal(parts, text.substr(++at, 1));
    } else if (c == '*' || c == '?') {
      parts.emplace_back(c == '*' ? Wildcard::kAnyRun : Wildcard::kAnyOne);
    } else if (const std::string_view name = c == '%' && placeholders ? placeholder_at(text.substr(at)) : "";
               !name.empty()) {
      parts.emplace_back(Placeholder{std::string(name)});
      at += name.size() + 1;
    } else {
      append_literal(parts, text.substr(at, 1));
    }
  }
  return parts;
}

bool has_placeholder(const std::vector<StringPart>& parts) {
  for (const StringPart& part : parts) {
    if (std::holds_alternative<Placeholder>(part)) return true;
  }
  return false;
}

void open_left(std::vector<StringPart>& parts) {
  if (parts.empty() || parts.front() != StringPart(Wildcard::kAnyRun)) parts.insert(parts.begin(), Wildcard::kAnyRun);
}

void open_right(std::vector<StringPart>& parts) {
  if (parts.empty() || parts.back() != StringPart(Wildcard::kAnyRun)) parts.emplace_back(Wildcard::kAnyRun);
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (size_t at = 0; at < bytes.size(); at += 3) {
    const auto byte = [bytes, at](size_t i) {
      return at + i < bytes.size() ? static_cast<uint32_t>(static_cast<unsigned char>(bytes[at + i])) : 0U;
    };
    const uint32_t group = byte(0) << 16U | byte(1) << 8U | byte(2);
    const size_t letters = std::min<size_t>(bytes.size() - at, 3) + 1;
    for (size_t i = 0; i < 4; ++i) out.push_back(i < letters ? kAlphabet[group >> (18 - 6 * i) & 63U] : '=');
  }
  return out;
}

std::vector<std::string> base64_offsets(std::string_view bytes) {
  std::vector<std::string> out;
  for (size_t offset = 0; offset < 3; ++offset) {
    const std::string encoded = base64(std::string(offset, ' ') + std::string(bytes));
    const size_t bits = 8 * (offset + bytes.size());
    const size_t first = (8 * offset + 5) / 6;  // the first letter that holds none of the bits before
    const size_t last = bits / 6;               // and behind the last that holds none of those after
    if (first < last) out.push_back(encoded.substr(first, last - first));
  }
  return out;
}

std::string utf16(std::string_view valid_utf8, bool big_endian) {
  std::string out;
  const auto add = [&out, big_endian](char32_t unit) {
    const auto high = static_cast<char>(unit >> 8U & 0xFFU);
    const auto low = static_cast<char>(unit & 0xFFU);
    out.push_back(big_endian ? high : low);
    out.push_back(big_endian ? low : high);
  };
  for (size_t at = 0; at < valid_utf8.size();) {
    const Decoded decoded = decode_utf8(valid_utf8.data() + at, valid_utf8.data() + valid_utf8.size());
    at += decoded.size;
    if (decoded.code_point < 0x10000) {
      add(decoded.code_point);
    } else {
      const char32_t rest = decoded.code_point - 0x10000;
      add(0xD800 + (rest >> 10U));
      add(0xDC00 + (rest & 0x3FFU));
    }
  }
  return out;
}

Result<std::vector<std::vector<StringPart>>> windash_variants(const std::vector<StringPart>& parts) {
  constexpr size_t kMostDashes = 5;  // 3,125 variants
  size_t dashes = 0;
  for (const StringPart& part : parts) {
    if (const auto* literal = std::get_if<std::string>(&part)) dashes += dashes_of(*literal).size();
  }
  if (dashes > kMostDashes) {
    return fail(Code::kInvalidArgument,
                "more than 5 dashes to vary, which makes over 3,125 values: cut it into several");
  }
  std::vector<std::vector<StringPart>> variants = {{}};
  for (const StringPart& part : parts) {
    const auto* literal = std::get_if<std::string>(&part);
    const std::vector<std::string> choices =
        literal != nullptr ? literal_variants(*literal) : std::vector<std::string>{""};
    std::vector<std::vector<StringPart>> longer;
    for (const std::vector<StringPart>& variant : variants) {
      for (const std::string& choice : choices) {
        longer.push_back(variant);
        longer.back().push_back(literal != nullptr ? StringPart(choice) : part);
      }
    }
    variants = std::move(longer);
  }
  return variants;
}

}  // namespace quanzu::rules
