#include "rules/author/layout.h"

#include <algorithm>
#include <optional>

#include "rules/author/layout_flow.h"
#include "rules/lang/problems.h"
#include "rules/lang/scalar.h"
#include "rules/lang/yaml.h"

namespace quanzu::rules {

namespace {

constexpr size_t kStep = 2;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

LayoutLines lines_of(std::string_view bytes) {
  if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  LayoutLines lines;
  while (!bytes.empty()) {
    std::string_view line = bytes.substr(0, bytes.find('\n'));
    bytes.remove_prefix(std::min(line.size() + 1, bytes.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.all.push_back(line);
  }
  return lines;
}

bool is_item(std::string_view text) {
  return text.starts_with("- ") || text.starts_with("-\t") || text == "-";
}

// Where the key at the start of the text ends: the place of its colon.
std::optional<size_t> key_end(std::string_view text) {
  size_t from = 0;
  if (text.starts_with('"') || text.starts_with('\'')) {
    from = end_of_quoted(text);
    if (from == std::string_view::npos) return std::nullopt;
    from += leading_blanks(text.substr(from));
    const bool colon = from < text.size() && text[from] == ':';
    return colon ? std::optional(from) : std::nullopt;
  }
  if (text.find_first_of("[{|>#") == 0) return std::nullopt;
  for (size_t at = from; at < text.size(); ++at) {
    if (text[at] == ':' && (at + 1 == text.size() || text[at + 1] == ' ' || text[at + 1] == '\t')) return at;
    if (text[at] == '#' && at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t')) return std::nullopt;
  }
  return std::nullopt;
}

class Scanner {
 public:
  Scanner(std::string_view bytes, Problems& problems) : lines_(lines_of(bytes)), problems_(problems) {}

  std::string run() {
    for (; lines_.more() && problems_.errors() == 0; ++lines_.at) {
      const std::string_view text = without_blanks(lines_.line());
      if (text.empty()) {
        waiting_.push_back({});
      } else if (text[0] == '#') {
        comments_.emplace_back(text);
        waiting_.push_back({text, leading_blanks(lines_.line())});
      } else if (is_marker(lines_.line())) {
        take_marker(text);
      } else {
        take_line(text, leading_blanks(lines_.line()));
      }
    }
    put_waiting(0, 0, true);
    return std::move(out_);
  }

  const std::vector<std::string>& comments() const { return comments_; }

 private:
  struct Open {  // a list or map that is being read: its column as it was, and as it is now
    bool list = false;
    size_t was = 0;
    size_t now = 0;
  };
  struct Waiting {  // an empty line, or a comment that goes with the line after it
    std::string_view comment{};
    size_t was = 0;
  };

  static bool is_marker(std::string_view line) {
    const bool marker = line.starts_with("---") || line.starts_with("...");
    return line.starts_with('%') || (marker && (line.size() == 3 || line[3] == ' ' || line[3] == '\t'));
  }

  void refuse(std::string_view text, std::string reason, std::string suggestion = {}) {
    problems_.error({static_cast<int>(lines_.at) + 1, 1}, text, std::move(reason), std::move(suggestion));
  }

  void take_marker(std::string_view text) {
    const std::string_view rest = text.starts_with('%') ? std::string_view() : without_blanks(text.substr(3));
    if (!rest.empty() && rest[0] != '#')
      return refuse(rest, "text beside a document's mark", "it on a line of its own");
    put_waiting(0, 0, true);
    open_.clear();
    out_ += text;
    out_ += '\n';
    if (!rest.empty()) comments_.emplace_back(rest);
    fresh_ = true;
  }

  // Comments inside of a block that ends here stay in it, others go with the line that follows.
  void put_waiting(size_t was, size_t now, bool at_end) {
    bool blank = false;
    for (const Waiting& one : waiting_) {
      if (one.comment.empty()) {
        blank = true;
        continue;
      }
      size_t column = now;
      if (at_end || one.was > was) column = std::max(now, inner_column(one.was));
      if (blank && !fresh_) out_ += '\n';
      blank = false;
      fresh_ = false;
      out_.append(column, ' ').append(one.comment).append("\n");
    }
    if (blank && !fresh_ && !at_end) out_ += '\n';
    waiting_.clear();
  }

  size_t inner_column(size_t was) const {
    for (auto open = before_.rbegin(); open != before_.rend(); ++open) {
      if (open->was <= was) return open->now;
    }
    return 0;
  }

  void take_line(std::string_view text, size_t was) {
    if (text.starts_with("? ") || text == "?") return refuse(text, "a key behind a question mark", "it before a colon");
    const bool item = is_item(text);
    const std::optional<size_t> key = item ? std::nullopt : key_end(text);
    before_ = open_;
    size_t now = place(was, item, key.has_value());
    put_waiting(was, now, false);
    fresh_ = false;
    out_.append(now, ' ');
    while (is_item(text)) {
      const size_t step = 1 + leading_blanks(text.substr(1));
      was += step;
      text.remove_prefix(step);
      out_ += '-';
      if (text.empty() || text[0] == '#') return end_line(text, step - 1);
      out_ += ' ';
      const bool nested = is_item(text);
      if (!nested && !key_end(text)) break;
      now = open_.back().now + kStep;
      open_.push_back({nested, was, now});
    }
    take_entry(text);
    before_ = open_;
  }

  // The column of a line's first piece; what it begins or goes on with is open behind it.
  size_t place(size_t was, bool item, bool key) {
    while (!open_.empty() && open_.back().was > was) open_.pop_back();
    if (key && !open_.empty() && open_.back().list && open_.back().was == was) open_.pop_back();
    const bool same = !open_.empty() && open_.back().was == was;
    if (same && open_.back().list == item && (item || key)) return open_.back().now;
    const size_t now = open_.empty() ? 0 : open_.back().now + kStep;
    if (item || key) open_.push_back({item, was, now});
    return now;
  }

  void take_entry(std::string_view text) {
    if (const std::optional<size_t> key = key_end(text)) {
      out_ += without_blanks(text.substr(0, *key));
      out_ += ':';
      text.remove_prefix(*key + 1);
      const size_t gap = leading_blanks(text);
      text.remove_prefix(gap);
      if (text.empty() || text[0] == '#') return end_line(text, gap);
      out_ += ' ';
    }
    while (text[0] == '&' || text[0] == '!') {  // an anchor, a tag
      const size_t end = std::min(text.find_first_of(" \t"), text.size());
      out_ += text.substr(0, end);
      text.remove_prefix(end);
      const size_t gap = leading_blanks(text);
      text.remove_prefix(gap);
      if (text.empty() || text[0] == '#') return end_line(text, gap);
      out_ += ' ';
    }
    take_value(text);
  }

  size_t parent_was() const { return open_.empty() ? 0 : open_.back().was; }
  size_t child_now() const { return open_.empty() ? 0 : open_.back().now + kStep; }

  void take_value(std::string_view text) {
    switch (text[0]) {
      case '|':
      case '>':
        return take_block(text);
      case '[':
      case '{':
        return take_flow(text);
      case '"':
      case '\'':
        return take_quoted(text);
      default:
        return take_plain(text);
    }
  }

  // What may stand behind a value: nothing, or a comment. Ends the line.
  void end_line(std::string_view text, size_t gap) {
    if (!text.empty() && (text[0] != '#' || gap == 0)) return refuse(text, "text behind the end of a value");
    if (!text.empty()) {
      comments_.emplace_back(text);
      out_.append(std::max(kStep, gap), ' ').append(text);
    }
    out_ += '\n';
  }
  void end_line(std::string_view rest) {
    const size_t gap = leading_blanks(rest);
    end_line(without_blanks(rest), gap);
  }

  void take_flow(std::string_view text) {
    const size_t from = lines_.at;
    std::optional<FlowLayout> flow = lay_out_flow(text, lines_, child_now());
    if (!flow) {
      lines_.at = from;
      return refuse(text.substr(0, 1), "this bracket is never closed");
    }
    for (size_t i = 0; i < flow->lines.size(); ++i) {
      if (i > 0) out_ += '\n';
      out_ += flow->lines[i];
    }
    for (std::string& comment : flow->comments) comments_.push_back(std::move(comment));
    end_line(flow->rest);
  }

  void take_quoted(std::string_view text) {
    const char quote = text[0];
    size_t end = end_of_quoted(text);
    while (end == std::string_view::npos) {
      out_ += without_blanks(text);
      out_ += '\n';
      ++lines_.at;
      if (!lines_.more()) return refuse(std::string_view(&quote, 1), "this quote is never closed");
      text = without_blanks(lines_.line());
      if (!text.empty()) out_.append(child_now(), ' ');
      end = end_of_quoted(text, quote, 0);
    }
    out_ += text.substr(0, end);
    end_line(text.substr(end));
  }

  // A plain scalar goes on over lines that stand deeper than what it is in.
  void take_plain(std::string_view text) {
    const size_t comment = std::min(text.find(" #"), text.find("\t#"));
    const std::string_view first = without_blanks(text.substr(0, comment));
    std::vector<std::string_view> more;
    while (comment == std::string_view::npos) {
      size_t next = lines_.at + 1;
      while (next < lines_.all.size() && without_blanks(lines_.all[next]).empty()) ++next;
      if (next >= lines_.all.size() || !goes_on(lines_.all[next])) break;
      for (size_t at = lines_.at + 1; at <= next; ++at) more.push_back(without_blanks(lines_.all[at]));
      lines_.at = next;
    }
    if (more.empty()) {
      out_ += plain_in_layout(first);
      return end_line(text.substr(std::min(first.size(), text.size())));
    }
    out_ += first;
    for (const std::string_view line : more) {
      out_ += '\n';
      if (!line.empty()) out_.append(child_now(), ' ').append(line);
    }
    out_ += '\n';
  }

  bool goes_on(std::string_view line) const {
    const size_t column = leading_blanks(line);
    return line[column] != '#' && !is_marker(line) && !open_.empty() && column > parent_was();
  }

  // A block scalar: its lines are kept to the letter, moved as one.
  void take_block(std::string_view text) {
    const size_t head_end = std::min(text.find_first_of(" \t"), text.size());
    const std::string_view head = text.substr(0, head_end);
    out_ += head;
    end_line(text.substr(head_end));
    const size_t from = lines_.at + 1;
    size_t end = from;
    size_t column = 0;
    const size_t digit = head.find_first_of("123456789");
    if (digit != std::string_view::npos) column = parent_was() + static_cast<size_t>(head[digit] - '0');
    for (size_t at = from; at < lines_.all.size(); ++at) {
      const std::string_view line = lines_.all[at];
      if (without_blanks(line).empty()) continue;
      const size_t here = std::min(line.find_first_not_of(' '), line.size());
      if (column == 0 && here > parent_was()) column = here;
      if (column == 0 || here < column) break;
      end = at + 1;
    }
    const size_t now =
        digit == std::string_view::npos ? child_now() : child_now() - kStep + static_cast<size_t>(head[digit] - '0');
    const bool keep = head.find('+') != std::string_view::npos;
    if (keep) {
      while (end < lines_.all.size() && without_blanks(lines_.all[end]).empty()) ++end;
    }
    for (size_t at = from; at < end; ++at) {
      const std::string_view line = lines_.all[at];
      if (line.size() > column) out_.append(now, ' ').append(line.substr(column));
      out_ += '\n';
    }
    lines_.at = end - 1;
  }

  LayoutLines lines_;
  Problems& problems_;
  std::string out_;
  std::vector<Open> open_;
  std::vector<Open> before_;  // as it was behind the line before
  std::vector<Waiting> waiting_;
  std::vector<std::string> comments_;
  bool fresh_ = true;  // nothing stands in this document yet
};

// The first place where two documents differ in what they say; nothing where they are the same.
const YamlNode* difference(const YamlNode& a, const YamlNode& b) {
  if (a.type != b.type || a.items.size() != b.items.size() || a.entries.size() != b.entries.size()) return &a;
  if (a.is(YamlType::kScalar)) {
    const Scalar x = type_of(a);
    return a.text == b.text && x.type == type_of(b).type ? nullptr : &a;
  }
  for (size_t i = 0; i < a.items.size(); ++i) {
    if (const YamlNode* found = difference(*a.items[i], *b.items[i])) return found;
  }
  for (size_t i = 0; i < a.entries.size(); ++i) {
    if (const YamlNode* found = difference(*a.entries[i].key, *b.entries[i].key)) return found;
    if (const YamlNode* found = difference(*a.entries[i].value, *b.entries[i].value)) return found;
  }
  return nullptr;
}

std::optional<Mark> difference(const std::vector<YamlDocument>& a, const std::vector<YamlDocument>& b) {
  for (size_t i = 0; i < a.size() && i < b.size(); ++i) {
    if (const YamlNode* found = difference(*a[i].root, *b[i].root)) return found->mark;
  }
  return a.size() == b.size() ? std::nullopt : std::optional(Mark{1, 1});
}

}  // namespace

Layout lay_out(const std::string& file, std::string_view bytes) {
  Layout out;
  Problems problems(file, out.problems);
  const std::vector<YamlDocument> documents = parse_yaml(bytes, problems);
  if (problems.errors() > 0) return out;
  Scanner scanner(bytes, problems);
  std::string text = scanner.run();
  if (problems.errors() > 0) return out;

  // Whatever the scanner took for something else shows here, and nothing is written.
  constexpr std::string_view kKept =
      "this layout can't be made canonical without a change of what it says; the file stays";
  std::vector<Problem> ignored;
  Problems again(file, ignored);
  const std::optional<Mark> moved = difference(documents, parse_yaml(text, again));
  Scanner second(text, again);
  const std::string settled = second.run();
  if (moved || again.errors() > 0) {
    problems.error(moved.value_or(Mark{1, 1}), {}, std::string(kKept), "it with simpler lists and quotes");
  } else if (second.comments() != scanner.comments() || settled != text) {
    problems.error({1, 1}, {}, std::string(kKept), "comments on lines of their own");
  } else {
    out.text = std::move(text);
  }
  return out;
}

}  // namespace quanzu::rules
