#include "simulator/world/section.h"

#include <algorithm>
#include <cmath>

#include "rules/lang/parse_document.h"
#include "rules/lang/scalar.h"

namespace quanzu::simulator {

using rules::YamlNode;
using rules::YamlType;

Section::Section(const YamlNode* node, std::string where, rules::Problems& problems)
    : where_(std::move(where)), problems_(problems) {
  if (node == nullptr) return;
  if (node->is(YamlType::kMap)) {
    map_ = node;
  } else {
    problems_.error(node->mark, node->text, where_ + " is a map of keys");
  }
}

void Section::finish() {
  if (map_ == nullptr) return;
  for (const rules::YamlEntry& entry : map_->entries) {
    if (std::find(asked_.begin(), asked_.end(), entry.key->text) == asked_.end()) {
      rules::unknown_key(*entry.key, where_, asked_, problems_);
    }
  }
}

const YamlNode* Section::find(std::string_view key) {
  asked_.push_back(key);
  return map_ == nullptr ? nullptr : map_->find(key);
}

void Section::require(std::string_view key, std::string suggestion) {
  if (map_ == nullptr || map_->find(key) != nullptr) return;
  problems_.error(map_->mark, key, where_ + " lacks it", std::move(suggestion));
}

void Section::error(const YamlNode& node, std::string_view text, std::string reason, std::string suggestion) {
  problems_.error(node.mark, text, std::move(reason), std::move(suggestion));
}

std::optional<uint32_t> Section::whole(const YamlNode& node, std::string_view key, uint32_t low, uint32_t high) {
  const bool scalar = node.is(YamlType::kScalar);
  const rules::Scalar value = scalar ? rules::type_of(node) : rules::Scalar();
  const bool number = scalar && value.type == rules::ScalarType::kNumber && std::floor(value.number) == value.number;
  if (number && value.number >= low && value.number <= high) return static_cast<uint32_t>(value.number);
  problems_.error(node.mark, node.text,
                  std::string(key) + " is a whole number from " + std::to_string(low) + " to " + std::to_string(high));
  return std::nullopt;
}

void Section::number(std::string_view key, uint32_t low, uint32_t high, uint32_t& out) {
  const YamlNode* node = find(key);
  if (node != nullptr) out = whole(*node, key, low, high).value_or(out);
}

void Section::pair(std::string_view key, uint32_t low, uint32_t high, std::array<uint32_t, 2>& out) {
  const YamlNode* node = find(key);
  if (node == nullptr) return;
  if (!node->is(YamlType::kList) || node->items.size() != 2) {
    return error(*node, node->text, std::string(key) + " is two numbers",
                 "[" + std::to_string(out[0]) + ", " + std::to_string(out[1]) + "]");
  }
  const std::optional<uint32_t> first = whole(*node->items[0], key, low, high);
  const std::optional<uint32_t> second = whole(*node->items[1], key, low, high);
  if (!first || !second) return;
  if (*first > *second)
    return error(*node, node->items[0]->text, "the first of " + std::string(key) + " is the smaller");
  out = {*first, *second};
}

void Section::boolean(std::string_view key, bool& out) {
  const YamlNode* node = find(key);
  if (node == nullptr) return;
  if (node->is(YamlType::kScalar) && rules::type_of(*node).type == rules::ScalarType::kBoolean) {
    out = rules::type_of(*node).boolean;
  } else {
    error(*node, node->text, std::string(key) + " is true or false");
  }
}

void Section::text(std::string_view key, std::string& out) {
  const YamlNode* node = find(key);
  if (node == nullptr) return;
  if (std::optional<std::string> found = rules::text_of(*node, key, problems_)) out = std::move(*found);
}

void Section::texts(std::string_view key, std::vector<std::string>& out) {
  const YamlNode* node = find(key);
  if (node == nullptr) return;
  if (std::optional<std::vector<std::string>> found = rules::texts_of(*node, key, problems_)) out = std::move(*found);
}

void Section::accept_word(const YamlNode& node, std::string_view key, const std::vector<std::string_view>& known,
                          const std::function<void(std::string_view)>& accept) {
  if (node.is(YamlType::kScalar) && std::find(known.begin(), known.end(), node.text) != known.end()) {
    return accept(node.text);
  }
  error(node, node.text, std::string(key) + " is " + rules::one_of(known), rules::nearest(node.text, known));
}

void Section::word(std::string_view key, const std::vector<std::string_view>& known,
                   const std::function<void(std::string_view)>& accept) {
  if (const YamlNode* node = find(key); node != nullptr) accept_word(*node, key, known, accept);
}

void Section::words(std::string_view key, const std::vector<std::string_view>& known,
                    const std::function<void(std::string_view)>& accept) {
  const YamlNode* node = find(key);
  if (node == nullptr) return;
  if (!node->is(YamlType::kList)) return accept_word(*node, key, known, accept);
  for (const YamlNode* item : node->items) accept_word(*item, key, known, accept);
}

}  // namespace quanzu::simulator
