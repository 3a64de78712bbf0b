#include "rules/correlate/keys.h"

#include <cstring>

namespace quanzu::rules {

void append_key(std::string& key, std::string_view value) {
  const auto size = static_cast<uint32_t>(value.size());
  char bytes[sizeof size];
  std::memcpy(bytes, &size, sizeof size);
  key.append(bytes, sizeof size);
  key.append(value);
}

std::vector<std::string_view> split_key(std::string_view key) {
  std::vector<std::string_view> out;
  while (!key.empty()) {
    uint32_t size = 0;
    std::memcpy(&size, key.data(), sizeof size);
    out.push_back(key.substr(sizeof size, size));
    key.remove_prefix(sizeof size + size);
  }
  return out;
}

bool is_key(std::string_view bytes, size_t values) {
  for (; values > 0; --values) {
    uint32_t size = 0;
    if (bytes.size() < sizeof size) return false;
    std::memcpy(&size, bytes.data(), sizeof size);
    if (bytes.size() - sizeof size < size) return false;
    bytes.remove_prefix(sizeof size + size);
  }
  return bytes.empty();
}

std::optional<std::string_view> KeyFields::text(uint32_t field) const {
  for (size_t i = 0; i < values_.size(); ++i) {
    if (raised_.group_by[i].name == all_.fields[field]) return values_[i];
  }
  return std::nullopt;
}

}  // namespace quanzu::rules
