// `verify --deep`: what the journal says of each signal is what its pack says when it is asked again.
#include "adapters/runtime/rematch.h"

#include <fstream>

#include "adapters/feed/wire.h"
#include "adapters/runtime/pack_archive.h"
#include "adapters/runtime/packs.h"
#include "adapters/store/journal.h"
#include "adapters/store/sqlite_reader.h"
#include "tests/adapters/store_support.h"
#include "tests/catch.h"

namespace quanzu::runtime {
namespace {

using namespace store::testing;
using Catch::Contains;

constexpr Instant kNow = from_ms(1'795'485'600'000);
constexpr std::string_view kRule = R"(title: Safe account
name: safe_account
logsource: {product: quanzu, category: sms}
detection: {words: {text|contains: 安全账户}, condition: words}
antifraud: {version: "1.0", owner: t, fraud_type: impersonate_police, stage: hook, weight: 60, half_life: 14d}
)";

// A folder of a pack and of a journal whose second block holds the signals 1 (matches) and 2 (does not).
class Folder {
 public:
  // `told`: the signals that the journal says matched.
  explicit Folder(const std::vector<uint64_t>& told) {
    const std::filesystem::path packs = folder_.path() / "edited" / "p";
    std::filesystem::create_directories(packs);
    std::ofstream(packs / "rule.yml") << kRule;
    const SharedPacks compiled = good(compile_packs(packs.parent_path(), nullptr, kNow));
    good(PackArchive(data()).keep(packs.parent_path(), compiled->hash()));
    auto store = good(store::SqliteStore::open(data()));
    good(store->commit(block_of({Event{Sequence(1), kNow, Genesis{"00", {1, 2}}},
                                 Event{Sequence(2), kNow, pack_live(PackVersion(1), *compiled, compiled->hash())},
                                 Event{Sequence(3), kNow, StreamOpened{"carrier", "sms"}}})));
    good(store->commit(signals(told)));
    archived_ = PackArchive(data()).folder_of(compiled->hash());
  }
  std::filesystem::path data() const { return folder_.data(); }
  const std::filesystem::path& archived() const { return archived_; }
  RematchReport rematch() const { return good(runtime::rematch(*good(store::open_reader(data())), data())); }

 private:
  static store::Block signals(const std::vector<uint64_t>& told) {
    OwnedBatch owned;
    owned.batch = SignalBatch{StreamId(1), 1, 2, kNow, PackVersion(1), {}, {}};
    for (const uint64_t seq : told) {
      Signal& signal = owned.signals.emplace_back();
      signal.at = kNow;
      signal.resident = Number("8613900001111");
      signal.peer = Number("95588");
      signal.set(Field::kResidentNumber, "13900001111");
      signal.set(Field::kPeerNumber, "95588");
      signal.set(Field::kText, text(seq));
      owned.rules.push_back({0});
      owned.matched.push_back({seq, nullptr, {}});
    }
    store::Block block;
    block.first = block.last = Sequence(4);
    block.signals = 2;
    store::append_event(Event{Sequence(4), kNow, owned.seal()}, block.events);
    std::string bytes;
    for (const uint64_t seq : {1, 2}) {
      std::string fields;
      feed::SignalWriter writer(fields);
      writer.kind(Kind::kSms);
      writer.at(kNow);
      writer.string(Field::kResidentNumber, "13900001111");
      writer.string(Field::kPeerNumber, "95588");
      writer.string(Field::kText, text(seq));
      feed::append_sized_signal(bytes, seq, fields);
    }
    store::append_raw({StreamId(1), 1, 2, bytes}, block.raw);
    return block;
  }
  static std::string_view text(uint64_t seq) { return seq == 1 ? "请转入安全账户" : "明天下午家长会"; }

  TemporaryFolder folder_;
  std::filesystem::path archived_;
};

}  // namespace

TEST_CASE("a journal that says what its pack says is found sound, signal by signal", "[rematch]") {
  const RematchReport report = Folder({1}).rematch();
  CHECK(report.differences == std::vector<std::string>());
  CHECK(report.signals == 2);
  CHECK(report.left_out == 0);
}

TEST_CASE("a match that the journal lacks, or has too much, is named with block and signal", "[rematch]") {
  const RematchReport lacks = Folder({}).rematch();
  REQUIRE(lacks.difference_count == 1);
  CHECK_THAT(lacks.differences[0], Contains("journal block 2, stream 1, signal 1: it matches ") &&
                                       Contains("the journal says that nothing did"));
  const RematchReport has = Folder({1, 2}).rematch();
  REQUIRE(has.difference_count == 1);
  CHECK_THAT(has.differences[0], Contains("signal 2: it matches nothing"));
}

TEST_CASE("signals whose pack is not kept are counted as left out, with the reason", "[rematch]") {
  const Folder folder({1});
  std::filesystem::remove_all(folder.archived());
  const RematchReport report = folder.rematch();
  CHECK(report.signals == 0);
  CHECK(report.left_out == 2);
  CHECK_THAT(report.why_left_out, Contains("is not kept") && Contains("backup"));
}

}  // namespace quanzu::runtime
