#include "rules/playbook/keys.h"

#include <algorithm>
#include <cmath>

#include "rules/lang/scalar.h"

namespace quanzu::rules {

void walk(const YamlNode& map, std::string_view where, std::initializer_list<Key> keys, Problems& problems) {
  walk_names(
      map, where,
      [&](const YamlNode& name, const YamlNode& value) {
        const auto key =
            std::find_if(keys.begin(), keys.end(), [&](const Key& each) { return each.name == name.text; });
        if (key != keys.end()) return key->take(value);
        std::vector<std::string_view> known;
        for (const Key& each : keys) known.push_back(each.name);
        unknown_key(name, where, known, problems);
      },
      problems);
}

void walk_names(const YamlNode& map, std::string_view where,
                const std::function<void(const YamlNode&, const YamlNode&)>& take, Problems& problems) {
  if (map.is(YamlType::kNull)) return;
  if (!map.is(YamlType::kMap)) {
    problems.error(map.mark, map.text, std::string(where) + " is a map");
    return;
  }
  for (const YamlEntry& entry : map.entries) take(*entry.key, *entry.value);
}

std::optional<TaskType> task_of(const YamlNode& node, std::string_view key, Problems& problems) {
  return word_of<TaskType>(node, key, kTaskTypeCount, task_type_name, find_task_type, problems);
}

std::optional<Level> level_of(const YamlNode& node, std::string_view key, Problems& problems) {
  const std::optional<Level> level = word_of<Level>(node, key, kLevelCount, level_name, find_level, problems);
  if (level != Level::kNone) return level;
  problems.error(node.mark, node.text, "the " + std::string(key) + " is low, medium, high or critical", "low");
  return std::nullopt;
}

std::optional<Role> role_of(const YamlNode& node, std::string_view key, Problems& problems) {
  return word_of<Role>(node, key, static_cast<size_t>(Role::kFeed) + 1, role_name, find_role, problems);
}

std::optional<FraudType> fraud_type_of(const YamlNode& node, std::string_view key, Problems& problems) {
  return word_of<FraudType>(node, key, kFraudTypeCount, fraud_type_name, find_fraud_type, problems);
}

std::optional<bool> boolean_of(const YamlNode& node, std::string_view key, Problems& problems) {
  if (node.is(YamlType::kScalar)) {
    const Scalar scalar = type_of(node);
    if (scalar.type == ScalarType::kBoolean) return scalar.boolean;
  }
  problems.error(node.mark, node.text, "the " + std::string(key) + " is true or false");
  return std::nullopt;
}

std::optional<uint32_t> count_of(const YamlNode& node, std::string_view key, uint32_t least, uint32_t most,
                                 Problems& problems) {
  const std::optional<double> number = number_of(node, key, problems);
  if (!number) return std::nullopt;
  if (*number >= least && *number <= most && *number == std::floor(*number)) return static_cast<uint32_t>(*number);
  problems.error(
      node.mark, node.text,
      "the " + std::string(key) + " is a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return std::nullopt;
}

Words words_in(const YamlNode& node, std::string_view key, Problems& problems) {
  Words words;
  walk(node, key,
       {{"zh", [&](const YamlNode& value) { words.zh = text_of(value, "zh", problems).value_or(""); }},
        {"en", [&](const YamlNode& value) { words.en = text_of(value, "en", problems).value_or(""); }}},
       problems);
  for (const std::string_view language : {"zh", "en"}) {
    if (node.is(YamlType::kMap) && node.find(language) == nullptr) {
      problems.error(node.mark, language, "the " + std::string(key) + " is in both languages", "{zh: ..., en: ...}");
    }
  }
  return words;
}

std::vector<const YamlNode*> items_of(const YamlNode& node) {
  if (node.is(YamlType::kList)) return node.items;
  if (node.is(YamlType::kNull)) return {};
  return {&node};
}

}  // namespace quanzu::rules
