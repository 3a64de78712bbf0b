#include "engine/queue.h"

#include <algorithm>
#include <iterator>

namespace quanzu {

QueueKey Queue::key_of(const Case& of, const Task& task, const Playbook& playbook) {
  QueueKey key;
  key.task = task.id;
  key.deadline = task.due_at;
  // A follow-up asks how it went: it never goes before somebody who is in danger now.
  key.below_critical = of.level != Level::kCritical || task.type == TaskType::kFollowUp;
  if (key.below_critical) key.deadline -= playbook.head_start[static_cast<size_t>(of.level)];
  return key;
}

void Queue::enter(TaskType type, const QueueKey& key) {
  const bool is_new = entries_.emplace(key.task, Entry{type, key}).second;
  ENSURE(is_new, "a task waits once");
  by_type_[static_cast<size_t>(type)].insert(key);
}

bool Queue::leave(TaskId task) {
  const auto entry = entries_.find(task);
  if (entry == entries_.end()) return false;
  by_type_[static_cast<size_t>(entry->second.type)].erase(entry->second.key);
  entries_.erase(entry);
  return true;
}

std::optional<size_t> Queue::rank(TaskId task) const {
  const auto entry = entries_.find(task);
  if (entry == entries_.end()) return std::nullopt;
  const auto& keys = by_type_[static_cast<size_t>(entry->second.type)];
  return static_cast<size_t>(std::distance(keys.begin(), keys.find(entry->second.key)));
}

std::optional<Instant> Queue::earliest_deadline() const {
  std::optional<Instant> earliest;
  const auto consider = [&](const std::set<QueueKey>& keys, std::set<QueueKey>::const_iterator at) {
    if (at == keys.end()) return;
    earliest = earliest ? std::min(*earliest, at->deadline) : at->deadline;
  };
  for (const auto& keys : by_type_) {
    consider(keys, keys.begin());
    consider(keys, keys.lower_bound(QueueKey{true, Instant::min(), TaskId()}));
  }
  return earliest;
}

}  // namespace quanzu
