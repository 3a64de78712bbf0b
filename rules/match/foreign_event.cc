#include "rules/match/foreign_event.h"

#include <cmath>

#include "rules/lang/scalar.h"
#include "rules/text/normalize.h"
#include "rules/text/utf8.h"

namespace quanzu::rules {

namespace {

using Type = JsonNode::Type;

// Reads and writes up to 15 bytes more than `text` has.
void lower_ascii_letters(std::string_view text, char* out) {
  for (size_t i = 0; i < text.size(); i += 16) lower_ascii_block(text.data() + i, out + i);
}

template <class OnDot>
void each_dot(std::string_view path, OnDot&& on_dot) {
  for (size_t dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.', dot + 1)) {
    if (on_dot(path.substr(0, dot), path.substr(dot + 1))) return;
  }
}

}  // namespace

Source FieldTable::intern(std::string_view name) {
  const uint32_t number = names_.intern(name);
  const auto source = static_cast<Source>(kFirstForeignField + number);
  if (number < fields_.size()) return source;
  Field field{intern_key(name), {}};
  each_dot(name, [&](std::string_view key, std::string_view rest) {
    field.dotted.emplace_back(intern_key(key), static_cast<uint32_t>(rest.data() - name.data()));
    return false;
  });
  by_key_[field.whole].push_back(source);
  for (const auto& [key, rest] : field.dotted) by_key_[key].push_back(source);
  fields_.push_back(std::move(field));
  return source;
}

std::optional<Source> FieldTable::find(std::string_view name) const {
  const uint32_t number = names_.find(name);
  if (number == KeyTable::kNone) return std::nullopt;
  return static_cast<Source>(kFirstForeignField + number);
}

uint32_t FieldTable::intern_key(std::string_view key) {
  const uint32_t number = keys_.intern(key);
  if (by_key_.size() < keys_.size()) by_key_.resize(keys_.size());
  return number;
}

Result<void> ForeignEvent::read(std::string_view json, const FieldTable& fields, bool every_string) {
  fields_ = &fields;
  ++stamp_;
  found_.clear();
  folded_size_ = 0;
  all_folded_ = {};
  if (values_.size() < fields.size()) values_.resize(fields.size());
  Result<void> read = reader_.read(json, fields.keys(), every_string);
  if (!read) return read;
  const std::string_view strings = reader_.strings();
  if (lower_.size() < strings.size() + 16) lower_.resize(json.size() + 16);
  lower_ascii_letters(strings, lower_.data());
  // Folding makes two bytes three at most; each string may be folded twice, once for itself and once in the one piece.
  if (!reader_.is_ascii() && folded_.size() < strings.size() * 3) folded_.resize(json.size() * 3);
  return {};
}

const ForeignEvent::Values& ForeignEvent::values_of(Source source) {
  Values& values = values_[FieldTable::index_of(source)];
  if (values.stamp == stamp_) return values;
  const auto begin = static_cast<uint32_t>(found_.size());
  const FieldTable::Field& field = fields_->field(source);
  if (JsonNode* whole = member(field.whole)) {
    collect(*whole, {});
  } else {
    const std::string_view name = fields_->name(source);
    for (const auto& [key, rest] : field.dotted) {
      if (JsonNode* below = member(key)) collect(*below, name.substr(rest));
      if (found_.size() != begin) break;
    }
  }
  values = {stamp_, begin, static_cast<uint32_t>(found_.size())};
  return values;
}

void ForeignEvent::collect(JsonNode& value, std::string_view path) {
  if (value.type == Type::kArray) {
    reader_.each_child(value, [&](JsonNode& element) { collect(element, path); });
    return;
  }
  if (path.empty()) {
    found_.push_back(&value);
    return;
  }
  if (value.type != Type::kObject) return;
  if (JsonNode* whole = reader_.child(value, path)) return collect(*whole, {});
  each_dot(path, [&](std::string_view key, std::string_view rest) {
    const size_t before = found_.size();
    if (JsonNode* below = reader_.child(value, key)) collect(*below, rest);
    return found_.size() != before;
  });
}

bool ForeignEvent::is_there(Source source) {
  const FieldTable::Field& field = fields_->field(source);
  if (member(field.whole) != nullptr) return true;
  const std::string_view name = fields_->name(source);
  for (const auto& [key, rest] : field.dotted) {
    JsonNode* below = member(key);
    if (below != nullptr && is_there(*below, name.substr(rest))) return true;
  }
  return false;
}

// An array counts as there, whatever it holds.
bool ForeignEvent::is_there(JsonNode& value, std::string_view path) {
  if (path.empty()) return true;
  bool there = false;
  if (value.type == Type::kArray) {
    reader_.each_child(value, [&](JsonNode& element) { there = there || is_there(element, path); });
    return there;
  }
  if (value.type != Type::kObject) return false;
  if (reader_.child(value, path) != nullptr) return true;
  each_dot(path, [&](std::string_view key, std::string_view rest) {
    JsonNode* below = reader_.child(value, key);
    there = below != nullptr && is_there(*below, rest);
    return there;
  });
  return there;
}

const JsonNode* ForeignEvent::value_at(Source source) {
  const FieldTable::Field& field = fields_->field(source);
  if (const JsonNode* whole = member(field.whole)) return whole;
  const std::string_view name = fields_->name(source);
  for (const auto& [key, rest] : field.dotted) {
    JsonNode* below = member(key);
    const JsonNode* found = below == nullptr ? nullptr : value_at(*below, name.substr(rest));
    if (found != nullptr) return found;
  }
  return nullptr;
}

const JsonNode* ForeignEvent::value_at(JsonNode& value, std::string_view path) {
  const JsonNode* found = reader_.child(value, path);
  if (found != nullptr) return found;
  each_dot(path, [&](std::string_view key, std::string_view rest) {
    JsonNode* below = reader_.child(value, key);
    if (below != nullptr) found = value_at(*below, rest);
    return found != nullptr;
  });
  return found;
}

std::string_view ForeignEvent::text_of(JsonNode& value, Form form) {
  if (form == Form::kExact || value.type != Type::kString) return value.text;  // numbers and booleans have no case
  if (value.folded.data() == nullptr) value.folded = folded(value.text);
  return value.folded;
}

// Of a piece of the reader's strings; good until the next call.
std::string_view ForeignEvent::folded_again(std::string_view text) {
  if (reader_.is_ascii() || is_ascii(text)) {
    return {lower_.data() + (text.data() - reader_.strings().data()), text.size()};
  }
  scratch_.clear();
  fold_case(text, scratch_);
  return scratch_;
}

// The same, good until the next event; once for each piece.
std::string_view ForeignEvent::folded(std::string_view text) {
  const std::string_view form = folded_again(text);
  if (form.data() != scratch_.data()) return form;
  ENSURE(folded_size_ + form.size() <= folded_.size(), "each string is folded once, and once in the one piece");
  char* const begin = folded_.data() + folded_size_;
  std::memcpy(begin, form.data(), form.size());
  folded_size_ += form.size();
  return {begin, form.size()};
}

std::string_view ForeignEvent::all_strings(Form form) {
  const std::string_view strings = reader_.strings();
  if (form == Form::kExact) return strings;
  if (all_folded_.data() == nullptr) all_folded_ = folded(strings);
  return all_folded_;
}

std::optional<Instant> time_of(const JsonNode& value) {
  const auto of_seconds = [](double seconds) -> std::optional<Instant> {
    if (!(std::abs(seconds) < 1e12)) return std::nullopt;
    return from_ms(static_cast<int64_t>(seconds * 1000));
  };
  if (value.type == Type::kNumber) return of_seconds(value.number);
  if (value.type != Type::kString) return std::nullopt;
  const Result<Instant> at = parse_rfc3339(value.text);
  if (at) return *at;
  const std::optional<double> seconds = json_number(value.text);
  return seconds ? of_seconds(*seconds) : std::nullopt;
}

}  // namespace quanzu::rules
