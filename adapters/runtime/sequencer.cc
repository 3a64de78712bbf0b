#include "adapters/runtime/sequencer.h"

#include "adapters/runtime/projection.h"

namespace quanzu::runtime {
namespace {

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

Sequencer::Sequencer(rules::Pipeline pipeline, Clock& clock, uint64_t mark_every, Hooks hooks)
    : pipeline_(std::move(pipeline)),
      clock_(clock),
      mark_every_(mark_every),
      hooks_(std::move(hooks)),
      owners_(pipeline_.engine().stream_count()) {}

void Sequencer::begin(Genesis genesis) {
  ENSURE(apply(std::move(genesis)).has_value(), "a journal begins");
}

void Sequencer::tick() {
  if (pipeline_.next_due() > clock_.now()) return;
  ENSURE(apply(Tick{}).has_value(), "a tick is never refused");
}

Result<Applied> Sequencer::apply(EventBody body) {
  return apply(std::move(body), clock_.now());
}

Result<Applied> Sequencer::apply(EventBody body, Instant now) {
  const Event event{pipeline_.next_sequence(), std::max(now, engine().now()), std::move(body)};
  block_.effects().done.reset();
  Result<Applied> applied = pipeline_.apply(event, block_.effects());
  if (applied && *applied == Applied::kChanged) block_.add(event);
  return applied;
}

void Sequencer::tell(const api::Reply& reply, Result<std::string> answer) {
  block_.add_release([reply, answer = std::move(answer)](const Result<void>& committed) {
    if (!committed) return reply(Failure(outcome_unknown(committed.error())));
    reply(answer);
  });
}

void Sequencer::apply_command(const Command& command, const api::Reply& reply) {
  const Result<bool> repeat = engine().is_repeat(command.user, command.idempotency_key, command.body_hash);
  if (repeat && *repeat) return repeat_reply(command, reply);
  Instant now = clock_.now();
  // The clock's new time is the event's: a replay has no other clock.
  const auto* advance = std::get_if<AdvanceClock>(&command.body);
  if (advance != nullptr) now += advance->by;
  const Result<Applied> applied = apply(EventBody(command), now);
  if (!applied) return tell(reply, Failure(applied.error()));
  const CommandDone done = block_.effects().done.value_or(CommandDone());
  if (*applied == Applied::kUnchanged) return tell(reply, render_reply(engine(), done));
  if (advance != nullptr) clock_.advance(advance->by);
  std::string answer = render_reply(engine(), done);
  block_.add_reply(engine(), done, answer);
  tell(reply, std::move(answer));
}

// Read after the commit, since the first reply may be in the very block that is filling.
void Sequencer::repeat_reply(const Command& command, const api::Reply& reply) {
  block_.add_release([this, user = command.user, key = command.idempotency_key, reply](const Result<void>& committed) {
    if (!committed) return reply(Failure(outcome_unknown(committed.error())));
    reply(hooks_.first_reply(user, key));
  });
}

void Sequencer::apply_account(const EventBody& change, const api::Reply& reply) {
  const Result<Applied> applied = apply(change);
  if (!applied) return tell(reply, Failure(applied.error()));
  // The new token holds once it is durable, and before its owner hears of it.
  block_.add_release([this, directory = std::make_shared<accounts::Directory>(accounts::directory_of(engine()))](
                         const Result<void>& committed) {
    if (committed) hooks_.accounts(directory);
  });
  tell(reply, std::string("{}"));
}

bool Sequencer::take_up(const CompiledPacks& packs, const std::string& folder_hash) {
  const LivePack* live = engine().find_pack(engine().live_pack());
  if (live != nullptr && live->hash == packs.hash()) return false;
  const PackVersion next(engine().live_pack().value() + 1);
  ENSURE(apply(pack_live(next, packs, folder_hash)).has_value(), "a pack goes live");
  return true;
}

std::optional<std::span<const AlertRaised>> Sequencer::apply_batch(const feed::Batch& batch) {
  if (!owns(batch.binding)) return std::nullopt;
  feed::spell_out(batch.taken(), batch.seqs, batch.matches, spelled_out_);
  rejected_.clear();
  for (const feed::Reject& each : batch.rejects) {
    rejected_.push_back({each.seq, each.reason, each.detail, each.payload});
  }
  SignalBatch event{batch.binding.stream, batch.first_seq, batch.count, batch.latest_at,
                    batch.pack,           spelled_out_,    rejected_};
  const size_t before = block_.effects().alerts.size();
  ENSURE(apply(event).has_value(), "a batch is never refused");
  block_.add_raw(batch);
  block_.add_ack(batch);
  return std::span<const AlertRaised>(block_.effects().alerts).subspan(before);
}

void Sequencer::open_stream(const std::string& feed, const std::string& stream,
                            const std::shared_ptr<feed::StreamSink>& sink) {
  const Result<Applied> opened = apply(StreamOpened{feed, stream});
  if (!opened) {
    block_.add_release([sink, error = opened.error()](const Result<void>&) { sink->on_refused(error); });
    return;
  }
  const Stream& found = *engine().find_stream(feed, stream);
  if (owners_.size() < found.id.value()) owners_.resize(found.id.value());
  Owner& owner = owners_[found.id.value() - 1];
  if (std::shared_ptr<feed::StreamSink> older = owner.sink.lock()) {
    block_.add_release([older = std::move(older)](const Result<void>&) {
      older->on_fenced("a newer connection has this stream; two senders must not share one");
    });
  }
  owner.sink = sink;
  ++owner.epoch;
  const feed::StreamBinding binding{found.id, owner.epoch, sink, feed};
  block_.add_release([binding, next_seq = found.next_seq](const Result<void>& committed) {
    if (!committed) return binding.sink->on_refused(committed.error());
    binding.sink->on_open(binding, next_seq);
  });
}

void Sequencer::close_stream(const feed::StreamBinding& binding) {
  if (owns(binding)) owners_[binding.stream.value() - 1].sink.reset();
}

// False for a batch of an earlier connection.
bool Sequencer::owns(const feed::StreamBinding& binding) const {
  return binding.epoch == owners_[binding.stream.value() - 1].epoch;
}

std::unique_ptr<PendingBlock> Sequencer::finish(std::unique_ptr<PendingBlock> next) {
  mark_outcome();
  return block_.finish(engine(), std::move(next));
}

// Now and then the last event of a block, so that whoever replays it can tell that it comes to the same. Never alone: an idle
// server writes nothing.
void Sequencer::mark_outcome() {
  const uint64_t events = engine().counters().events;
  if (!block_.has_events() || events - marked_at_ < mark_every_) return;
  ENSURE(apply(OutcomeMark{pipeline_.outcome()}).has_value(), "a mark is never refused");
  marked_at_ = events;
}

}  // namespace quanzu::runtime
