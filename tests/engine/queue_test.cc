#include "engine/queue.h"

#include <rapidcheck.h>

#include <algorithm>

#include "tests/catch.h"

namespace quanzu {
namespace {

struct Waiting {
  Case of;
  Task task;
};

Waiting waiting(uint64_t id, Level level, std::chrono::minutes due, TaskType type = TaskType::kCall) {
  Waiting made;
  made.of.level = level;
  made.task.id = TaskId(id);
  made.task.type = type;
  made.task.due_at = from_ms(1'000'000'000'000) + due;
  return made;
}

QueueKey key_of(const Waiting& w) {
  return Queue::key_of(w.of, w.task, Playbook::defaults());
}

using std::chrono::minutes;

TEST_CASE("critical goes first, however long the others wait", "[engine][queue]") {
  CHECK(key_of(waiting(2, Level::kCritical, minutes(100'000))) < key_of(waiting(1, Level::kHigh, minutes(-100'000))));
}

TEST_CASE("below critical a lower level passes a higher one by waiting longer than its head start", "[engine][queue]") {
  Playbook playbook = Playbook::defaults();
  playbook.head_start[static_cast<size_t>(Level::kHigh)] = minutes(30);
  playbook.head_start[static_cast<size_t>(Level::kLow)] = minutes(0);
  const auto before = [&](const Waiting& a, const Waiting& b) {
    return Queue::key_of(a.of, a.task, playbook) < Queue::key_of(b.of, b.task, playbook);
  };
  CHECK(before(waiting(2, Level::kHigh, minutes(29)), waiting(1, Level::kLow, minutes(0))));
  CHECK(before(waiting(2, Level::kLow, minutes(0)), waiting(1, Level::kHigh, minutes(31))));
}

TEST_CASE("ties go by task id", "[engine][queue]") {
  CHECK(key_of(waiting(1, Level::kHigh, minutes(5))) < key_of(waiting(2, Level::kHigh, minutes(5))));
}

TEST_CASE("a follow-up of a critical case does not go before a call", "[engine][queue]") {
  const auto follow_up = key_of(waiting(1, Level::kCritical, minutes(-10), TaskType::kFollowUp));
  CHECK(key_of(waiting(2, Level::kCritical, minutes(3))) < follow_up);
}

TEST_CASE("the queue is empty, holds and gives back what it was given", "[engine][queue]") {
  Queue queue;
  CHECK_FALSE(queue.first({}));
  CHECK_FALSE(queue.earliest_deadline());
  CHECK_FALSE(queue.leave(TaskId(1)));
  const Waiting high = waiting(1, Level::kHigh, minutes(60));
  const Waiting critical = waiting(2, Level::kCritical, minutes(90));
  queue.enter(TaskType::kCall, key_of(high));
  queue.enter(TaskType::kCall, key_of(critical));
  CHECK(queue.size() == 2);
  CHECK(queue.first({}) == TaskId(2));
  CHECK(queue.rank(TaskId(1)) == 1U);
  CHECK_FALSE(queue.rank(TaskId(3)));
  CHECK(queue.earliest_deadline() == key_of(high).deadline);
  const std::array visit = {TaskType::kVisit};
  CHECK_FALSE(queue.first(visit));
  CHECK(queue.first({}, [](TaskId id) { return id != TaskId(2); }) == TaskId(1));
  CHECK(queue.leave(TaskId(2)));
  CHECK_FALSE(queue.holds(TaskId(2)));
  CHECK(queue.first({}) == TaskId(1));
}

TEST_CASE("tasks leave the queue in the order of their keys, by type and over all", "[engine][queue]") {
  const bool ok = rc::check([] {
    const auto count = *rc::gen::inRange<uint64_t>(0, 60);
    Queue queue;
    std::vector<std::pair<QueueKey, TaskType>> all;
    for (uint64_t id = 1; id <= count; ++id) {
      const auto level = static_cast<Level>(*rc::gen::inRange(1, 5));
      const auto type = static_cast<TaskType>(*rc::gen::inRange(0, 3));
      const QueueKey key = key_of(waiting(id, level, minutes(*rc::gen::inRange(0, 20)), type));
      queue.enter(type, key);
      all.emplace_back(key, type);
      if (*rc::gen::inRange(0, 4) == 0) {
        RC_ASSERT(queue.leave(key.task));
        all.pop_back();
      }
    }
    std::sort(all.begin(), all.end());
    const bool by_type = *rc::gen::arbitrary<bool>();
    const std::array wanted = {TaskType::kMessage, TaskType::kCall};
    if (by_type) std::erase_if(all, [](const auto& each) { return each.second == TaskType::kVisit; });
    for (const auto& [key, type] : all) {
      const auto first = by_type ? queue.first(wanted) : queue.first({});
      RC_ASSERT(first == key.task);
      RC_ASSERT(queue.leave(*first));
    }
    RC_ASSERT(!(by_type ? queue.first(wanted) : queue.first({})));
  });
  CHECK(ok);
}

}  // namespace
}  // namespace quanzu
