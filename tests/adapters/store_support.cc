#include "tests/adapters/store_support.h"

#include "adapters/store/journal.h"

namespace quanzu::store::testing {
namespace {
constexpr int64_t kStart = 1795485600000;  // 2026-11-24T02:00:00Z
}  // namespace

const SignalBatch& OwnedBatch::seal() {
  matched.resize(signals.size());
  for (size_t i = 0; i < signals.size(); ++i) {
    matched[i].signal = &signals[i];
    matched[i].rules = rules[i];
  }
  batch.signals = matched;
  batch.rejects = rejects;
  return batch;
}

OwnedBatch make_batch(uint64_t first_seq, uint64_t count) {
  OwnedBatch owned;
  owned.batch.stream = StreamId(1);
  owned.batch.first_seq = first_seq;
  owned.batch.count = count;
  owned.batch.pack = PackVersion(1);
  for (uint64_t seq = first_seq; seq < first_seq + count; ++seq) {
    const Instant at = from_ms(kStart + static_cast<int64_t>(seq) * 10);
    if (seq % 3 == 0) {
      Signal signal;
      signal.kind = Kind::kSms;
      signal.at = at;
      signal.resident = Number("8613900001111");
      signal.peer = Number("85261234567");
      signal.set(Field::kText, "您涉嫌洗钱，请转入安全账户");
      owned.signals.push_back(signal);
      owned.rules.push_back({static_cast<RuleIndex>(seq % 7), static_cast<RuleIndex>(seq % 7 + 2)});
      owned.matched.push_back({seq, nullptr, {}});
    } else if (seq % 5 == 0) {
      owned.rejects.push_back({seq, "bad_number", "letters in a number", "\x08\x01\xff"});
    }
    owned.batch.latest_at = at;
  }
  return owned;
}

std::vector<Event> every_event(OwnedBatch& batch) {
  std::vector<EventBody> bodies;
  bodies.push_back(Genesis{"00ff", {1, UINT64_MAX}});
  bodies.push_back(UserAdded{User{{}, "王芳", Role::kSupervisor, true, "aa", "$argon2id$", "JBSW"}});
  bodies.push_back(UserDisabled{"王芳", false});
  bodies.push_back(UserReset{"王芳", "bb", "cc", "dd"});
  bodies.push_back(PackLive{
      PackVersion(1),
      "ee",
      {{"qz.loan.1", "3", "贷款", FraudType::kLoan, Stage::kTransfer, Millipoints(-1500), Duration(86400000), 9}},
      "the correlations, as text",
      "folder"});
  bodies.push_back(StreamOpened{"carrier", "sms-1"});
  bodies.push_back(batch.seal());
  bodies.push_back(Tick{});
  bodies.push_back(OutcomeMark{UINT64_MAX});
  const auto command = [&](CommandBody body) { bodies.push_back(Command{UserId(3), "key", "hash", std::move(body)}); };
  command(OpenCase{ResidentId(9), Number("8613900001111"), "青年路", "fraud", FraudType::kDating, Level::kHigh, "text",
                   "hotline"});
  command(ClaimNext{{TaskType::kCall, TaskType::kVisit}});
  command(ClaimTask{TaskId(4), 5});
  command(RenewLease{TaskId(6)});
  command(ReleaseTask{TaskId(7)});
  command(RecordAttempt{TaskId(8), 9, "reached", Identity::kCalledBack, true, "operator", "note"});
  command(CloseCase{CaseId(10), 11, "dissuaded", "proof", "second"});
  command(RecordFollowUp{CaseId(12), 13, "24h", Verdict::kLoss, Fen(-5), from_ms(-1), "bank"});
  command(CorrectCase{CaseId(14), "loss_fen", "100", "typing"});
  command(DecideTruth{CaseId(15), Truth::kConfirmed, {"loss", "none"}});
  command(SignInstruction{InstructionId(16)});
  command(FeedBackInstruction{InstructionId(17), "met", "met"});
  command(AdvanceClock{Duration(60000)});
  command(SwitchRule{"qz.loan.1", false, "too many"});
  command(CreateInstruction{"YJ-1", "unit", "meet", FraudType::kLoan, Level::kHigh, Number("8613900001111"),
                            Number("85261234567"), "text", from_ms(-1)});
  std::vector<Event> events;
  for (EventBody& body : bodies) {
    const auto n = static_cast<int64_t>(events.size());
    events.push_back({Sequence(static_cast<uint64_t>(n) + 1), from_ms(kStart + n * 1000), std::move(body)});
  }
  return events;
}

Block block_of(const std::vector<Event>& events) {
  Block block;
  block.first = events.front().sequence;
  block.last = events.back().sequence;
  for (const Event& event : events) {
    append_event(event, block.events);
    if (const auto* batch = std::get_if<SignalBatch>(&event.body)) {
      block.signals += batch->count;
      append_raw({batch->stream, batch->first_seq, batch->count, "raw signals"}, block.raw);
    }
  }
  return block;
}

Block tick_block(uint64_t sequence) {
  Block block = block_of({Event{Sequence(sequence), from_ms(0), Tick{}}});
  block.rows.push_back({Table::kMeta, {"block", std::to_string(sequence)}});
  return block;
}

}  // namespace quanzu::store::testing
