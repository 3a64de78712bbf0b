#include "rules/author/portable.h"

#include "rules/lang/yaml.h"

namespace quanzu::rules {

namespace {

class Judge {
 public:
  explicit Judge(Problems& problems) : problems_(problems) {}

  void document(const YamlNode& root) {
    for (const YamlEntry& entry : root.entries) {
      const std::string_view key = entry.key->text;
      if (key == "detection" || key == "filter") selections(*entry.value);
      if (key == "correlation") correlation(*entry.value);
      if (key == "antifraud") antifraud(*entry.value);
      if (key == "filter") filter(*entry.value);
    }
  }

 private:
  void selections(const YamlNode& node) {
    for (const YamlNode* item : node.items) selections(*item);
    for (const YamlEntry& entry : node.entries) {
      modifiers(*entry.key);
      selections(*entry.value);
    }
  }

  void modifiers(const YamlNode& key) {
    for (size_t bar = key.text.find('|'); bar != std::string::npos; bar = key.text.find('|', bar + 1)) {
      const std::string_view rest = std::string_view(key.text).substr(bar + 1);
      const std::string_view word = rest.substr(0, rest.find('|'));
      if (word == "in_list") {
        problems_.warn(key.place_of(bar + 1), word, "a modifier of ours: other engines refuse the rule",
                       "|expand with %name%");
      } else if (word == "phonetic") {
        problems_.warn(key.place_of(bar + 1), word, "a modifier of ours: other engines refuse the rule",
                       "the words that sound alike");
      }
    }
  }

  void correlation(const YamlNode& node) {
    const YamlNode* type = node.find("type");
    if (type != nullptr && type->text == "value_median") {
      problems_.warn(type->mark, type->text, "pySigma's, not of Sigma 2.1", "value_percentile");
    }
    const YamlNode* timespan = node.find("timespan");
    if (timespan != nullptr && timespan->text.ends_with('w')) {
      problems_.warn(timespan->mark, timespan->text, "weeks are pySigma's, not of Sigma 2.1", "it in days, with d");
    }
    const YamlNode* condition = node.find("condition");
    if (condition != nullptr && condition->find("percentile") != nullptr) {
      problems_.warn(condition->mark, "percentile",
                     "this key is pySigma's: Sigma 2.1 does not say where the percentile stands");
    }
  }

  void filter(const YamlNode& node) {
    const YamlNode* rules = node.find("rules");
    if (rules != nullptr && rules->text == "any") {
      problems_.warn(rules->mark, "any", "of the draft of Sigma 2.2", "the names of the rules");
    }
  }

  void antifraud(const YamlNode& node) {
    for (const YamlEntry& entry : node.entries) {
      const std::string_view key = entry.key->text;
      if (key != "suppress" && key != "window" && key != "max_alerts_per_day") continue;
      problems_.warn(entry.key->mark, key, "other engines do not heed it, and so tell of other alerts");
    }
  }

  Problems& problems_;
};

}  // namespace

void warn_beyond_sigma(std::string_view bytes, Problems& problems) {
  std::vector<Problem> told;  // by the loader already
  Problems ignored(problems.file(), told);
  for (const YamlDocument& document : parse_yaml(bytes, ignored)) Judge(problems).document(*document.root);
}

}  // namespace quanzu::rules
