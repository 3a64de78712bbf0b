// An event's fields as correlation reads them, and a group's key: the values of its fields, one after another. Used by
// rules/correlate/core and its readers. Plain data; any thread.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/correlate/definition.h"

namespace quanzu::rules {

// An event's fields by name. Null, arrays and objects are as missing; numbers are their text.
class Fields {
 public:
  virtual ~Fields() = default;
  // Of Definitions::fields; the view holds until the next call.
  virtual std::optional<std::string_view> text(uint32_t field) const = 0;
};

// A group's values one after another, each behind its length.
void append_key(std::string& key, std::string_view value);
std::vector<std::string_view> split_key(std::string_view key);
// Whether these bytes are a key of so many values.
bool is_key(std::string_view bytes, size_t values);

// The fields of an alert: its group's keys.
class KeyFields : public Fields {
 public:
  KeyFields(const Definitions& all, const Definition& raised, std::string_view key)
      : all_(all), raised_(raised), values_(split_key(key)) {}
  std::optional<std::string_view> text(uint32_t field) const override;

 private:
  const Definitions& all_;
  const Definition& raised_;
  std::vector<std::string_view> values_;
};

}  // namespace quanzu::rules
