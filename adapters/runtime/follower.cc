#include "adapters/runtime/follower.h"

#include <spdlog/spdlog.h>

#include "adapters/runtime/thread.h"
#include "adapters/store/snapshot.h"

namespace quanzu::runtime {
namespace {

// Behind the match workers, but never starved for ever: a replay takes a small part
// of the time that the signals took.
constexpr int kNice = 10;
// Blocks of one read transaction, which holds the write-ahead log back while it lasts. They are applied after it.
constexpr uint64_t kSlice = 8;

}  // namespace

Follower::Follower(std::unique_ptr<store::Reader> reader, Settings settings, FollowerMetrics& metrics)
    : reader_(std::move(reader)), settings_(std::move(settings)), metrics_(metrics) {
  thread_ = std::thread([this] { run(); });
}

Follower::~Follower() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_one();
  thread_.join();
}

void Follower::run() {
  begin_thread("follower", kNice);
  std::unique_lock lock(mutex_);
  while (!stop_.wait_for(lock, settings_.pace, [this] { return stopping_.load(); })) {
    lock.unlock();
    if (const Result<void> done = round(); !done) warn(done.error());
    lock.lock();
  }
}

// The same trouble is told once.
void Follower::warn(const Error& error) {
  if (error.message == last_warning_) return;
  last_warning_ = error.message;
  if (stopped_) {
    spdlog::error("follower: it came to another state than the server and makes no more snapshots: {}", error.message);
  } else {
    spdlog::warn("follower: {}", error.message);
  }
}

Result<void> Follower::round() {
  if (stopped_) return {};
  if (!pipeline_) {
    if (Result<void> begun = begin(); !begun) return begun;
  }
  while (done_ < last_.load(std::memory_order_acquire) && !stopping_) {
    if (Result<void> read = read_slice(); !read) return read;
    for (const store::StoredBlock& block : slice_) {
      if (Result<void> taken = take(block); !taken) return taken;
    }
    metrics_.follow(last_.load(std::memory_order_acquire) - done_);
  }
  return {};
}

Result<void> Follower::begin() {
  Result<store::Recovery> begun = store::newest_snapshot(*reader_, settings_.data, settings_.playbook);
  if (!begun) return Failure(begun.error());
  pipeline_.emplace(std::move(begun->pipeline));
  replayer_.emplace(*pipeline_);
  done_ = begun->snapshot;
  snapshot_at_ = pipeline_->engine().counters().events;
  return {};
}

Result<void> Follower::read_slice() {
  slice_.clear();
  const uint64_t to = std::min(done_ + kSlice, last_.load(std::memory_order_acquire));
  return reader_->read_journal({done_ + 1, to}, store::Parts::kEvents, [this](const store::StoredBlock& block) {
    slice_.push_back(block);
    return Result<void>();
  });
}

Result<void> Follower::take(const store::StoredBlock& block) {
  if (Result<void> applied = replayer_->apply(block); !applied) {
    stopped_ = true;
    metrics_.differs();
    return applied;
  }
  done_ = block.number;
  const bool due = pipeline_->engine().counters().events - snapshot_at_ >= settings_.every;
  if (!due || !replayer_->at_mark()) return {};
  const Result<store::SnapshotHead> written =
      store::write_snapshot(settings_.data, *pipeline_, block.number, block.chain, *settings_.encryptor);
  // One that fails is tried again after as many events: a full disk must not be written to at every block.
  snapshot_at_ = pipeline_->engine().counters().events;
  if (!written) {
    metrics_.failed();
    warn(written.error());
    return {};
  }
  metrics_.written(block.number);
  spdlog::info("follower: snapshot after block {}, sequence {}", block.number, written->sequence.value());
  return {};
}

}  // namespace quanzu::runtime
