// The follower: a second pipeline that replays the journal's `events` beside the running server, at low priority and on its
// own connection, and writes a snapshot of itself now and then. So no snapshot stops the server, what a restart does is done
// all the time, and where the two come to different things (OutcomeMark) it is seen at once and named. Owned by Server.
#pragma once
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "adapters/runtime/follower_metrics.h"
#include "adapters/store/cipher.h"
#include "adapters/store/recovery.h"

namespace quanzu::runtime {

class Follower {
 public:
  struct Settings {
    std::filesystem::path data;
    store::Encryptor* encryptor = nullptr;  // borrowed
    Playbook playbook = Playbook::defaults();
    uint64_t every = 0;  // a snapshot after so many events, at the next mark
    std::chrono::milliseconds pace{200};
  };
  Follower(std::unique_ptr<store::Reader> reader, Settings settings, FollowerMetrics& metrics);
  ~Follower();  // ends after the step at hand
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  // The committer's thread, after each commit.
  void committed(uint64_t block) { last_.store(block, std::memory_order_release); }
  // Goes on to the last committed block, as the thread does it; for tests, with a thread whose pace is too slow to meet.
  // Errors also stop it for good, but for kUnavailable: the next round tries again.
  Result<void> round();

 private:
  void run();
  void warn(const Error& error);
  Result<void> begin();
  Result<void> read_slice();
  Result<void> take(const store::StoredBlock& block);

  const std::unique_ptr<store::Reader> reader_;
  const Settings settings_;
  FollowerMetrics& metrics_;
  std::atomic<uint64_t> last_{0};
  std::atomic<bool> stopping_{false};

  // The follower's thread.
  std::optional<rules::Pipeline> pipeline_;
  std::optional<store::Replayer> replayer_;
  std::vector<store::StoredBlock> slice_;
  uint64_t done_ = 0;         // the last block that was replayed
  uint64_t snapshot_at_ = 0;  // events before the last snapshot
  bool stopped_ = false;      // it came to another state
  std::string last_warning_;

  std::mutex mutex_;
  std::condition_variable stop_;
  std::thread thread_;
};

}  // namespace quanzu::runtime
