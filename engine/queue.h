// The queue of tasks: which one is next. Critical first; below it one key, fixed when the task entered: its deadline less
// the level's head start, so that a lower level ages past a higher one but never past critical. Ties go by task id.
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
  // The key of a task that enters now.
  static QueueKey key_of(const Case& of, const Task& task, const Playbook& playbook);

  void enter(TaskType type, const QueueKey& key);  // ENSUREs that the task isn't there
  bool leave(TaskId task);                         // false where it wasn't
  bool holds(TaskId task) const { return entries_.contains(task); }
  // The least over the given types (all where empty).
  std::optional<TaskId> first(std::span<const TaskType> types) const;
  // How many stand before the task among its type; nothing where it doesn't wait. O(n): for explanations only.
  std::optional<size_t> rank(TaskId task) const;
  size_t size() const { return entries_.size(); }
  size_t size(TaskType type) const { return by_type_[static_cast<size_t>(type)].size(); }
  std::optional<Instant> earliest_deadline() const;

 private:
  struct Entry {
    TaskType type;
    QueueKey key;
  };
  std::array<std::set<QueueKey>, kTaskTypeCount> by_type_;
  std::unordered_map<TaskId, Entry> entries_;
};

}  // namespace quanzu
