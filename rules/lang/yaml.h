// YAML with the place of every piece: documents as trees of null, scalars, lists and maps, made through yaml-cpp's events
// because its own nodes lose duplicate keys and quoting. Any thread; nothing here throws.
//
// Refused with a place: invalid UTF-8 and control characters, files over 8 MiB or 20,000 documents, documents over 1 MiB, nesting deeper than
// 64, more than 200,000 nodes after aliases are followed, duplicate keys, merge keys, keys that are no scalars, tags
// other than !!str, a second document without its "---".
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/lang/problems.h"

namespace quanzu::rules {

struct YamlNode;
struct YamlEntry {
  const YamlNode* key;  // a scalar
  const YamlNode* value;
};
enum class YamlType : uint8_t { kNull, kScalar, kList, kMap };
struct YamlNode {
  YamlType type = YamlType::kNull;
  Mark mark;
  std::string text{};                    // of kScalar; of kNull as written
  bool quoted = false;                   // of kScalar: a string whatever it looks like (block scalars too)
  int text_column = 0;                   // where `text` stands letter by letter in the mark's line; 0 where it does not
  std::vector<const YamlNode*> items{};  // of kList
  std::vector<YamlEntry> entries{};      // of kMap, in order

  bool is(YamlType wanted) const { return type == wanted; }
  const YamlNode* find(std::string_view key) const;  // the value; null where absent
  Mark place_of(size_t offset) const;                // of text[offset], as well as it is known
};

struct YamlDocument {
  std::vector<std::unique_ptr<YamlNode>> nodes{};
  const YamlNode* root = nullptr;
  std::string_view bytes{};  // of the file
};

// The documents of a file that are not empty; what cannot be read to its end is left out.
std::vector<YamlDocument> parse_yaml(std::string_view bytes, Problems& problems);

}  // namespace quanzu::rules
