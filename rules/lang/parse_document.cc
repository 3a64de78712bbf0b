#include "rules/lang/parse_document.h"

#include <cmath>

#include "rules/lang/scalar.h"
#include "rules/lang/taxonomy.h"

namespace quanzu::rules {

namespace {

const std::vector<std::string_view>& known_keys() {
  static const std::vector<std::string_view> kKeys = {
      "title",      "id",     "name",  "related",   "taxonomy",  "status",      "description", "license",
      "references", "author", "date",  "modified",  "logsource", "detection",   "fields",      "falsepositives",
      "level",      "tags",   "scope", "antifraud", "tests",     "correlation", "filter",      "generate"};
  return kKeys;
}

// Strings that must be one of a few.
void judge_word(const std::string& word, const YamlNode& node, std::string_view key,
                const std::vector<std::string_view>& words, Problems& problems) {
  for (std::string_view one : words) {
    if (word == one) return;
  }
  problems.error(node.mark, word, "the " + std::string(key) + " is " + one_of(words), nearest(word, words));
}

class HeadParser {
 public:
  HeadParser(const ParseContext& context, Document& out) : problems_(context.problems), out_(out) {}

  void parse(const YamlNode& document, bool alone) {
    out_.file = problems_.file();
    out_.mark = document.mark;
    for (const YamlEntry& entry : document.entries) parse_key(*entry.key, *entry.value);
    require_key(document, "title", "title: what the rule finds", problems_);
    name_document(document, alone);
    if (const YamlNode* node = document.find("antifraud")) parse_antifraud(*node, problems_, out_);
  }

 private:
  void parse_key(const YamlNode& key, const YamlNode& value) {
    const std::string_view name = key.text;
    if (name == "title") {
      take_text(value, name, out_.info.title);
    } else if (name == "id") {
      take_text(value, name, out_.info.id);
    } else if (name == "name") {
      take_text(value, name, out_.name);
    } else if (name == "status") {
      take_text(value, name, out_.status);
      judge_word(out_.status, value, name, {"stable", "test", "experimental", "deprecated", "unsupported"}, problems_);
    } else if (name == "level") {
      take_text(value, name, out_.level);
      judge_word(out_.level, value, name, {"informational", "low", "medium", "high", "critical"}, problems_);
    } else if (name == "date" || name == "modified") {
      const std::optional<std::string> date = text_of(value, name, problems_);
      if (date && !is_date(*date)) problems_.warn(value.mark, *date, "no date of the form YYYY-MM-DD");
    } else if (name == "description" || name == "author" || name == "license" || name == "taxonomy") {
      text_of(value, name, problems_);
    } else if (name == "references" || name == "tags" || name == "falsepositives" || name == "fields" ||
               name == "scope") {
      texts_of(value, name, problems_);
    } else if (name == "related") {
      parse_related(value);
    } else if (name == "timeframe" || name == "condition") {
      problems_.error(key.mark, name, "this key has no meaning here", name == "condition" ? "it inside detection" : "");
    } else if (!is_known(name)) {
      problems_.warn(key.mark, name, "an unknown key: it is kept for others and means nothing here",
                     nearest(name, known_keys()));
    }
  }

  static bool is_known(std::string_view name) {
    for (std::string_view known : known_keys()) {
      if (name == known) return true;
    }
    return false;
  }

  void take_text(const YamlNode& value, std::string_view key, std::string& out) {
    if (std::optional<std::string> text = text_of(value, key, problems_)) out = std::move(*text);
  }

  void parse_related(const YamlNode& value) {
    if (!value.is(YamlType::kList)) {
      problems_.error(value.mark, value.text, "related is a list of maps with id and type");
      return;
    }
    for (const YamlNode* one : value.items) {
      const YamlNode* id = one->find("id");
      const YamlNode* type = one->find("type");
      if (id == nullptr || type == nullptr) {
        problems_.error(one->mark, one->text, "each of related is a map with id and type");
        continue;
      }
      if (const std::optional<std::string> word = text_of(*type, "type", problems_)) {
        judge_word(*word, *type, "type", {"derived", "obsolete", "merged", "renamed", "similar"}, problems_);
      }
    }
  }

  void name_document(const YamlNode& document, bool alone) {
    if (!out_.info.id.empty()) return;
    out_.info.id = out_.name;
    if (!out_.info.id.empty()) return;
    if (!alone) {
      problems_.error(document.mark, out_.info.title, "a rule in a file of several must have an id or a name");
    }
    out_.info.id = std::filesystem::path(out_.file).stem().string();
  }

  Problems& problems_;
  Document& out_;
};

}  // namespace

std::optional<std::string> text_of(const YamlNode& node, std::string_view key, Problems& problems) {
  if (node.is(YamlType::kScalar) && !node.text.empty()) return node.text;
  const std::string_view reason = node.is(YamlType::kScalar) || node.is(YamlType::kNull) ? "is empty" : "is a text";
  problems.error(node.mark, key, "the " + std::string(key) + " " + std::string(reason));
  return std::nullopt;
}

std::optional<double> number_of(const YamlNode& node, std::string_view key, Problems& problems) {
  if (node.is(YamlType::kScalar)) {
    const Scalar scalar = type_of(node);
    if (scalar.type == ScalarType::kNumber && std::isfinite(scalar.number)) return scalar.number;
  }
  problems.error(node.mark, node.text, "the " + std::string(key) + " is a number");
  return std::nullopt;
}

std::optional<Duration> timespan_of(const YamlNode& node, std::string_view key, Problems& problems) {
  const std::optional<std::string> text = text_of(node, key, problems);
  if (!text) return std::nullopt;
  const Result<Duration> span = parse_timespan(*text);
  if (span) return *span;
  problems.error(node.mark, *text, span.error().message);
  return std::nullopt;
}

std::optional<std::vector<std::string>> texts_of(const YamlNode& node, std::string_view key, Problems& problems) {
  if (!node.is(YamlType::kList)) {
    const std::optional<std::string> one = text_of(node, key, problems);
    if (!one) return std::nullopt;
    return std::vector<std::string>{*one};
  }
  std::vector<std::string> out;
  for (const YamlNode* item : node.items) {
    std::optional<std::string> one = text_of(*item, key, problems);
    if (!one) return std::nullopt;
    out.push_back(std::move(*one));
  }
  return out;
}

void unknown_key(const YamlNode& key, std::string_view where, const std::vector<std::string_view>& known,
                 Problems& problems) {
  problems.error(key.mark, key.text, "unknown key in " + std::string(where) + ", which takes " + one_of(known),
                 nearest(key.text, known));
}

std::optional<Duration> positive_span(const YamlNode& node, std::string_view key, Problems& problems) {
  const std::optional<Duration> span = timespan_of(node, key, problems);
  if (!span || span->count() > 0) return span;
  problems.error(node.mark, node.text, "the " + std::string(key) + " is longer than nothing");
  return std::nullopt;
}

std::vector<RuleRef> references_of(const YamlNode& node, std::string_view key, Problems& problems) {
  std::vector<const YamlNode*> items = {&node};
  if (node.is(YamlType::kList)) items = node.items;
  if (items.empty()) problems.error(node.mark, "[]", "the " + std::string(key) + " are ids or names, one or more");
  std::vector<RuleRef> out;
  for (const YamlNode* item : items) {
    if (std::optional<std::string> name = text_of(*item, key, problems)) out.push_back({std::move(*name), item->mark});
  }
  return out;
}

void require_key(const YamlNode& document, std::string_view key, std::string suggestion, Problems& problems) {
  const YamlNode* value = document.find(key);
  if (value != nullptr && !value->is(YamlType::kNull)) return;
  problems.error(value != nullptr ? value->mark : document.mark, key, "this document must have a " + std::string(key),
                 std::move(suggestion));
}

LogSource parse_logsource(const YamlNode& node, const ParseContext& context) {
  LogSource source;
  if (!node.is(YamlType::kMap)) {
    context.problems.error(node.mark, node.text, "logsource is a map", "{product: quanzu}");
    return source;
  }
  for (const YamlEntry& entry : node.entries) {
    const std::string_view name = entry.key->text;
    std::string definition;
    std::string* out = name == "category"     ? &source.category
                       : name == "product"    ? &source.product
                       : name == "service"    ? &source.service
                       : name == "definition" ? &definition
                                              : nullptr;
    if (out == nullptr) {
      unknown_key(*entry.key, "logsource", {"category", "product", "service", "definition"}, context.problems);
    } else if (std::optional<std::string> text = text_of(*entry.value, name, context.problems)) {
      *out = std::move(*text);
    }
  }
  if (source.category.empty() && source.product.empty() && source.service.empty()) {
    context.problems.error(node.mark, "logsource", "a logsource gives category, product or service",
                           "{product: quanzu}");
  }
  if (!context.options.any_schema) judge_logsource(source, node.mark, context.problems);
  return source;
}

void parse_head(const YamlNode& document, const ParseContext& context, bool alone, Document& out) {
  HeadParser(context, out).parse(document, alone);
}

}  // namespace quanzu::rules
