#include "adapters/runtime/committer.h"

#include <chrono>

#include "adapters/runtime/thread.h"

namespace quanzu::runtime {

void commit_and_tell(store::Store& store, const PendingBlock& block, Result<void>& state, const CommitHooks& hooks) {
  if (state && !block.block.events.empty()) {
    const auto began = std::chrono::steady_clock::now();
    state = store.commit(block.block);
    if (state) {
      hooks.committed(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count(), block.block);
    } else {
      hooks.failed(state.error());
    }
  }
  for (const Release& release : block.releases) release(state);
}

Committer::Committer(store::Store& store, Hooks hooks) : store_(store), hooks_(std::move(hooks)) {
  thread_ = std::thread([this] { run(); });
}

Committer::~Committer() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Committer::submit(std::unique_ptr<PendingBlock> block) {
  {
    const std::scoped_lock lock(mutex_);
    ENSURE(idle_ && next_ == nullptr, "one block commits at a time");
    idle_.store(false, std::memory_order_release);
    next_ = std::move(block);
  }
  changed_.notify_all();
}

void Committer::wait_idle() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return idle_.load(); });
}

bool Committer::between_commits(const std::function<void()>& work) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stopping_ || work_ == nullptr; });
  if (stopping_) return false;
  work_ = &work;
  changed_.notify_all();
  changed_.wait(lock, [&] { return work_ != &work; });
  return true;
}

std::unique_ptr<PendingBlock> Committer::take_empty() {
  const std::scoped_lock lock(mutex_);
  if (spare_ == nullptr) return std::make_unique<PendingBlock>();
  return std::move(spare_);
}

void Committer::run() {
  begin_thread("committer");
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || next_ != nullptr || work_ != nullptr; });
    if (work_ != nullptr) {
      const std::function<void()>* work = work_;
      lock.unlock();
      (*work)();
      lock.lock();
      work_ = nullptr;
      changed_.notify_all();
    }
    if (next_ == nullptr && stopping_) return;
    if (next_ == nullptr) continue;
    std::unique_ptr<PendingBlock> block = std::move(next_);
    lock.unlock();
    commit_and_tell(store_, *block, state_, hooks_);
    block->releases.clear();  // they hold sinks and replies: let go outside of the lock
    block->block.events.clear();
    block->block.raw.clear();
    block->block.rows.clear();
    block->block.signals = 0;
    lock.lock();
    spare_ = std::move(block);
    idle_.store(true, std::memory_order_release);
    lock.unlock();
    changed_.notify_all();
    hooks_.idle();
    lock.lock();
  }
}

}  // namespace quanzu::runtime
