#include "adapters/store/digest.h"

#include "adapters/store/event_fields.h"
#include "adapters/store/journal.h"
#include "tests/adapters/store_support.h"
#include "tests/catch.h"

namespace quanzu::store {
namespace {

using namespace testing;

std::string digest_of(const std::vector<Event>& events) {
  JournalDigest digest;
  for (const Event& event : events) digest.add(event);
  return digest.hex();
}

// Signals 1 .. 600 in batches that end at the given numbers.
std::string digest_of_batches(const std::vector<uint64_t>& ends) {
  JournalDigest digest;
  uint64_t first = 1;
  uint64_t sequence = 1;
  for (const uint64_t end : ends) {
    OwnedBatch owned = make_batch(first, end - first + 1);
    digest.add({Sequence(sequence), from_ms(static_cast<int64_t>(sequence)), owned.seal()});
    ++sequence;
    digest.add({Sequence(sequence), from_ms(static_cast<int64_t>(sequence)), Tick{}});
    ++sequence;
    first = end + 1;
  }
  return digest.hex();
}

// What the digest must tell apart: the events without what it leaves out (adapters/store/digest.h).
std::string counted_part(const Event& event) {
  if (std::holds_alternative<Genesis>(event.body) || std::holds_alternative<Tick>(event.body) ||
      std::holds_alternative<OutcomeMark>(event.body)) {
    return {};
  }
  Event bare{Sequence(), Instant(), event.body};
  if (auto* added = std::get_if<UserAdded>(&bare.body)) {
    added->user.token_hash.clear();
    added->user.password_hash.clear();
    added->user.totp_secret.clear();
  } else if (auto* reset = std::get_if<UserReset>(&bare.body)) {
    *reset = UserReset{reset->name, "", "", ""};
  }
  std::string bytes;
  append_event(bare, bytes);
  return bytes;
}

}  // namespace

TEST_CASE("the journal's digest does not depend on batches, ticks or times") {
  const std::string whole = digest_of_batches({600});
  CHECK(digest_of_batches({1, 2, 3, 300, 600}) == whole);
  CHECK(digest_of_batches({256, 512, 600}) == whole);
  std::vector<uint64_t> single;
  for (uint64_t n = 1; n <= 600; ++n) single.push_back(n);
  CHECK(digest_of_batches(single) == whole);
  CHECK(digest_of_batches({599}) != whole);
  CHECK(whole.size() == 64);
}

TEST_CASE("the journal's digest can be read at any time and goes on") {
  OwnedBatch batch = make_batch(1, 9);
  const std::vector<Event> events = every_event(batch);
  JournalDigest digest;
  for (const Event& event : events) {
    digest.add(event);
    CHECK(digest.hex() == digest.hex());
  }
  CHECK(digest.hex() == digest_of(events));
}

// Every bit of every event: where the damaged bytes still are an event, its digest differs exactly when it differs in a part
// that counts.
TEST_CASE("the journal's digest differs where anything that counts differs") {
  OwnedBatch batch = make_batch(3, 4);
  size_t different = 0;
  size_t same = 0;
  for (const Event& event : every_event(batch)) {
    std::string sound;
    append_event(event, sound);
    const std::string counted = counted_part(event);
    const std::string digest = digest_of({event});
    for (size_t bit = 0; bit < sound.size() * 8; ++bit) {
      std::string bytes = sound;
      bytes[bit / 8] = static_cast<char>(static_cast<uint8_t>(bytes[bit / 8]) ^ (1U << (bit % 8)));
      EventDecoder decoder(bytes);
      const Result<const Event*> altered = decoder.next();
      if (!altered) continue;
      const bool counts = counted_part(**altered) != counted;
      (counts ? different : same) += 1;
      INFO("tag " << int{sound[0]} << ", bit " << bit);
      CHECK((digest_of({**altered}) != digest) == counts);
    }
  }
  CHECK(different > 1000);
  CHECK(same > 100);
}

TEST_CASE("the journal's digest tells the order of events apart") {
  const Event one{Sequence(1), from_ms(0), Command{UserId(1), "a", "b", ClaimTask{TaskId(1), 1}}};
  const Event two{Sequence(2), from_ms(0), Command{UserId(2), "a", "b", ClaimTask{TaskId(1), 1}}};
  CHECK(digest_of({one, two}) != digest_of({two, one}));
}

}  // namespace quanzu::store
