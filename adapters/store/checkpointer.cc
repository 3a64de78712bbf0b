#include "adapters/store/checkpointer.h"

namespace quanzu::store {
namespace {
constexpr int64_t kFrameHeader = 24;  // of SQLite's write-ahead log format
}  // namespace

Checkpointer::Checkpointer(Database connection, int64_t page_size, Settings settings)
    : connection_(std::move(connection)), page_size_(page_size), settings_(std::move(settings)) {
  thread_ = std::thread([this] { run(); });
}

Checkpointer::~Checkpointer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_one();
  thread_.join();
}

void Checkpointer::after_commit(const Database& writer) {
  commits_.fetch_add(1, std::memory_order_relaxed);
  if (tail_due_.exchange(false)) checkpoint(writer);
}

void Checkpointer::run() {
  std::unique_lock lock(mutex_);
  while (!stop_.wait_for(lock, settings_.pace, [this] { return stopping_; })) {
    lock.unlock();
    round();
    lock.lock();
  }
}

void Checkpointer::round() {
  const uint64_t commits = commits_.load(std::memory_order_relaxed);
  if (commits == moved_commits_) return;  // an idle server touches no disk
  if (checkpoint(connection_)) {
    moved_commits_ = commits;
  } else {
    tail_due_.store(true);
  }
}

bool Checkpointer::checkpoint(const Database& connection) {
  const Result<Database::Checkpoint> done = connection.checkpoint_passive();
  std::string warning;
  bool complete = false;
  {
    const std::lock_guard lock(mutex_);
    if (!done) {
      if (done.error().message != last_error_) warning = "checkpoint failed: " + done.error().message;
      last_error_ = done.error().message;
    } else if (!done->busy) {
      last_error_.clear();
      complete = done->moved_frames == done->wal_frames;
      const auto bytes = static_cast<uint64_t>(done->wal_frames * (page_size_ + kFrameHeader));
      wal_bytes_.store(complete ? 0 : bytes, std::memory_order_relaxed);
      const bool large = !complete && bytes > settings_.warn_bytes;
      if (large && !warned_) {
        warning = "the write-ahead log has grown to " + std::to_string(bytes >> 20) +
                  " MiB: a long read (an export, a backup, another program) holds it back, or the disk is too slow";
      }
      warned_ = large;
    }
  }
  if (!warning.empty()) settings_.warn(warning);
  return complete;
}

}  // namespace quanzu::store
