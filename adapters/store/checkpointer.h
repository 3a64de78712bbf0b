// Moves the write-ahead log into the tables. A thread runs a PASSIVE checkpoint at a steady pace on a connection of its own;
// while the writer goes on it never reaches the log's end, and the log would never restart (measured: 728 MB in 8 s). So
// it leaves the short tail to the writer, which does it between two commits (measured: at most 48 MB).
#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "adapters/store/sqlite.h"

namespace quanzu::store {

class Checkpointer {
 public:
  using Warn = std::function<void(const std::string&)>;
  struct Settings {
    std::chrono::milliseconds pace{200};
    uint64_t warn_bytes = kWarnWalBytes;
    Warn warn;  // on the checkpointer's thread or the writer's
  };
  Checkpointer(Database connection, int64_t page_size, Settings settings);
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  // The writer's thread, after each commit.
  void after_commit(const Database& writer);
  // One round, as the thread does it; for tests, with a thread whose pace is too slow to meet.
  void round();
  uint64_t wal_bytes() const { return wal_bytes_.load(std::memory_order_relaxed); }

 private:
  void run();
  // True where the whole log is in the tables. A checkpoint that fails loses nothing: it warns, and the next one tries.
  bool checkpoint(const Database& connection);

  const Database connection_;
  const int64_t page_size_;
  const Settings settings_;
  std::atomic<uint64_t> commits_{0};
  uint64_t moved_commits_ = ~uint64_t{0};  // by the last complete round; at first what an earlier process left is moved
  std::atomic<uint64_t> wal_bytes_{0};
  std::atomic<bool> tail_due_{false};
  std::mutex mutex_;  // guards what follows
  std::condition_variable stop_;
  bool stopping_ = false;
  bool warned_ = false;
  std::string last_error_;
  std::thread thread_;
};

}  // namespace quanzu::store
