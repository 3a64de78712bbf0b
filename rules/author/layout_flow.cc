#include "rules/author/layout_flow.h"

#include <algorithm>

#include "rules/lang/scalar.h"

namespace quanzu::rules {

namespace {

constexpr std::string_view kBlanks = " \t\r";

class FlowScanner {
 public:
  FlowScanner(LayoutLines& lines, size_t indent) : lines_(lines), indent_(indent) {}

  std::optional<FlowLayout> scan(std::string_view text) {
    std::string_view rest = text;
    while (true) {
      begin_line(rest);
      while (!rest.empty()) {
        take(rest);
        if (depth_ > 0) {
          const size_t gap = leading_blanks(rest);
          blank_ = gap > 0;
          rest.remove_prefix(gap);
          continue;
        }
        end_line();
        out_.rest = rest;
        return std::move(out_);
      }
      end_line();
      ++lines_.at;
      if (!lines_.more()) return std::nullopt;
      rest = without_blanks(lines_.line());
    }
  }

 private:
  enum class Last : uint8_t { kNothing, kOpen, kComma, kColon, kQuoted, kOther };

  // Brackets that close at once stand under the line that opened them.
  void begin_line(std::string_view rest) {
    const size_t closers = rest.find_first_not_of("]}, \t");
    const auto head = rest.substr(0, std::min(closers, rest.size()));
    const auto closed = static_cast<size_t>(std::count_if(head.begin(), head.end(), [](char c) { return c != ','; }));
    const size_t depth = depth_ > closed ? depth_ - closed : 0;
    line_ = out_.lines.empty() ? "" : std::string(indent_ + 2 * depth, ' ');
    begin_ = line_.size();
    last_ = Last::kNothing;
    blank_ = true;
  }

  void end_line() {
    if (line_.size() == begin_) line_.clear();
    out_.lines.push_back(std::move(line_));
    line_.clear();
  }

  void put(std::string_view text, Last as) {
    const bool joined = last_ == Last::kNothing || last_ == Last::kOpen;
    if (!joined) line_ += ' ';
    line_ += text;
    last_ = as;
  }

  void put_close(std::string_view text, Last as) {  // without a space before it
    line_ += text;
    last_ = as;
  }

  void take(std::string_view& rest) {
    const char c = rest[0];
    if (open_quote_ != 0 || c == '"' || c == '\'') return take_quoted(rest);
    if (c == '[' || c == '{') {
      put(rest.substr(0, 1), Last::kOpen);
      ++depth_;
    } else if (c == ']' || c == '}') {
      put_close(rest.substr(0, 1), Last::kOther);
      --depth_;
    } else if (c == ',') {
      put_close(",", Last::kComma);
    } else if (c == ':' && ends_key(rest)) {
      put_close(":", Last::kColon);
    } else if (c == '#' && blank_) {
      out_.comments.emplace_back(rest);
      line_ += last_ == Last::kNothing ? "" : "  ";
      line_ += rest;
      rest = {};
      return;
    } else {
      return take_plain(rest);
    }
    rest.remove_prefix(1);
  }

  bool ends_key(std::string_view rest) const {
    return rest.size() == 1 || (kBlanks.find(rest[1]) != std::string_view::npos) ||
           std::string_view(",]}").find(rest[1]) != std::string_view::npos || last_ == Last::kQuoted;
  }

  void take_quoted(std::string_view& rest) {
    const bool fresh = open_quote_ == 0;
    if (fresh) open_quote_ = rest[0];
    const size_t end = end_of_quoted(rest, open_quote_, fresh ? 1 : 0);
    const std::string_view piece = rest.substr(0, end);
    put(end == std::string_view::npos ? without_blanks(piece) : piece, Last::kQuoted);
    if (end != std::string_view::npos) open_quote_ = 0;
    rest.remove_prefix(piece.size());
  }

  void take_plain(std::string_view& rest) {
    size_t end = 1;
    for (; end < rest.size(); ++end) {
      const char c = rest[end];
      if (std::string_view(",[]{}").find(c) != std::string_view::npos) break;
      const bool blank_before = kBlanks.find(rest[end - 1]) != std::string_view::npos;
      if (c == '#' && blank_before) break;
      const bool blank_after =
          end + 1 == rest.size() || std::string_view(" \t,[]{}").find(rest[end + 1]) != std::string_view::npos;
      if (c == ':' && blank_after) break;
    }
    const std::string_view text = without_blanks(rest.substr(0, end));
    const std::string_view after = without_blanks(rest.substr(end));
    const bool whole = last_ != Last::kNothing && last_ != Last::kOther && !after.empty() && after[0] != ':';
    put(whole ? plain_in_layout(text) : std::string(text), Last::kOther);
    rest.remove_prefix(end);
  }

  LayoutLines& lines_;
  const size_t indent_;
  FlowLayout out_;
  std::string line_;
  size_t begin_ = 0;  // of the line's text, behind its indentation
  size_t depth_ = 0;
  char open_quote_ = 0;
  Last last_ = Last::kNothing;
  bool blank_ = true;  // stands before what comes next
};

}  // namespace

std::string_view without_blanks(std::string_view text) {
  const size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

size_t leading_blanks(std::string_view text) {
  return std::min(text.find_first_not_of(kBlanks), text.size());
}

size_t end_of_quoted(std::string_view text) {
  return end_of_quoted(text, text[0], 1);
}

size_t end_of_quoted(std::string_view text, char quote, size_t from) {
  for (size_t at = from; at < text.size(); ++at) {
    if (text[at] == '\\' && quote == '"') {
      ++at;
    } else if (text[at] == quote) {
      if (quote == '"' || at + 1 >= text.size() || text[at + 1] != quote) return at + 1;
      ++at;  // '' is a quote inside of quotes
    }
  }
  return std::string_view::npos;
}

std::string plain_in_layout(std::string_view text) {
  const YamlNode node{.type = YamlType::kScalar, .mark = {}, .text = std::string(text)};
  const bool needs = type_of(node).type == ScalarType::kString && !surprise(node).empty();
  return needs ? "'" + node.text + "'" : node.text;
}

std::optional<FlowLayout> lay_out_flow(std::string_view text, LayoutLines& lines, size_t indent) {
  return FlowScanner(lines, indent).scan(text);
}

}  // namespace quanzu::rules
