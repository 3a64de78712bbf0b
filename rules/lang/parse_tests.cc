// Inline tests: the events that a rule must find and those that it must leave alone.
#include <cmath>

#include "rules/lang/parse_document.h"
#include "rules/lang/scalar.h"
#include "rules/lang/taxonomy.h"

namespace quanzu::rules {

namespace {

class TestsParser {
 public:
  TestsParser(const ParseContext& context, bool kind_known, Document& out)
      : context_(context), problems_(context.problems), kind_known_(kind_known), out_(out) {}

  void parse(const YamlNode& tests) {
    if (!tests.is(YamlType::kList) || tests.items.empty()) {
      problems_.error(tests.mark, "tests", "tests is a list of maps with name, events and expect");
      return;
    }
    for (const YamlNode* test : tests.items) parse_test(*test);
  }

 private:
  void parse_test(const YamlNode& node) {
    if (!node.is(YamlType::kMap)) {
      problems_.error(node.mark, node.text, "a test is a map with name, events and expect");
      return;
    }
    RuleTest test;
    test.mark = node.mark;
    for (const YamlEntry& entry : node.entries) {
      const std::string_view key = entry.key->text;
      if (key == "name") {
        test.name = text_of(*entry.value, key, problems_).value_or("");
      } else if (key == "start") {
        test.start = start_of(*entry.value);
      } else if (key == "events") {
        parse_events(*entry.value, test);
      } else if (key == "expect") {
        parse_expectations(*entry.value, test);
      } else {
        unknown_key(*entry.key, "a test", {"name", "start", "events", "expect"}, problems_);
      }
    }
    if (node.find("name") == nullptr) problems_.error(node.mark, "name", "a test needs a name that says its fact");
    if (node.find("events") == nullptr) problems_.error(node.mark, "events", "a test needs events");
    if (node.find("expect") == nullptr) {
      problems_.error(node.mark, "expect", "what the test expects is missing",
                      "expect: [] where the rule must stay silent");
    }
    out_.tests.push_back(std::move(test));
  }

  std::string start_of(const YamlNode& node) {
    const std::string text = text_of(node, "start", problems_).value_or("");
    if (!text.empty() && !parse_rfc3339(text)) {
      problems_.error(node.mark, text, "the start is a time of RFC 3339", "2026-11-24T10:00:00+08:00");
    }
    return text;
  }

  void parse_events(const YamlNode& node, RuleTest& test) {
    if (!node.is(YamlType::kList) || node.items.empty()) {
      problems_.error(node.mark, "events", "the events are a list of maps, one or more");
      return;
    }
    for (const YamlNode* one : node.items) {
      if (!one->is(YamlType::kMap) || one->entries.empty()) {
        problems_.error(one->mark, one->text, "an event is a map of fields", "{kind: sms, text: '...'}");
        continue;
      }
      TestEvent event;
      event.mark = one->mark;
      for (const YamlEntry& entry : one->entries) add_field(entry.key->text, *entry.key, *entry.value, event);
      if (!context_.options.any_schema && one->find("kind") == nullptr && !kind_known_) {
        problems_.error(one->mark, "kind", "the kind of the event is missing", "kind: sms");
      }
      test.events.push_back(std::move(event));
    }
  }

  // Maps inside of an event are its dotted names.
  void add_field(const std::string& name, const YamlNode& key, const YamlNode& value, TestEvent& event) {
    if (value.is(YamlType::kMap)) {
      for (const YamlEntry& entry : value.entries)
        add_field(name + "." + entry.key->text, *entry.key, *entry.value, event);
      return;
    }
    if (value.is(YamlType::kList)) {
      problems_.error(value.mark, name, "a field of a test's event is one value");
      return;
    }
    std::optional<FieldValue> typed = context_.options.any_schema ? plain_value(value) : typed_value(name, key, value);
    if (typed) event.fields.push_back({name, std::move(*typed), value.mark});
  }

  static std::optional<FieldValue> plain_value(const YamlNode& value) {
    const Scalar scalar = type_of(value);
    switch (scalar.type) {
      case ScalarType::kNull:
        return FieldValue();
      case ScalarType::kBoolean:
        return FieldValue(scalar.boolean);
      case ScalarType::kNumber:
        return FieldValue(scalar.number);
      case ScalarType::kString:
        return FieldValue(value.text);
    }
    return std::nullopt;
  }

  // In the type of the signal's field: an unquoted 95588 is a telephone number where the field is text.
  std::optional<FieldValue> typed_value(const std::string& name, const YamlNode& key, const YamlNode& value) {
    if (name == "at") return time_value(value);
    const std::optional<FieldType> type = known_field(name, key.mark, problems_);
    if (!type) return std::nullopt;
    if (value.is(YamlType::kNull)) return FieldValue();
    const Scalar scalar = type_of(value);
    switch (*type) {
      case FieldType::kString:
        if (name == "kind" && !find_kind(value.text)) return refused_kind(value);
        return FieldValue(value.text);
      case FieldType::kNumber:
        if (scalar.type == ScalarType::kNumber && std::isfinite(scalar.number)) return FieldValue(scalar.number);
        return refused(value, "the field " + name + " is a number");
      case FieldType::kBoolean:
        if (scalar.type == ScalarType::kBoolean) return FieldValue(scalar.boolean);
        return refused(value, "the field " + name + " is true or false");
      case FieldType::kTime:
        return time_value(value);
    }
    return std::nullopt;
  }

  // RFC 3339, or a time span after the start of the test.
  std::optional<FieldValue> time_value(const YamlNode& value) {
    const bool relative = value.text.starts_with('+') && parse_timespan(std::string_view(value.text).substr(1));
    if (relative || parse_rfc3339(value.text)) return FieldValue(value.text);
    return refused(value, "a time is RFC 3339, or after the start of the test like +5m");
  }

  std::optional<FieldValue> refused_kind(const YamlNode& value) {
    std::vector<std::string_view> names;
    for (size_t i = 0; i < kKindCount; ++i) names.push_back(kind_name(static_cast<Kind>(i)));
    problems_.error(value.mark, value.text, "the kind of a signal is " + one_of(names), nearest(value.text, names));
    return std::nullopt;
  }

  std::optional<FieldValue> refused(const YamlNode& value, std::string reason) {
    problems_.error(value.mark, value.text, std::move(reason));
    return std::nullopt;
  }

  void parse_expectations(const YamlNode& node, RuleTest& test) {
    if (!node.is(YamlType::kList)) {
      problems_.error(node.mark, "expect", "what is expected is a list of alerts", "expect: [{count: 1}]");
      return;
    }
    for (const YamlNode* one : node.items) {
      if (!one->is(YamlType::kMap) || one->entries.empty()) {
        problems_.error(one->mark, one->text, "an expected alert is a map", "{count: 1}");
        continue;
      }
      test.expect.push_back(expectation_of(*one));
    }
  }

  TestExpect expectation_of(const YamlNode& node) {
    TestExpect expect;
    expect.mark = node.mark;
    for (const YamlEntry& entry : node.entries) {
      const std::string_view key = entry.key->text;
      const YamlNode& value = *entry.value;
      if (key == "at") {
        if (time_value(value)) expect.at = value.text;
      } else if (key == "count") {
        const std::optional<double> count = number_of(value, key, problems_);
        if (count && *count >= 0 && *count <= 1e6 && *count == std::floor(*count)) {
          expect.count = static_cast<int>(*count);
        } else if (count) {
          problems_.error(value.mark, value.text, "the count is a whole number");
        }
      } else if (key == "group") {
        expect.group = group_of(value);
      } else if (key == "level") {
        expect.level = text_of(value, key, problems_);
      } else {
        unknown_key(*entry.key, "an expected alert", {"at", "count", "group", "level"}, problems_);
      }
    }
    return expect;
  }

  // A map of group keys is written as one text: "a=1, b=2".
  std::optional<std::string> group_of(const YamlNode& value) {
    if (!value.is(YamlType::kMap)) return text_of(value, "group", problems_);
    std::string group;
    for (const YamlEntry& entry : value.entries) {
      const std::optional<std::string> text = text_of(*entry.value, entry.key->text, problems_);
      if (!text) return std::nullopt;
      group += (group.empty() ? "" : ", ") + entry.key->text + "=" + *text;
    }
    return group;
  }

  const ParseContext& context_;
  Problems& problems_;
  bool kind_known_;
  Document& out_;
};

}  // namespace

void parse_tests(const YamlNode& node, const ParseContext& context, bool kind_known, Document& out) {
  TestsParser(context, kind_known, out).parse(node);
}

}  // namespace quanzu::rules
