#include "adapters/store/journal.h"

#include <rapidcheck.h>

#include "tests/adapters/store_support.h"
#include "tests/catch.h"

namespace quanzu::store {
namespace {

using namespace testing;

std::string encode(const std::vector<Event>& events) {
  std::string bytes;
  for (const Event& event : events) append_event(event, bytes);
  return bytes;
}

// Decodes all and writes all again: equal bytes mean equal events, as every field is written.
Result<std::string> decode_and_encode(std::string_view bytes) {
  EventDecoder decoder(bytes);
  std::string again;
  for (;;) {
    Result<const Event*> event = decoder.next();
    if (!event) return Failure(event.error());
    if (*event == nullptr) return again;
    append_event(**event, again);
  }
}

Signal full_signal() {
  Signal signal;
  signal.kind = Kind::kInstruction;
  signal.at = from_ms(1795485600123);
  signal.resident = Number("8613900001111");
  signal.peer = Number("0001");
  for (size_t i = 0; i < kFieldCount; ++i) {
    const auto field = static_cast<Field>(i);
    if (i < kStringFieldCount) {
      signal.set(field, i % 2 == 0 ? std::string_view("甲\0乙", 7) : std::string_view());
    } else {
      signal.set(field, i % 2 == 0 ? INT64_MIN : INT64_MAX);
    }
  }
  return signal;
}

}  // namespace

TEST_CASE("every kind of event comes back from the journal as it went in") {
  OwnedBatch batch = make_batch(1, 30);
  const std::vector<Event> events = every_event(batch);
  REQUIRE(events.size() == std::variant_size_v<EventBody> - 1 + std::variant_size_v<CommandBody>);
  for (const Event& event : events) {
    const std::string bytes = encode({event});
    EventDecoder decoder(bytes);
    const Event* decoded = good(decoder.next());
    REQUIRE(decoded != nullptr);
    CHECK(decoded->sequence == event.sequence);
    CHECK(decoded->now == event.now);
    CHECK(decoded->body.index() == event.body.index());
    std::string again;
    append_event(*decoded, again);
    CHECK(again == bytes);
    CHECK(good(decoder.next()) == nullptr);
  }
  CHECK(good(decode_and_encode(encode(events))) == encode(events));
}

TEST_CASE("the journal gives back a command's own fields") {
  OwnedBatch batch = make_batch(1, 3);
  const std::string bytes = encode(every_event(batch));
  EventDecoder decoder(bytes);
  const Event* event = nullptr;
  bool seen = false;
  while ((event = good(decoder.next())) != nullptr) {
    const auto* command = std::get_if<Command>(&event->body);
    const auto* follow_up = command == nullptr ? nullptr : std::get_if<RecordFollowUp>(&command->body);
    if (follow_up == nullptr) continue;
    seen = true;
    CHECK(command->user == UserId(3));
    CHECK(command->idempotency_key == "key");
    CHECK(follow_up->case_id == CaseId(12));
    CHECK(follow_up->version == 13);
    CHECK(follow_up->verdict == Verdict::kLoss);
    CHECK(follow_up->loss == Fen(-5));
    CHECK(follow_up->lost_at == from_ms(-1));
    CHECK(follow_up->source == "bank");
  }
  CHECK(seen);
}

TEST_CASE("a matched signal keeps every present field, and absent stays absent") {
  OwnedBatch owned;
  owned.batch = {StreamId(2), 10, 5, from_ms(1795485600000), PackVersion(4), {}, {}};
  Signal bare;
  bare.at = from_ms(-62135596800000);
  owned.signals = {full_signal(), bare};
  owned.rules = {{0, 5, UINT32_MAX}, {}};
  owned.matched = {{11, nullptr, {}}, {14, nullptr, {}}};
  std::string bytes;
  append_event({Sequence(1), from_ms(0), owned.seal()}, bytes);
  EventDecoder decoder(bytes);
  const auto& batch = std::get<SignalBatch>(good(decoder.next())->body);
  REQUIRE(batch.signals.size() == 2);
  CHECK(batch.signals[0].seq == 11);
  CHECK(batch.signals[1].seq == 14);
  CHECK(std::ranges::equal(batch.signals[0].rules, owned.rules[0]));
  CHECK(batch.signals[1].rules.empty());
  for (size_t n = 0; n < 2; ++n) {
    const Signal& out = *batch.signals[n].signal;
    const Signal& in = owned.signals[n];
    CHECK(out.kind == in.kind);
    CHECK(out.at == in.at);
    CHECK(out.resident == in.resident);
    CHECK(out.peer == in.peer);
    for (size_t i = 0; i < kFieldCount; ++i) {
      const auto field = static_cast<Field>(i);
      INFO(field_info(field).name);
      CHECK(out.has(field) == in.has(field));
      if (i < kStringFieldCount) {
        CHECK(out.string(field) == in.string(field));
      } else {
        CHECK(out.number(field) == in.number(field));
      }
    }
  }
}

TEST_CASE("a rejected signal keeps its reason, detail and payload") {
  OwnedBatch owned = make_batch(1, 10);
  std::string bytes;
  append_event({Sequence(1), from_ms(0), owned.seal()}, bytes);
  EventDecoder decoder(bytes);
  const auto& batch = std::get<SignalBatch>(good(decoder.next())->body);
  REQUIRE(batch.rejects.size() == 2);
  CHECK(batch.rejects[0].seq == 5);
  CHECK(batch.rejects[1].seq == 10);
  CHECK(batch.rejects[1].reason == "bad_number");
  CHECK(batch.rejects[1].detail == "letters in a number");
  CHECK(batch.rejects[1].payload == "\x08\x01\xff");
}

TEST_CASE("256 unmatched signals cost the journal less than 32 bytes") {
  std::string bytes;
  append_event({Sequence(10'000'000), from_ms(1795485600000),
                SignalBatch{StreamId(3), 100'000'000, 256, from_ms(1795485600000), PackVersion(12), {}, {}}},
               bytes);
  CHECK(bytes.size() < 32);
}

TEST_CASE("a journal cut at any byte gives the events before the cut, then an error, never more") {
  OwnedBatch batch = make_batch(1, 30);
  const std::vector<Event> events = every_event(batch);
  std::vector<size_t> ends;
  std::string bytes;
  for (const Event& event : events) {
    append_event(event, bytes);
    ends.push_back(bytes.size());
  }
  for (size_t cut = 0; cut < bytes.size(); ++cut) {
    const std::string part = bytes.substr(0, cut);  // of its own, so that a read past its end is seen
    EventDecoder decoder(part);
    size_t whole = 0;
    Result<const Event*> event = decoder.next();
    for (; event && *event != nullptr; event = decoder.next()) ++whole;
    const auto complete = static_cast<size_t>(std::ranges::upper_bound(ends, cut) - ends.begin());
    CHECK(whole == complete);
    const bool at_an_end = cut == 0 || ends[complete - (complete > 0 ? 1 : 0)] == cut;
    CHECK(event.has_value() == at_an_end);
    if (!event) CHECK(event.error().message.find("at byte") != std::string::npos);
  }
}

TEST_CASE("damaged events give an error that says what is wrong") {
  const auto error_of = [](std::string bytes) {
    Result<std::string> result = decode_and_encode(bytes);
    return result ? std::string("no error") : result.error().message;
  };
  using namespace std::string_literals;
  const std::string head = "\x07\x01\x00"s;  // a batch, sequence 1, time 0
  CHECK(error_of("\x7f\x01\x00"s).find("doesn't know") != std::string::npos);
  CHECK(error_of("\x08" + std::string(10, '\xff')).find("over 64 bits") != std::string::npos);
  CHECK(error_of("\x03\x01\x00\x01x\x02"s).find("neither true nor false") != std::string::npos);
  CHECK(error_of("\x02\x01\x00\x01x\x63"s).find("doesn't know") != std::string::npos);
  CHECK(error_of("\x05\x01\x00\x01\x00\x7f"s).find("longer than what is left") != std::string::npos);
  CHECK(error_of(head + "\x01\x01\x02\x00\x01\x03\x00"s + std::string(9, 'x')).find("more signals spelled out") !=
        std::string::npos);
  CHECK(error_of(head + "\x01\x01\xff\xff\xff\x7f\x00\x01\x00\x00"s).find("more signals than a batch") !=
        std::string::npos);
  CHECK(error_of(head + "\x01\x01\x02\x00\x01\x00\x01\x02\x00\x00\x00"s).find("outside of its batch") !=
        std::string::npos);
  CHECK(error_of(head + "\x01\x01\x03\x00\x01\x00\x02\x01\x00\x00\x00\x01\x00\x00\x00"s).find("out of order") !=
        std::string::npos);
}

TEST_CASE("any bytes decode to events or to an error, without harm") {
  const bool held = rc::check([](const std::vector<uint8_t>& noise) {
    const std::string bytes(noise.begin(), noise.end());
    (void)decode_and_encode(bytes);
  });
  CHECK(held);
  // Noise alone dies at the first tag: so damage good bytes as well.
  OwnedBatch batch = make_batch(1, 12);
  const std::string sound = encode(every_event(batch));
  for (size_t at = 0; at < sound.size(); ++at) {
    for (const uint8_t bit : {1, 2, 8, 64, 128}) {
      std::string bytes = sound;
      bytes[at] = static_cast<char>(static_cast<uint8_t>(bytes[at]) ^ bit);
      (void)decode_and_encode(bytes);
    }
  }
}

TEST_CASE("the raw part gives back each batch's bytes, and names where it is cut") {
  std::string raw;
  append_raw({StreamId(1), 5, 2, "abc"}, raw);
  append_raw({StreamId(9), 1, 1, ""}, raw);
  RawDecoder decoder(raw);
  RawBatch batch;
  REQUIRE(good(decoder.next(batch)));
  CHECK(batch.stream == StreamId(1));
  CHECK(batch.first_seq == 5);
  CHECK(batch.count == 2);
  CHECK(batch.bytes == "abc");
  REQUIRE(good(decoder.next(batch)));
  CHECK(batch.bytes.empty());
  CHECK_FALSE(good(decoder.next(batch)));
  RawDecoder cut(std::string_view(raw).substr(0, 5));
  CHECK(cut.next(batch).error().message.find("raw at byte") != std::string::npos);
}

}  // namespace quanzu::store
