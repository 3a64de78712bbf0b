// The engine thread: orders first, then batches by ticket; a tick before whatever is late; blocks to the committer.
#include "adapters/runtime/projection.h"
#include "adapters/runtime/server.h"
#include "adapters/runtime/thread.h"

namespace quanzu::runtime {
namespace {

// Where a disk is so slow that the write-ahead log grows past its limit, feeds wait this long at a time.
constexpr std::chrono::milliseconds kSlowFeed{50};
constexpr size_t kPooledBatches = 256;

Error outcome_unknown(const Error& error) {
  return Error{
      Code::kUnavailable,
      "the disk failed and the outcome is unknown until the server has restarted; send it again then, with the "
      "same Idempotency-Key: " +
          error.message,
      {},
      {},
      0};
}

}  // namespace

// The folder's first event, and the packs as they are now. Before the thread starts.
void Server::begin_journal(const CompiledPacks& packs, const std::string& folder_hash) {
  const Engine& engine = pipeline_.engine();
  if (engine.last_sequence().value() == 0) ENSURE(apply(make_genesis()).has_value(), "a journal begins");
  take_up(packs, folder_hash);
  owners_.resize(engine.stream_count());
  publish_directory();
  metrics_.follow(pipeline_, 0);
}

void Server::run() {
  begin_thread("engine");
  for (;;) {
    if (!block_.empty() && (committer_->idle() || block_.full())) flush();
    const bool slow = store_->wal_bytes() > store::kSlowWalBytes;
    auto until = wait_until();
    if (slow) until = std::chrono::steady_clock::now() + kSlowFeed;
    Inbox::Item item = inbox_.take(until, !slow);
    serve_item(std::move(item));
    if (inbox_.drained()) break;
  }
  if (!block_.empty()) flush();
  committer_->wait_idle();
}

std::optional<std::chrono::steady_clock::time_point> Server::wait_until() const {
  const Instant due = pipeline_.next_due();
  if (due == kNever) return std::nullopt;
  const std::optional<std::chrono::milliseconds> wait = clock_->until(due);
  if (!wait) return std::nullopt;
  constexpr std::chrono::milliseconds kLongest = std::chrono::hours(1);  // a far deadline must not overflow
  return std::chrono::steady_clock::now() + std::min(*wait, kLongest);
}

void Server::serve_item(Inbox::Item item) {
  tick();
  if (const Order* order = std::get_if<Order>(&item)) (*order)();
  if (auto* matched = std::get_if<MatchedBatch>(&item)) apply_batch(std::move(*matched));
}

// What is due is over before anybody may act on it; an idle server writes nothing.
void Server::tick() {
  if (pipeline_.next_due() > clock_->now()) return;
  ENSURE(apply(Tick{}).has_value(), "a tick is never refused");
}

Result<Applied> Server::apply(EventBody body) {
  return apply(std::move(body), clock_->now());
}

Result<Applied> Server::apply(EventBody body, Instant now) {
  const Event event{pipeline_.next_sequence(), std::max(now, pipeline_.engine().now()), std::move(body)};
  block_.effects().done.reset();
  Result<Applied> applied = pipeline_.apply(event, block_.effects());
  if (applied && *applied == Applied::kChanged) block_.add(event);
  return applied;
}

void Server::tell(const api::Reply& reply, Result<std::string> answer) {
  block_.add_release([reply, answer = std::move(answer)](const Result<void>& committed) {
    if (!committed) return reply(Failure(outcome_unknown(committed.error())));
    reply(answer);
  });
}

void Server::apply_command(const Command& command, const api::Reply& reply) {
  const Engine& engine = pipeline_.engine();
  const Result<bool> repeat = engine.is_repeat(command.user, command.idempotency_key, command.body_hash);
  if (repeat && *repeat) return repeat_reply(command, reply);
  Instant now = clock_->now();
  // The clock's new time is the event's: a replay has no other clock.
  const auto* advance = std::get_if<AdvanceClock>(&command.body);
  if (advance != nullptr) now += advance->by;
  const Result<Applied> applied = apply(EventBody(command), now);
  if (!applied) return tell(reply, Failure(applied.error()));
  const CommandDone done = block_.effects().done.value_or(CommandDone());
  if (*applied == Applied::kUnchanged) return tell(reply, render_reply(engine, done));
  if (advance != nullptr) clock_->advance(advance->by);
  std::string answer = render_reply(engine, done);
  block_.add_reply(engine, done, answer);
  tell(reply, std::move(answer));
}

// Read after the commit, since the first reply may be in the very block that is filling.
void Server::repeat_reply(const Command& command, const api::Reply& reply) {
  const std::vector<store::Value> key{static_cast<int64_t>(command.user.value()), command.idempotency_key};
  block_.add_release([this, key, reply](const Result<void>& committed) {
    if (!committed) return reply(Failure(outcome_unknown(committed.error())));
    const Result<std::optional<store::Row>> row = replies_->get(store::Table::kReplies, key);
    if (!row) return reply(Failure(row.error()));
    if (!*row) return reply(fail(Code::kInternal, "the first reply is gone: run `quanzud verify`"));
    reply(std::get<std::string>((*row)->values.back()));
  });
}

void Server::apply_account(const EventBody& change, const api::Reply& reply) {
  const Result<Applied> applied = apply(change);
  if (!applied) return tell(reply, Failure(applied.error()));
  // The new token holds once it is durable, and before its owner hears of it.
  block_.add_release([this, directory = std::make_shared<accounts::Directory>(
                                accounts::directory_of(pipeline_.engine()))](const Result<void>& committed) {
    if (!committed) return;
    const std::scoped_lock lock(shared_mutex_);
    directory_ = directory;
  });
  tell(reply, std::string("{}"));
}

void Server::publish_directory() {
  const std::scoped_lock lock(shared_mutex_);
  directory_ = std::make_shared<accounts::Directory>(accounts::directory_of(pipeline_.engine()));
}

void Server::apply_batch(MatchedBatch matched) {
  feed::Batch& batch = *matched.batch;
  if (owns(batch.binding)) {
    feed::spell_out(batch.taken(), batch.seqs, batch.matches, spelled_out_);
    rejected_.clear();
    for (const feed::Reject& each : batch.rejects) {
      rejected_.push_back({each.seq, each.reason, each.detail, each.payload});
    }
    SignalBatch event{batch.binding.stream, batch.first_seq, batch.count, batch.latest_at,
                      batch.pack,           spelled_out_,    rejected_};
    const size_t before = block_.effects().alerts.size();
    ENSURE(apply(event).has_value(), "a batch is never refused");
    if (shadow_ != nullptr && batch.shadow_number == shadow_->number()) {
      const auto raised = std::span<const AlertRaised>(block_.effects().alerts).subspan(before);
      shadow_->take(batch, pipeline_.engine(), raised, pipeline_.engine().now());
    }
    block_.add_raw(batch);
    block_.add_ack(batch);
    block_.add_release([this, arrived = matched.arrived](const Result<void>&) {
      metrics_.acked(std::chrono::duration<double>(std::chrono::steady_clock::now() - arrived).count());
    });
  }
  batch.clear();
  const std::scoped_lock lock(shared_mutex_);
  if (pool_.size() < kPooledBatches) pool_.push_back(std::move(matched.batch));
}

void Server::flush() {
  mark_outcome();
  committer_->wait_idle();
  metrics_.follow(pipeline_, inbox_.bytes());
  committer_->submit(block_.finish(pipeline_.engine(), committer_->take_empty()));
}

// Now and then the last event of a block, so that whoever replays it can tell that it comes to the same. Never alone: an idle
// server writes nothing.
void Server::mark_outcome() {
  constexpr uint64_t kMarkEvery = 1000;
  const uint64_t events = pipeline_.engine().counters().events;
  const uint64_t every = snapshot_every_ == 0 ? kMarkEvery : std::min(kMarkEvery, snapshot_every_);
  if (!block_.has_events() || events - marked_at_ < every) return;
  ENSURE(apply(OutcomeMark{pipeline_.outcome()}).has_value(), "a mark is never refused");
  marked_at_ = events;
}

}  // namespace quanzu::runtime
