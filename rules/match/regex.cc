#include "rules/match/regex.h"

#include <algorithm>
#include <cctype>

#include "rules/text/utf8.h"

namespace quanzu::rules {

namespace {

using Type = RegexToken::Type;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view pattern) : pattern_(pattern) {}

  std::vector<RegexToken> run() {
    while (at_ < pattern_.size()) tokens_.push_back(next());
    return std::move(tokens_);
  }

 private:
  RegexToken next() {
    switch (pattern_[at_]) {
      case '[':
        return take(Type::kClass, class_size());
      case '(':
        return open();
      case ')':
        return take(Type::kClose, 1);
      case '|':
        return take(Type::kBar, 1);
      case '?':
      case '*':
      case '+':
        return quantifier(1, pattern_[at_] != '+');
      case '{':
        return braces();
      case '.':
      case '^':
      case '$':
        return take(Type::kOther, 1);
      case '\\':
        return escape();
      default: {
        const char* begin = pattern_.data() + at_;
        const uint32_t size = decode_utf8(begin, pattern_.data() + pattern_.size()).size;
        RegexToken token = take(Type::kLiteral, size);
        token.literal = token.text;
        return token;
      }
    }
  }

  RegexToken take(Type type, size_t size) {
    RegexToken token;
    token.type = type;
    token.text = pattern_.substr(at_, size);
    at_ += token.text.size();
    return token;
  }

  RegexToken open() {
    if (pattern_.substr(at_, 3) == "(?:") return take(Type::kOpen, 3);
    if (pattern_.substr(at_, 2) == "(?" || pattern_.substr(at_, 2) == "(*") return take(Type::kUnknown, 2);
    return take(Type::kOpen, 1);
  }

  RegexToken quantifier(size_t size, bool optional) {
    const char after = at_ + size < pattern_.size() ? pattern_[at_ + size] : '\0';
    RegexToken token = take(Type::kQuantifier, size + (after == '?' || after == '+' ? 1 : 0));
    token.optional = optional;
    return token;
  }

  // {n}, {n,} or {n,m}; anything else is a literal brace.
  RegexToken braces() {
    size_t i = at_ + 1;
    bool zero = true;
    for (; i < pattern_.size() && is_digit(pattern_[i]); ++i) zero = zero && pattern_[i] == '0';
    const bool number = i > at_ + 1;
    if (number && i < pattern_.size() && pattern_[i] == ',') {
      ++i;
      while (i < pattern_.size() && is_digit(pattern_[i])) ++i;
    }
    if (number && i < pattern_.size() && pattern_[i] == '}') return quantifier(i + 1 - at_, zero);
    return take(Type::kUnknown, 1);
  }

  RegexToken escape() {
    if (at_ + 1 >= pattern_.size()) return take(Type::kUnknown, 1);
    const char c = pattern_[at_ + 1];
    if (!is_letter(c) && !is_digit(c)) {
      const char* begin = pattern_.data() + at_ + 1;
      RegexToken token = take(Type::kLiteral, 1 + decode_utf8(begin, pattern_.data() + pattern_.size()).size);
      token.literal = token.text.substr(1);
      return token;
    }
    constexpr std::string_view kPlain = "dDwWsSbBAzZnrtfvaehHRN";
    if (kPlain.find(c) != std::string_view::npos) return take(Type::kOther, 2);
    const size_t braces = pattern_.substr(at_ + 2, 1) == "{" ? pattern_.find('}', at_) : std::string_view::npos;
    if (c == 'x' || c == 'p' || c == 'P') {
      if (braces != std::string_view::npos) return take(Type::kOther, braces + 1 - at_);
      if (c != 'x') return take(Type::kOther, 3);
      size_t i = at_ + 2;
      while (i < pattern_.size() && i < at_ + 4 && std::isxdigit(static_cast<unsigned char>(pattern_[i]))) ++i;
      return take(Type::kOther, i - at_);
    }
    return take(Type::kUnknown, 2);
  }

  size_t class_size() const {
    size_t i = at_ + 1;
    if (i < pattern_.size() && pattern_[i] == '^') ++i;
    if (i < pattern_.size() && pattern_[i] == ']') ++i;
    while (i < pattern_.size() && pattern_[i] != ']') {
      if (pattern_[i] == '\\') {
        i += 2;
      } else if (pattern_.substr(i, 2) == "[:") {
        const size_t end = pattern_.find(":]", i);
        i = end == std::string_view::npos ? i + 1 : end + 2;
      } else {
        ++i;
      }
    }
    return i + 1 - at_;
  }

  std::string_view pattern_;
  size_t at_ = 0;
  std::vector<RegexToken> tokens_;
};

void append_escaped(std::string_view literal, std::string& out) {
  for (char c : literal) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && !is_letter(c) && !is_digit(c) && c != ' ') out.push_back('\\');
    out.push_back(c);
  }
}

// Bytes of an escape or a [:name:] inside a class at `at`; 0 where a plain character stands there.
size_t class_escape_size(std::string_view text, size_t at) {
  if (text.substr(at, 2) == "[:") {
    const size_t end = text.find(":]", at);
    return end == std::string_view::npos ? 0 : end + 2 - at;
  }
  if (text[at] != '\\') return 0;
  const char c = at + 1 < text.size() ? text[at + 1] : '\0';
  if (c != 'x' && c != 'p' && c != 'P') return 2;
  const size_t braces = text.substr(at + 2, 1) == "{" ? text.find('}', at) : std::string_view::npos;
  if (braces != std::string_view::npos) return braces + 1 - at;
  if (c != 'x') return 3;
  size_t i = at + 2;
  while (i < at + 4 && i < text.size() && std::isxdigit(static_cast<unsigned char>(text[i]))) ++i;
  return i - at;
}

// Adds to a class the lower case of what it has in upper case: [A-Z] becomes [A-Za-z]. Code points past ASCII get
// theirs where they stand alone; a range of them is taken as written.
std::string fold_class(std::string_view text, const LiteralForm& form) {
  std::string extra;
  const size_t end = text.size() - 1;
  for (size_t at = 1; at < end;) {
    if (const size_t escape = class_escape_size(text, at)) {
      at += escape;
      continue;
    }
    const auto size_at = [&](size_t i) { return decode_utf8(text.data() + i, text.data() + end).size; };
    const std::string_view first = text.substr(at, size_at(at));
    at += first.size();
    if (at + 1 >= end || text[at] != '-' || class_escape_size(text, at + 1) != 0) {
      const std::string other = form(first);
      if (other != first && count_code_points(other) == 1) append_escaped(other, extra);
      continue;
    }
    const int low = std::max<int>('A', static_cast<unsigned char>(first[0]));
    const int high = std::min<int>('Z', static_cast<unsigned char>(text[at + 1]));
    at += 1 + size_at(at + 1);
    if (low > high) continue;
    extra.push_back(static_cast<char>(low + 32));
    extra.push_back('-');
    extra.push_back(static_cast<char>(high + 32));
  }
  return std::string(text.substr(0, end)) + extra + "]";
}

}  // namespace

std::vector<RegexToken> tokenize_regex(std::string_view pattern) {
  return Tokenizer(pattern).run();
}

std::string fold_regex(std::string_view pattern, const LiteralForm& form) {
  std::string out;
  for (const RegexToken& token : tokenize_regex(pattern)) {
    if (token.type == Type::kLiteral) {
      const std::string folded = form(token.literal);
      const bool several = count_code_points(folded) != 1;
      if (several) out += "(?:";  // so that a quantifier behind it holds for all of them
      append_escaped(folded, out);
      if (several) out += ")";
    } else if (token.type == Type::kClass && token.text.size() > 2) {
      out += fold_class(token.text, form);
    } else {
      out += token.text;
    }
  }
  return out;
}

std::string_view impossible_literal(std::string_view pattern, const LiteralForm& form) {
  for (const RegexToken& token : tokenize_regex(pattern)) {
    if (token.type == Type::kLiteral && form(token.literal) != token.literal) return token.literal;
  }
  return {};
}

}  // namespace quanzu::rules
