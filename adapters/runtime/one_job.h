// Slow work in a thread of its own, one piece at a time: a backup, packs being compiled. Owned by whoever starts it, from any thread; ends with its
// owner, who must be able to end the work.
#pragma once
#include <functional>
#include <mutex>
#include <thread>

namespace quanzu::runtime {

class OneJob {
 public:
  ~OneJob() { finish(); }

  // False where one is under way. `rest` comes after the work, when another may be asked for already.
  bool start(std::function<void()> work, std::function<void()> rest = {}) {
    const std::scoped_lock lock(mutex_);
    if (running_) return false;
    if (thread_.joinable()) thread_.join();
    running_ = true;
    thread_ = std::thread([this, work = std::move(work), rest = std::move(rest)] {
      work();
      {
        const std::scoped_lock done(mutex_);
        running_ = false;
      }
      if (rest) rest();
    });
    return true;
  }

  // Waits for it. Nobody may start another meanwhile.
  void finish() {
    std::thread last;
    {
      const std::scoped_lock lock(mutex_);
      last.swap(thread_);
    }
    if (last.joinable()) last.join();
  }

 private:
  std::mutex mutex_;
  std::thread thread_;
  bool running_ = false;
};

}  // namespace quanzu::runtime
