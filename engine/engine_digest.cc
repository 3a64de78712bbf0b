// The digest of all state: every field, in id order. The indexes, the queue and the agenda are made of these, and add nothing.
#include "engine/state_hash.h"

namespace quanzu {

std::string Engine::state_digest() const {
  StateHash hash;
  hash(playbook_.kind, playbook_.version, last_sequence_, now_, store_id_, counters_, live_pack_, last_outreach_);
  hash(cases_, residents_, instructions_, users_, streams_, rules_, case_of_task_, packs_);
  hash(rule_limits_.all().size());
  for (const auto& [rule, state] : rule_limits_.all()) hash(state);
  hash(commands_.size());
  for (const auto& [key, remembered] : commands_) {
    hash(key.first, key.second, remembered.body_hash, remembered.until);
  }
  return hex16(hash.finish());
}

}  // namespace quanzu
