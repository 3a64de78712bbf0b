// The queue of tasks: which one is next. Critical first; below it one key: the task's deadline less the level's head
// start, so that a lower level ages past a higher one but never past critical. Ties go by task id. The key depends on
// level, deadline and id alone, so a task that comes back after a lost lease stands where it stood.
// Owned by Engine; holds ids and keys alone.
#pragma once
#include <array>
#include <optional>
#include <set>
#include <span>
#include <unordered_map>

#include "engine/case.h"

namespace quanzu {

struct QueueKey {
  bool below_critical = true;  // false sorts first
  Instant deadline{};          // less the head start, below critical
  TaskId task;
  friend auto operator<=>(const QueueKey&, const QueueKey&) = default;
};

class Queue {
 public:
  // The key of a task of this case.
  static QueueKey key_of(const Case& of, const Task& task, const Playbook& playbook);

  void enter(TaskType type, const QueueKey& key);  // ENSUREs that the task isn't there
  bool leave(TaskId task);                         // false where it wasn't
  bool holds(TaskId task) const { return entries_.contains(task); }
  // The least over the given types (all where empty).
  std::optional<TaskId> first(std::span<const TaskType> types) const {
    return first(types, [](TaskId) { return true; });
  }
  // The least that `accept` takes; those before it are asked one by one.
  template <class Accept>
  std::optional<TaskId> first(std::span<const TaskType> types, const Accept& accept) const;
  // How many stand before the task among its type; nothing where it doesn't wait. O(n): for explanations only.
  std::optional<size_t> rank(TaskId task) const;
  size_t size() const { return entries_.size(); }
  size_t size(TaskType type) const { return by_type_[static_cast<size_t>(type)].size(); }
  std::optional<Instant> earliest_deadline() const;
  const std::set<QueueKey>& of_type(TaskType type) const { return by_type_[static_cast<size_t>(type)]; }

 private:
  struct Entry {
    TaskType type;
    QueueKey key;
  };
  std::array<std::set<QueueKey>, kTaskTypeCount> by_type_;
  std::unordered_map<TaskId, Entry> entries_;  // looked up, never walked
};

template <class Accept>
std::optional<TaskId> Queue::first(std::span<const TaskType> types, const Accept& accept) const {
  std::optional<QueueKey> least;
  const auto look_into = [&](const std::set<QueueKey>& keys) {
    for (const QueueKey& key : keys) {
      if (least && *least < key) return;
      if (!accept(key.task)) continue;
      least = key;
      return;
    }
  };
  if (types.empty()) {
    for (const auto& keys : by_type_) look_into(keys);
  } else {
    for (TaskType type : types) look_into(by_type_[static_cast<size_t>(type)]);
  }
  if (!least) return std::nullopt;
  return least->task;
}

}  // namespace quanzu
