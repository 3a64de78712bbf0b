#include "rules/correlate/reading.h"

#include <algorithm>

namespace quanzu::rules {
namespace {

// Every rule of the list spells the keys alike.
bool is_uniform(const Definition& definition) {
  const auto alike = [](const KeyDefinition& key) {
    return std::adjacent_find(key.fields.begin(), key.fields.end(), std::not_equal_to<>()) == key.fields.end();
  };
  return std::all_of(definition.group_by.begin(), definition.group_by.end(), alike);
}

}  // namespace

void Reading::add(const Definition& definition, const Touch& from, std::span<const Role> roles, const Fields& fields,
                  CorrelationCounters& counters) {
  if (roles.size() == 1 || is_uniform(definition)) {
    if (!read_key(definition, roles[0].n, fields)) return void(++counters.ungrouped);
    return add_group(definition, from, key_, roles, fields, counters);
  }
  // Aliases may put one event into several groups; it counts once in each.
  std::vector<std::pair<std::string, std::vector<Role>>> groups;
  for (const Role& role : roles) {
    if (!read_key(definition, role.n, fields)) {
      ++counters.ungrouped;
      continue;
    }
    auto group = std::find_if(groups.begin(), groups.end(), [this](const auto& each) { return each.first == key_; });
    if (group == groups.end()) group = groups.insert(group, {key_, {}});
    group->second.push_back(role);
  }
  for (const auto& [key, in_group] : groups) add_group(definition, from, key, in_group, fields, counters);
}

void Reading::add_group(const Definition& definition, const Touch& from, std::string_view key,
                        std::span<const Role> roles, const Fields& fields, CorrelationCounters& counters) {
  Fingerprint payload{};
  if (!read_payload(definition, roles, fields, payload)) return void(++counters.valueless);
  Touch& touch = touches_.emplace_back(from);
  SipHash hash(hash_key_);
  hash.bytes(key);
  touch.group = hash.finish_wide();
  touch.payload = payload;
  keys_ += key;
  ends_.push_back(keys_.size());
}

std::span<const Touch> Reading::touches() {
  const std::string_view keys = keys_;
  for (size_t i = 0, begin = 0; i < touches_.size(); begin = ends_[i++]) {
    touches_[i].key = keys.substr(begin, ends_[i] - begin);
  }
  return touches_;
}

void Reading::clear() {
  touches_.clear();
  ends_.clear();
  keys_.clear();
}

bool Reading::read_key(const Definition& definition, uint32_t role, const Fields& fields) {
  key_.clear();
  for (const KeyDefinition& key : definition.group_by) {
    const std::optional<std::string_view> text = fields.text(key.fields[role]);
    if (!text) return false;
    append_key(key_, *text);
  }
  return true;
}

bool Reading::read_payload(const Definition& definition, std::span<const Role> roles, const Fields& fields,
                           Fingerprint& payload) const {
  if (definition.values.empty()) {
    if (definition.type == CorrelationType::kEventCount) return true;
    for (const Role& role : roles) payload[0] |= uint64_t{1} << role.n;
    return true;
  }
  for (const Role& role : roles) {  // of several rules, the first that gives a value
    if (definition.type != CorrelationType::kValueCount) {
      const auto text = fields.text(definition.values[0].fields[role.n]);
      const auto value = text ? parse_decimal(*text) : std::nullopt;
      if (!value) continue;
      payload = payload_of(*value);
      return true;
    }
    SipHash hash(hash_key_);
    bool whole = true;
    for (const KeyDefinition& value : definition.values) {
      const auto text = fields.text(value.fields[role.n]);
      whole = whole && text;
      if (text) hash.text(*text);
    }
    if (!whole) continue;
    payload = hash.finish_wide();
    return true;
  }
  return false;
}

}  // namespace quanzu::rules
