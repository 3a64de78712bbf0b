// What makes a signal usable, as a table: the change to a good signal, and what the feed's engineer reads.
#include "adapters/feed/validate.h"

#include "adapters/feed/feed.pb.h"
#include "adapters/feed/intake.h"
#include "tests/adapters/feed_peer.h"

using namespace quanzu;
using namespace quanzu::feed;
using namespace quanzu::feed::test;
using Catch::Contains;

namespace {

struct Judged {
  std::string bytes;  // the signal borrows them
  Signal signal;
  std::optional<Refusal> refusal;
};

Judged judge(const v1::Signal& message, const Limits& limits = {}) {
  Judged judged;
  judged.bytes = message.SerializeAsString();
  SignalHead head;
  REQUIRE(decode_signal(judged.bytes, head, judged.signal));
  judged.refusal = validate(head, kNow, limits, judged.signal);
  return judged;
}

v1::Signal of_kind(Kind kind) {
  v1::Signal signal;
  signal.set_kind(static_cast<uint32_t>(kind));
  signal.set_resident_number("13900001111");
  return signal;
}

}  // namespace

TEST_CASE("validate: a good signal gets its kind, time and canonical numbers", "[feed]") {
  v1::Signal message = sms(1);
  message.set_resident_number("+86 139-0000-1111");
  message.set_peer_number("0085261234567");
  const Judged judged = judge(message);
  REQUIRE_FALSE(judged.refusal);
  CHECK(judged.signal.kind == Kind::kSms);
  CHECK(judged.signal.at == kNow);
  CHECK(judged.signal.resident.view() == "8613900001111");
  CHECK(judged.signal.peer.view() == "85261234567");
  CHECK(judged.signal.string(Field::kResidentNumber) == "+86 139-0000-1111");
}

TEST_CASE("validate: a signal without a time is stamped with its receipt", "[feed]") {
  v1::Signal message = sms(1);
  message.clear_at_ms();
  const Judged judged = judge(message);
  REQUIRE_FALSE(judged.refusal);
  CHECK(judged.signal.at == kNow);
}

TEST_CASE("validate: the clock of a feed may be two minutes ahead and thirty days behind, to the millisecond",
          "[feed]") {
  const auto at = [](Duration from_receipt) {
    v1::Signal message = sms(1);
    message.set_at_ms(to_ms(kNow + from_receipt));
    return judge(message).refusal;
  };
  const Duration ms(1);
  CHECK_FALSE(at(std::chrono::minutes(2)));
  CHECK_FALSE(at(-std::chrono::days(30)));
  REQUIRE(at(std::chrono::minutes(2) + ms));
  CHECK(at(std::chrono::minutes(2) + ms)->reason == "clock_ahead");
  CHECK_THAT(at(std::chrono::hours(1))->detail, Contains("3600 s ahead") && Contains("set the sender's clock"));
  REQUIRE(at(-std::chrono::days(30) - ms));
  CHECK(at(-std::chrono::days(30) - ms)->reason == "too_old");
  CHECK(at(Duration(INT64_MAX) - kNow.time_since_epoch())->reason == "clock_ahead");
  CHECK(at(Duration(INT64_MIN + to_ms(kNow)) - kNow.time_since_epoch())->reason == "too_old");
}

TEST_CASE("validate: each fault has its reason and a detail that names the field", "[feed]") {
  struct Fault {
    const char* reason;
    const char* detail;
    v1::Signal message;
  };
  std::vector<Fault> faults;
  const auto add = [&](const char* reason, const char* detail, Kind kind, auto change) {
    v1::Signal message = of_kind(kind);
    if (kind == Kind::kInstruction) message.set_instruction_id("YJ-1");
    change(message);
    faults.push_back({reason, detail, message});
  };
  using S = v1::Signal;
  add("unknown_kind", "kind 7", Kind::kSms, [](S& s) { s.set_kind(7); });
  add("missing_field", "resident.number", Kind::kSms, [](S& s) { s.clear_resident_number(); });
  add("bad_number", "resident.number", Kind::kSms, [](S& s) { s.set_resident_number(""); });
  add("bad_number", "resident.number", Kind::kSms, [](S& s) { s.set_resident_number("110"); });
  add("bad_number", "resident.number", Kind::kSms, [](S& s) { s.set_resident_number("hello"); });
  add("oversize", "text has 8193 bytes", Kind::kSms, [](S& s) { s.set_text(std::string(8193, 'x')); });
  add("oversize", "url has 2049 bytes", Kind::kUrl, [](S& s) { s.set_url(std::string(2049, 'x')); });
  add("wrong_field", "amount_fen is no field of kind sms", Kind::kSms, [](S& s) { s.set_amount_fen(1); });
  add("wrong_field", "text is no field of kind url", Kind::kUrl, [](S& s) { s.set_text("x"); });
  add("bad_value", "direction is \"sideways\"", Kind::kSms, [](S& s) { s.set_direction("sideways"); });
  add("bad_value", "state is \"done\"", Kind::kCall, [](S& s) { s.set_state("done"); });
  add("bad_value", "call.medium", Kind::kCall, [](S& s) { s.set_call_medium("pigeon"); });
  add("bad_value", "duration_s is negative", Kind::kCall, [](S& s) { s.set_duration_s(-1); });
  add("bad_value", "app.action", Kind::kApp, [](S& s) { s.set_app_action("look"); });
  add("bad_value", "transfer.channel", Kind::kTransfer, [](S& s) { s.set_transfer_channel("barter"); });
  add("bad_value", "transfer.state", Kind::kTransfer, [](S& s) { s.set_transfer_state(""); });
  add("bad_value", "amount_fen is negative", Kind::kTransfer, [](S& s) { s.set_amount_fen(-1); });
  add("bad_value", "channel", Kind::kReport, [](S& s) { s.set_channel("fax"); });
  add("bad_value", "level", Kind::kInstruction, [](S& s) { s.set_level("urgent"); });
  add("bad_value", "fraud.type", Kind::kInstruction, [](S& s) { s.set_fraud_type("lottery"); });
  add("bad_value", "required_action", Kind::kInstruction, [](S& s) { s.set_required_action("wait"); });
  add("missing_field", "instruction.id", Kind::kInstruction, [](S& s) { s.clear_instruction_id(); });
  add("clock_ahead", "issued_at", Kind::kInstruction, [](S& s) { s.set_issued_at_ms(to_ms(kNow) + 600'000); });
  add("too_old", "issued_at", Kind::kInstruction, [](S& s) { s.set_issued_at_ms(0); });
  add("unreadable", "line 7", Kind::kSms, [](S& s) { s.set_unreadable("line 7: no JSON object"); });
  for (const Fault& fault : faults) {
    INFO(fault.message.ShortDebugString());
    const Judged judged = judge(fault.message);
    REQUIRE(judged.refusal);
    CHECK(judged.refusal->reason == fault.reason);
    CHECK_THAT(judged.refusal->detail, Contains(fault.detail));
    CHECK(judged.refusal->keep_payload);
  }
}

TEST_CASE("validate: a signal of each kind with all its fields is good", "[feed]") {
  v1::Signal call = of_kind(Kind::kCall);
  call.set_direction("in");
  call.set_state("ended");
  call.set_call_medium("voip");
  call.set_duration_s(0);
  call.set_forwarding_set(true);
  CHECK_FALSE(judge(call).refusal);
  v1::Signal transfer = of_kind(Kind::kTransfer);
  transfer.set_amount_fen(5'000'000);
  transfer.set_transfer_channel("bank");
  transfer.set_transfer_state("attempt");
  CHECK_FALSE(judge(transfer).refusal);
  v1::Signal instruction = of_kind(Kind::kInstruction);
  instruction.set_instruction_id("YJ-1");
  instruction.set_level("high");
  instruction.set_fraud_type("loan");
  instruction.set_issued_at_ms(to_ms(kNow) - 60'000);
  CHECK_FALSE(judge(instruction).refusal);
  v1::Signal report = of_kind(Kind::kReport);
  report.clear_resident_number();
  report.set_place("东门小区");
  CHECK_FALSE(judge(report).refusal);
}

TEST_CASE("validate: a peer that is no number is kept as it came", "[feed]") {
  v1::Signal message = sms(1);
  message.set_peer_number("10086-x");
  const Judged judged = judge(message);
  REQUIRE_FALSE(judged.refusal);
  CHECK(judged.signal.peer.view() == "10086-x");
}

TEST_CASE("validate: the street profile takes no content, and keeps none of what it refuses", "[feed]") {
  Limits street;
  street.profile = Profile::kStreet;
  for (const Kind kind : {Kind::kSms, Kind::kCall, Kind::kUrl, Kind::kApp}) {
    const Judged judged = judge(of_kind(kind), street);
    REQUIRE(judged.refusal);
    CHECK(judged.refusal->reason == "kind_not_allowed");
    CHECK_FALSE(judged.refusal->keep_payload);
  }
  CHECK_FALSE(judge(of_kind(Kind::kTransfer), street).refusal);
  CHECK_FALSE(judge(of_kind(Kind::kReport), street).refusal);
  v1::Signal unreadable;
  unreadable.set_unreadable("line 1");
  CHECK_FALSE(judge(unreadable, street).refusal->keep_payload);
}

TEST_CASE("intake: what a profile may not store is in no part of the batch", "[feed]") {
  FakeIngress ingress;
  prometheus::Registry registry;
  Metrics metrics(registry);
  Limits street;
  street.profile = Profile::kStreet;
  Intake intake(ingress, street, metrics);
  intake.bind({}, 1);
  const auto sized = [](const v1::Signal& message) {
    std::string bytes;
    append_varint(bytes, message.ByteSizeLong());
    message.AppendToString(&bytes);
    return bytes;
  };
  v1::Signal transfer = of_kind(Kind::kTransfer);
  transfer.set_seq(2);
  const std::string first = sized(sms(1, "secret words")), second = sized(transfer);
  intake.begin(first.size() + second.size());
  CHECK(intake.add(first) == Intake::Taken::kYes);
  CHECK(intake.add(second) == Intake::Taken::kYes);
  intake.submit();
  const Batch& batch = *ingress.committed.front();
  CHECK(batch.count == 2);
  CHECK(batch.bytes == second);
  REQUIRE(batch.rejects.size() == 1);
  CHECK(batch.rejects.front().payload.empty());
}

TEST_CASE("intake: a text that is no UTF-8 is kept as it came and counted", "[feed]") {
  Bench bench;
  Peer peer(bench);
  peer.welcome();
  const std::string text = "转账\xFF";
  peer.write(framed(sms(1, text)));
  CHECK(peer.ack() == 1);
  CHECK(bench.ingress.committed.front()->signals[0].string(Field::kText) == text);
  CHECK(bench.counter("quanzu_feed_invalid_utf8_total") == 1);
}
