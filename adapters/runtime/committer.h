// The committer thread: makes one block durable at a time and then tells everybody who waited for it. A failed commit is
// never retried: its outcome is unknown until a restart, so that block and all after it are answered with the error.
// submit() and wait_idle() are the engine thread's.
#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "adapters/store/store.h"

namespace quanzu::runtime {

// What is told after the commit, or that it failed. On the committer's thread.
using Release = std::function<void(const Result<void>& committed)>;

struct PendingBlock {
  store::Block block;  // without events: nothing to commit, only to tell
  std::vector<Release> releases;
};

// One step of the committer, on any thread that has the store for itself: the block is made durable, then everybody who waited
// is told. `state` holds the first error that there was: no block is written after it.
struct CommitHooks {
  std::function<void(const Error&)> failed;  // once, at the first failed commit
  std::function<void(double seconds, const store::Block&)> committed;
};
void commit_and_tell(store::Store& store, const PendingBlock& block, Result<void>& state, const CommitHooks& hooks);

class Committer {
 public:
  struct Hooks : CommitHooks {
    std::function<void()> idle;  // after each block
  };
  Committer(store::Store& store, Hooks hooks);
  ~Committer();  // finishes what it has

  bool idle() const { return idle_.load(std::memory_order_acquire); }
  // Only when idle.
  void submit(std::unique_ptr<PendingBlock> block);
  void wait_idle();
  // Runs on the committer's thread between two commits, and is over when this returns. Any thread but that; false where the
  // committer has ended.
  bool between_commits(const std::function<void()>& work);
  // An empty one whose memory may come from a block that is done.
  std::unique_ptr<PendingBlock> take_empty();

 private:
  void run();

  store::Store& store_;
  const Hooks hooks_;
  Result<void> state_;  // the first error stays
  std::atomic<bool> idle_{true};
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  const std::function<void()>* work_ = nullptr;  // of one who waits in between_commits()
  std::unique_ptr<PendingBlock> next_;
  std::unique_ptr<PendingBlock> spare_;
  std::thread thread_;
};

}  // namespace quanzu::runtime
