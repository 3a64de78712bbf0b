#include "rules/lang/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <optional>
#include <set>
#include <sstream>
#include <unordered_map>

#include "rules/text/utf8.h"

namespace quanzu::rules {

namespace {

constexpr size_t kMostFileBytes = size_t{8} << 20U;
constexpr size_t kMostDocumentBytes = size_t{1} << 20U;
constexpr size_t kMostDocuments = 20'000;
constexpr size_t kMostDepth = 64;
constexpr size_t kMostNodes = 200'000;

// A document's lines in its file.
struct Piece {
  std::string_view text;
  int line = 1;  // of its first
};

struct Abandoned {};  // thrown and caught here: the rest of a document is not worth reading

// Events to nodes. Keeps the open lists and maps on a stack and the size that each anchor stands for.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const Piece& piece, YamlDocument& document, Problems& problems)
      : piece_(piece), document_(document), problems_(problems) {
    for (size_t at = 0; at != std::string_view::npos; at = piece.text.find('\n', at)) {
      if (at != 0 || !line_starts_.empty()) ++at;
      line_starts_.push_back(at);
    }
  }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    YamlNode& node = fresh(YamlType::kNull, mark);
    take(node, anchor, 1);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto known = anchors_.find(anchor);
    if (known == anchors_.end()) {
      problems_.error(place(mark), "*", "an alias inside of what it stands for never ends");
      throw Abandoned();
    }
    take(*known->second.node, 0, known->second.size);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode& node = fresh(YamlType::kScalar, mark);
    node.text = value;
    node.quoted = tag == "!" || tag == "tag:yaml.org,2002:str";
    if (!node.quoted) refuse_tag(mark, tag);
    const std::string_view line = rest_of_line(mark);
    const size_t quote = !line.empty() && (line[0] == '\'' || line[0] == '"') ? 1 : 0;
    if (line.substr(std::min(quote, line.size())).starts_with(value))
      node.text_column = node.mark.column + static_cast<int>(quote);
    take(node, anchor, 1);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    refuse_tag(mark, tag);
    open(fresh(YamlType::kList, mark), anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    refuse_tag(mark, tag);
    open(fresh(YamlType::kMap, mark), anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    YamlNode* node;
    YAML::anchor_t anchor;
    size_t size = 1;                // nodes, aliases followed
    const YamlNode* key = nullptr;  // of a map: read, its value not yet
    bool refused_key = false;
    std::set<std::string> keys{};
  };
  struct Anchored {
    const YamlNode* node;
    size_t size;
  };

  Mark place(const YAML::Mark& mark) const { return {piece_.line + mark.line, mark.column + 1}; }

  std::string_view rest_of_line(const YAML::Mark& mark) const {
    const auto line = static_cast<size_t>(mark.line);
    if (mark.line < 0 || line >= line_starts_.size()) return {};
    const std::string_view rest = piece_.text.substr(std::min(line_starts_[line], piece_.text.size()));
    return rest.substr(std::min(static_cast<size_t>(mark.column), rest.size()));
  }

  YamlNode& fresh(YamlType type, const YAML::Mark& mark) {
    return *document_.nodes.emplace_back(std::make_unique<YamlNode>(YamlNode{.type = type, .mark = place(mark)}));
  }

  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    problems_.error(place(mark), tag, "a tag has no meaning in a rule: quote what shall be a string");
  }

  void open(YamlNode& node, YAML::anchor_t anchor) {
    if (open_.size() >= kMostDepth) {
      problems_.error(node.mark, "", "nested deeper than 64 lists and maps");
      throw Abandoned();
    }
    open_.push_back({.node = &node, .anchor = anchor});
  }

  void close() {
    const Open done = std::move(open_.back());
    open_.pop_back();
    take(*done.node, done.anchor, done.size);
  }

  // A node is complete: it goes into the list or map that is open.
  void take(const YamlNode& node, YAML::anchor_t anchor, size_t size) {
    if (anchor != 0) anchors_[anchor] = {&node, size};
    if (open_.empty()) {
      document_.root = &node;
      return;
    }
    Open& parent = open_.back();
    parent.size += size;
    if (parent.size > kMostNodes) {
      problems_.error(node.mark, node.text, "more than 200,000 values in one document once its aliases are followed");
      throw Abandoned();
    }
    if (parent.node->is(YamlType::kList)) {
      parent.node->items.push_back(&node);
    } else if (parent.key == nullptr && !parent.refused_key) {
      take_key(parent, node);
    } else {
      if (!parent.refused_key) parent.node->entries.push_back({parent.key, &node});
      parent.key = nullptr;
      parent.refused_key = false;
    }
  }

  void take_key(Open& parent, const YamlNode& node) {
    parent.refused_key = true;
    if (!node.is(YamlType::kScalar)) {
      problems_.error(node.mark, node.text, "a key is a word: no list, no map, not nothing");
    } else if (node.text == "<<" && !node.quoted) {
      problems_.error(node.mark, node.text, "merge keys are not part of YAML 1.2: write the keys out");
    } else if (!parent.keys.insert(node.text).second) {
      problems_.error(node.mark, node.text, "this key stands here twice: one of the two would be lost");
    } else {
      parent.refused_key = false;
      parent.key = &node;
    }
  }

  const Piece& piece_;
  YamlDocument& document_;
  Problems& problems_;
  std::vector<size_t> line_starts_;
  std::vector<Open> open_;
  std::unordered_map<YAML::anchor_t, Anchored> anchors_;
};

bool is_marker(std::string_view line, std::string_view marker) {
  return line.starts_with(marker) && (line.size() == 3 || line[3] == ' ' || line[3] == '\t' || line[3] == '\r');
}

// Nothing but blanks, comments and directives.
bool is_bare(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const size_t first = line.find_first_not_of(" \t\r");
    if (first != std::string_view::npos && line[first] != '#' && line[0] != '%') return false;
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return true;
}

// Cuts at "---" and "...", which are markers at the start of a line wherever they stand: so a document that is broken
// does not hide the problems of the next, and each has its own limits.
std::vector<Piece> cut(std::string_view bytes) {
  std::vector<Piece> pieces;
  size_t begin = 0;
  int begin_line = 1;
  int line_number = 1;
  const auto end_at = [&](size_t end) {
    const std::string_view text = bytes.substr(begin, end - begin);
    if (!text.empty()) pieces.push_back({text, begin_line});
  };
  for (size_t at = 0; at < bytes.size(); ++line_number) {
    const std::string_view line = bytes.substr(at, std::min(bytes.find('\n', at), bytes.size()) - at);
    const size_t next = std::min(at + line.size() + 1, bytes.size());
    if (is_marker(line, "...")) {
      end_at(at);
      begin = next;
      begin_line = line_number + 1;
    } else if (is_marker(line, "---") && !is_bare(bytes.substr(begin, at - begin))) {
      end_at(at);
      begin = at;
      begin_line = line_number;
    }
    at = next;
  }
  end_at(bytes.size());
  return pieces;
}

void parse_piece(const Piece& piece, std::vector<YamlDocument>& out, Problems& problems) {
  if (piece.text.size() > kMostDocumentBytes) {
    problems.error({piece.line, 1}, "", "a document larger than 1 MiB: move data into a list, or cut the rule in two");
    return;
  }
  YamlDocument document;
  document.bytes = piece.text;
  TreeBuilder builder(piece, document, problems);
  std::istringstream stream{std::string(piece.text)};
  try {
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
    YamlDocument rest;
    TreeBuilder rest_builder(piece, rest, problems);
    if (document.root != nullptr && parser.HandleNextDocument(rest_builder) && rest.root != nullptr) {
      problems.error(rest.root->mark, rest.root->text, "text after the end of the document", "--- on a line before it");
    }
  } catch (const Abandoned&) {
    return;
  } catch (const YAML::Exception& broken) {
    problems.error({piece.line + broken.mark.line, broken.mark.column + 1}, "", "no valid YAML: " + broken.msg);
    return;
  }
  if (document.root != nullptr && !document.root->is(YamlType::kNull)) out.push_back(std::move(document));
}

Mark mark_of_byte(std::string_view bytes, size_t at) {
  const std::string_view before = bytes.substr(0, at);
  const size_t line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  return {1 + static_cast<int>(std::count(before.begin(), before.end(), '\n')), static_cast<int>(at - line_start) + 1};
}

// yaml-cpp stops silently at some control characters.
bool is_forbidden(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0x7F || (byte < 0x20 && c != '\t' && c != '\n' && c != '\r');
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  for (const YamlEntry& entry : entries) {
    if (entry.key->text == key) return entry.value;
  }
  return nullptr;
}

Mark YamlNode::place_of(size_t offset) const {
  if (text_column == 0 || text.find('\n') < offset) return mark;
  return {mark.line, text_column + static_cast<int>(offset)};
}

std::vector<YamlDocument> parse_yaml(std::string_view bytes, Problems& problems) {
  if (bytes.size() > kMostFileBytes) {
    problems.error({1, 1}, "", "a file larger than 8 MiB: put rules into several files, data into lists");
    return {};
  }
  if (const size_t bad = find_invalid_utf8(bytes); bad != std::string_view::npos) {
    problems.error(mark_of_byte(bytes, bad), "", "invalid UTF-8: save the file as UTF-8");
    return {};
  }
  if (const auto bad = std::find_if(bytes.begin(), bytes.end(), is_forbidden); bad != bytes.end()) {
    problems.error(mark_of_byte(bytes, static_cast<size_t>(bad - bytes.begin())), "",
                   "a control character: in a double-quoted string it is written \\x and two digits");
    return {};
  }
  std::vector<YamlDocument> documents;
  const std::vector<Piece> pieces = cut(bytes);
  if (pieces.size() > kMostDocuments) {
    problems.error({pieces[kMostDocuments].line, 1}, "", "more than 20,000 documents: put rules into several files");
    return {};
  }
  for (const Piece& piece : pieces) parse_piece(piece, documents, problems);
  return documents;
}

}  // namespace quanzu::rules
