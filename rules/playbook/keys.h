// What the readers of a playbook's parts share: maps walked key by key, and words of a few. What is wrong goes to the
// problems with its place, and what can be read is returned all the same. One thread a file.
#pragma once
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/lang/parse_document.h"
#include "rules/playbook/file.h"

namespace quanzu::rules {

struct Key {
  std::string_view name;
  std::function<void(const YamlNode&)> take;
};
// Calls each key's `take`; an unknown key is a problem. `where` is what the map is, "times" or "a level".
void walk(const YamlNode& map, std::string_view where, std::initializer_list<Key> keys, Problems& problems);
// Calls `take` with each name and what it holds. False, and a problem, where it is no map; nothing where it is empty.
void walk_names(const YamlNode& map, std::string_view where,
                const std::function<void(const YamlNode& name, const YamlNode& value)>& take, Problems& problems);

// Every word of an enumeration, by its name_ function; those without a word are left out.
template <class Word>
std::vector<std::string_view> words_of(size_t count, std::string_view (*name)(Word)) {
  std::vector<std::string_view> words;
  for (size_t i = 0; i < count; ++i) {
    if (const std::string_view word = name(static_cast<Word>(i)); !word.empty()) words.push_back(word);
  }
  return words;
}

// The word that a text is. Nothing, with the nearest as its correct form, where it is none.
template <class Word>
std::optional<Word> word_of(const YamlNode& node, std::string_view key, size_t count, std::string_view (*name)(Word),
                            std::optional<Word> (*find)(std::string_view), Problems& problems) {
  const std::optional<std::string> text = text_of(node, key, problems);
  if (!text) return std::nullopt;
  if (const std::optional<Word> word = find(*text)) return word;
  const std::vector<std::string_view> words = words_of(count, name);
  problems.error(node.mark, *text, "the " + std::string(key) + " is " + one_of(words), nearest(*text, words));
  return std::nullopt;
}
std::optional<TaskType> task_of(const YamlNode& node, std::string_view key, Problems& problems);
std::optional<Level> level_of(const YamlNode& node, std::string_view key, Problems& problems);
std::optional<Role> role_of(const YamlNode& node, std::string_view key, Problems& problems);
std::optional<FraudType> fraud_type_of(const YamlNode& node, std::string_view key, Problems& problems);

std::optional<bool> boolean_of(const YamlNode& node, std::string_view key, Problems& problems);
std::optional<uint32_t> count_of(const YamlNode& node, std::string_view key, uint32_t least, uint32_t most,
                                 Problems& problems);
Words words_in(const YamlNode& node, std::string_view key, Problems& problems);
// The items of a list; a scalar alone is a list of one.
std::vector<const YamlNode*> items_of(const YamlNode& node);

// The parts, each in a file of its own.
void read_ladder(const YamlNode& ladder, PlaybookFile& out, Problems& problems);
void read_closing(const YamlNode& closing, PlaybookFile& out, Problems& problems);
void read_timelines(const YamlNode& tests, PlaybookFile& out, Problems& problems);

}  // namespace quanzu::rules
