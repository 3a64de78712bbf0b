// The engine thread: orders first, then batches by ticket; a tick before whatever is late; blocks to the committer.
#include "adapters/runtime/server.h"
#include "adapters/runtime/thread.h"

namespace quanzu::runtime {
namespace {

// Where a disk is so slow that the write-ahead log grows past its limit, feeds wait this long at a time.
constexpr std::chrono::milliseconds kSlowFeed{50};
constexpr size_t kPooledBatches = 256;

}  // namespace

// The folder's first event, and the packs as they are now. Before the thread starts.
void Server::begin_journal(const CompiledPacks& packs, const std::string& folder_hash) {
  if (engine().last_sequence().value() == 0) sequencer_.begin(make_genesis());
  sequencer_.take_up(packs, folder_hash);
  publish_directory(std::make_shared<accounts::Directory>(accounts::directory_of(engine())));
  metrics_.follow(sequencer_.pipeline(), 0);
}

void Server::run() {
  begin_thread("engine");
  for (;;) {
    const BlockBuilder& block = sequencer_.block();
    if (!block.empty() && (committer_->idle() || block.full())) flush();
    const bool slow = store_->wal_bytes() > store::kSlowWalBytes;
    auto until = wait_until();
    if (slow) until = std::chrono::steady_clock::now() + kSlowFeed;
    Inbox::Item item = inbox_.take(until, !slow);
    serve_item(std::move(item));
    if (inbox_.drained()) break;
  }
  if (!sequencer_.block().empty()) flush();
  committer_->wait_idle();
}

std::optional<std::chrono::steady_clock::time_point> Server::wait_until() const {
  const Instant due = sequencer_.pipeline().next_due();
  if (due == kNever) return std::nullopt;
  const std::optional<std::chrono::milliseconds> wait = clock_->until(due);
  if (!wait) return std::nullopt;
  constexpr std::chrono::milliseconds kLongest = std::chrono::hours(1);  // a far deadline must not overflow
  return std::chrono::steady_clock::now() + std::min(*wait, kLongest);
}

void Server::serve_item(Inbox::Item item) {
  sequencer_.tick();
  if (const Order* order = std::get_if<Order>(&item)) (*order)();
  if (auto* matched = std::get_if<MatchedBatch>(&item)) apply_batch(std::move(*matched));
}

void Server::publish_directory(std::shared_ptr<const accounts::Directory> directory) {
  const std::scoped_lock lock(shared_mutex_);
  directory_ = std::move(directory);
}

// On the committer's thread.
Result<std::string> Server::first_reply(UserId user, const std::string& key) {
  const Result<std::optional<store::Row>> row =
      replies_->get(store::Table::kReplies, {static_cast<int64_t>(user.value()), key});
  if (!row) return Failure(row.error());
  if (!*row) return fail(Code::kInternal, "the first reply is gone: run `quanzud verify`");
  return std::get<std::string>((*row)->values.back());
}

void Server::apply_batch(MatchedBatch matched) {
  feed::Batch& batch = *matched.batch;
  if (const auto raised = sequencer_.apply_batch(batch)) {
    if (shadow_ != nullptr && batch.shadow_number == shadow_->number()) {
      shadow_->take(batch, engine(), *raised, engine().now());
    }
    sequencer_.on_commit([this, arrived = matched.arrived](const Result<void>&) {
      metrics_.acked(std::chrono::duration<double>(std::chrono::steady_clock::now() - arrived).count());
    });
  }
  batch.clear();
  const std::scoped_lock lock(shared_mutex_);
  if (pool_.size() < kPooledBatches) pool_.push_back(std::move(matched.batch));
}

void Server::flush() {
  committer_->wait_idle();
  metrics_.follow(sequencer_.pipeline(), inbox_.bytes());
  committer_->submit(sequencer_.finish(committer_->take_empty()));
}

}  // namespace quanzu::runtime
