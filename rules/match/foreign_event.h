// A foreign event's fields, read from its JSON text in one pass: the members that rules ask for, found by their keys, then by
// the dots of their names. Values keep JSON's types; their texts are folded once. A FieldTable is filled by who compiles and
// then shared; a ForeignEvent belongs to one thread and is used for one event after the other.
#pragma once
#include <optional>

#include "rules/match/json_reader.h"
#include "rules/match/subject.h"

namespace quanzu::rules {

// The names that rules give to fields, each a Source.
class FieldTable {
 public:
  struct Field {
    uint32_t whole = 0;                                 // the key that is the whole name
    std::vector<std::pair<uint32_t, uint32_t>> dotted;  // keys before each dot, with where the rest of the name begins
  };

  Source intern(std::string_view name);
  std::optional<Source> find(std::string_view name) const;
  const Field& field(Source source) const { return fields_[index_of(source)]; }
  const std::string& name(Source source) const { return names_.name(static_cast<uint32_t>(index_of(source))); }
  size_t size() const { return fields_.size(); }

  const KeyTable& keys() const { return keys_; }
  // The fields that a value under this key may belong to.
  const std::vector<Source>& fields_of(uint32_t key) const { return by_key_[key]; }
  // A key that is no field's.
  uint32_t intern_key(std::string_view key);

  static size_t index_of(Source source) { return static_cast<size_t>(source) - kFirstForeignField; }

 private:
  KeyTable names_;
  std::vector<Field> fields_;  // by number of the name
  KeyTable keys_;
  std::vector<std::vector<Source>> by_key_;
};

class ForeignEvent {
 public:
  // Errors: those of JsonReader. `fields` must outlive the event and not grow.
  Result<void> read(std::string_view json, const FieldTable& fields, bool every_string);

  const std::vector<uint32_t>& present_keys() const { return reader_.present(); }
  JsonNode* member(uint32_t key) { return reader_.member(key); }
  JsonNode* child(const JsonNode& object, std::string_view key) { return reader_.child(object, key); }

  // on_value(JsonNode&) for each value of the field, nulls and objects among them. An array stands for its elements; a
  // path goes through arrays.
  template <class OnValue>
  void each_value(Source field, OnValue&& on_value) {
    const Values& values = values_of(field);
    for (uint32_t i = values.begin; i < values.end; ++i) on_value(*found_[i]);
  }
  // Whether the field is there, null and empty arrays included.
  bool is_there(Source field);
  // The one value under the name; no array is gone through. Null where there is none.
  const JsonNode* value_at(Source field);

  // A value's text in the form; a null, an array or an object has none.
  static bool has_text(const JsonNode& value) { return value.type != JsonNode::Type::kNull && !value.is_container(); }
  std::string_view text_of(JsonNode& value, Form form);
  // The strings at any depth, each or in one piece with a zero byte behind each.
  template <class OnText>
  void each_string(Form form, OnText&& on_text) {
    reader_.each_string([&](std::string_view text) { on_text(form == Form::kExact ? text : folded_again(text)); });
  }
  std::string_view all_strings(Form form);

 private:
  struct Values {
    uint64_t stamp = 0;
    uint32_t begin = 0;
    uint32_t end = 0;
  };

  const Values& values_of(Source field);
  void collect(JsonNode& value, std::string_view path);
  void collect_elements(JsonNode& array, std::string_view path);
  bool is_there(JsonNode& value, std::string_view path);
  const JsonNode* value_at(JsonNode& value, std::string_view path);
  std::string_view folded(std::string_view text);
  std::string_view folded_again(std::string_view text);

  const FieldTable* fields_ = nullptr;
  JsonReader reader_;
  uint64_t stamp_ = 0;
  std::vector<Values> values_;    // by field
  std::vector<JsonNode*> found_;  // what values_ counts
  std::vector<char> lower_;       // the strings with their ASCII letters folded, at the same offsets
  std::vector<char> folded_;      // those that need more than that
  size_t folded_size_ = 0;
  std::string_view all_folded_;  // once asked for
  std::string scratch_;
};

// Of RFC 3339, or of seconds since 1970; nothing of what is no time.
std::optional<Instant> time_of(const JsonNode& value);

}  // namespace quanzu::rules
