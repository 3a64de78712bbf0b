// The namespace `antifraud:`: what an alert of the rule weighs, and how long.
#include <cmath>

#include "rules/lang/parse_document.h"
#include "rules/lang/scalar.h"

namespace quanzu::rules {

namespace {

class NamespaceParser {
 public:
  NamespaceParser(Problems& problems, Document& out) : problems_(problems), out_(out) {}

  void parse(const YamlNode& node) {
    if (!node.is(YamlType::kMap)) {
      problems_.error(node.mark, node.text, "antifraud is a map");
      return;
    }
    for (const YamlEntry& entry : node.entries) parse_key(*entry.key, *entry.value);
  }

 private:
  static const std::vector<std::string_view>& known_keys() {
    static const std::vector<std::string_view> kKeys = {
        "version",  "owner",  "fraud_type",         "stage",  "weight", "half_life",
        "suppress", "window", "max_alerts_per_day", "script", "since",  "review_by"};
    return kKeys;
  }

  void parse_key(const YamlNode& key, const YamlNode& value) {
    const std::string_view name = key.text;
    if (name == "version") {
      take_text(value, name, out_.info.version);
    } else if (name == "owner") {
      take_text(value, name, out_.owner);
    } else if (name == "script") {
      take_text(value, name, out_.script);
    } else if (name == "since") {
      take_date(value, name, out_.since);
    } else if (name == "review_by") {
      take_date(value, name, out_.review_by);
    } else if (name == "fraud_type") {
      take_fraud_type(value);
    } else if (name == "stage") {
      take_stage(value);
    } else if (name == "weight") {
      take_weight(value);
    } else if (name == "half_life") {
      if (const std::optional<Duration> span = positive_span(value, name, problems_)) out_.info.half_life = *span;
    } else if (name == "max_alerts_per_day") {
      take_daily_limit(value);
    } else if (name == "suppress") {
      take_suppress(value);
    } else if (name == "window") {
      take_window(value);
    } else {
      unknown_key(key, "antifraud", known_keys(), problems_);
    }
  }

  void take_text(const YamlNode& value, std::string_view key, std::string& out) {
    if (std::optional<std::string> text = text_of(value, key, problems_)) out = std::move(*text);
  }

  void take_date(const YamlNode& value, std::string_view key, std::string& out) {
    take_text(value, key, out);
    if (!out.empty() && !is_date(out)) {
      problems_.error(value.mark, out, "the " + std::string(key) + " is a date like 2026-12-31");
    }
  }

  void take_fraud_type(const YamlNode& value) {
    const std::optional<std::string> word = text_of(value, "fraud_type", problems_);
    if (!word) return;
    if (const std::optional<FraudType> type = find_fraud_type(*word)) {
      out_.info.fraud_type = *type;
      return;
    }
    std::vector<std::string_view> names;
    for (size_t i = 1; i < kFraudTypeCount; ++i) names.push_back(fraud_type_name(static_cast<FraudType>(i)));
    problems_.error(value.mark, *word, "the fraud_type is " + one_of(names), nearest(*word, names));
  }

  void take_stage(const YamlNode& value) {
    const std::optional<std::string> word = text_of(value, "stage", problems_);
    if (!word) return;
    if (const std::optional<Stage> stage = find_stage(*word)) {
      out_.info.stage = *stage;
      return;
    }
    const std::vector<std::string_view> names = {"hook", "grooming", "screen", "transfer"};
    problems_.error(value.mark, *word, "the stage is " + one_of(names), nearest(*word, names));
  }

  void take_weight(const YamlNode& value) {
    constexpr double kMostPoints = 1000;
    const std::optional<double> points = number_of(value, "weight", problems_);
    if (!points) return;
    if (*points < 0 || *points > kMostPoints) {
      problems_.error(value.mark, value.text, "a weight is in points, from 0 to 1000");
      return;
    }
    out_.info.weight = Millipoints{static_cast<int32_t>(std::lround(*points * 1000))};
  }

  void take_daily_limit(const YamlNode& value) {
    const std::optional<double> limit = number_of(value, "max_alerts_per_day", problems_);
    if (!limit) return;
    if (*limit < 1 || *limit > 1'000'000 || *limit != std::floor(*limit)) {
      problems_.error(value.mark, value.text, "max_alerts_per_day is a whole number from 1 to 1000000");
      return;
    }
    out_.info.max_alerts_per_day = static_cast<uint32_t>(*limit);
  }

  bool is_map(const YamlNode& value, std::string_view form) {
    if (value.is(YamlType::kMap)) return true;
    problems_.error(value.mark, value.text, "this is a map", std::string(form));
    return false;
  }

  void take_suppress(const YamlNode& value) {
    if (!is_map(value, "{by: [field], for: 24h}")) return;
    Suppress suppress;
    for (const YamlEntry& entry : value.entries) {
      if (entry.key->text == "by") {
        if (std::optional<std::vector<std::string>> by = texts_of(*entry.value, "by", problems_)) suppress.by = *by;
      } else if (entry.key->text == "for") {
        suppress.period = positive_span(*entry.value, "for", problems_).value_or(Duration());
      } else {
        unknown_key(*entry.key, "suppress", {"by", "for"}, problems_);
      }
    }
    if (value.find("for") == nullptr) problems_.error(value.mark, "suppress", "how long is missing", "for: 24h");
    out_.suppress = std::move(suppress);
  }

  void take_window(const YamlNode& value) {
    if (!is_map(value, "{mode: arrival, lateness: 10m}")) return;
    Window window;
    for (const YamlEntry& entry : value.entries) {
      if (entry.key->text == "mode") {
        const std::string mode = text_of(*entry.value, "mode", problems_).value_or("sliding");
        if (mode != "sliding" && mode != "arrival") {
          problems_.error(entry.value->mark, mode, "the mode is sliding or arrival",
                          nearest(mode, {"sliding", "arrival"}));
        }
        window.mode = mode == "arrival" ? WindowMode::kArrival : WindowMode::kSliding;
      } else if (entry.key->text == "lateness") {
        window.lateness = timespan_of(*entry.value, "lateness", problems_).value_or(Duration());
      } else {
        unknown_key(*entry.key, "window", {"mode", "lateness"}, problems_);
      }
    }
    out_.window = window;
  }

  Problems& problems_;
  Document& out_;
};

}  // namespace

void parse_antifraud(const YamlNode& node, Problems& problems, Document& out) {
  NamespaceParser(problems, out).parse(node);
}

}  // namespace quanzu::rules
