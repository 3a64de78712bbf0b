// Snapshots: what is recovered from one and the journal after it is what a replay of the whole journal comes to.
#include "adapters/store/snapshot.h"

#include <fstream>

#include "adapters/runtime/follower.h"
#include "adapters/store/files.h"
#include "adapters/store/recovery.h"
#include "adapters/store/sqlite_reader.h"
#include "tests/adapters/history.h"
#include "tests/catch.h"

namespace quanzu::store {
namespace {

using namespace testing;
using Catch::Contains;
namespace fs = std::filesystem;

const Playbook kPlaybook = Playbook::defaults();

// The state after a block, by replay.
rules::Pipeline replayed_to(Reader& reader, uint64_t block) {
  rules::Pipeline pipeline;
  Replayer replayer(pipeline);
  good(reader.read_journal(BlockRange{1, block}, Parts::kEvents,
                           [&](const StoredBlock& each) { return replayer.apply(each); }));
  return pipeline;
}

void snapshot_at(const fs::path& data, History& history, uint64_t block) {
  auto reader = good(history.store().reader());
  good(write_snapshot(data, replayed_to(*reader, block), block, good(reader->chain_at(block)),
                      history.store().snapshot_encryptor()));
}

void overwrite(const fs::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

runtime::Follower::Settings settings_of(const fs::path& data, History& history, uint64_t every) {
  runtime::Follower::Settings settings{data, &history.store().snapshot_encryptor(), kPlaybook, every};
  settings.pace = std::chrono::hours(1);  // rounds are the test's
  return settings;
}

std::vector<std::string> names(const fs::path& data) {
  std::vector<std::string> out;
  for (const fs::path& each : find_snapshots(data)) out.push_back(each.filename().string());
  return out;
}

}  // namespace

TEST_CASE("a snapshot at any block and the tail after it come to what a replay of all comes to", "[snapshot]") {
  for (uint32_t seed = 1; seed <= 12; ++seed) {
    TemporaryFolder folder;
    History history(folder.data(), seed);
    history.go_on(14);
    auto reader = good(open_reader(folder.data()));
    const uint64_t block = 1 + seed % history.blocks();
    INFO("seed " << seed << ", snapshot at block " << block);
    snapshot_at(folder.data(), history, block);
    Recovery recovered = good(recover(*reader, folder.data(), kPlaybook));
    CHECK(recovered.passed_over.empty());
    CHECK(recovered.snapshot == block);
    CHECK(recovered.replayed.blocks == history.blocks() - block);
    CHECK(recovered.pipeline.digest() == history.pipeline().digest());
    CHECK(recovered.pipeline.snapshot() == history.pipeline().snapshot());
    CHECK(recovered.pipeline.next_due() == history.pipeline().next_due());
    CHECK(history.pipeline().engine().counters().alerts > 0);
  }
}

TEST_CASE("a snapshot that is cut short or changed anywhere is refused", "[snapshot]") {
  TemporaryFolder folder;
  History history(folder.data(), 1);
  history.go_on(5);
  auto reader = good(open_reader(folder.data()));
  snapshot_at(folder.data(), history, 5);
  const fs::path file = find_snapshots(folder.data()).front();
  const std::string bytes = good(read_file(file));
  REQUIRE(read_snapshot(file, reader->keyring(), kPlaybook));
  for (size_t at = 0; at < bytes.size(); at += 97) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 0x20);
    const auto flipped = parse_snapshot(changed, reader->keyring(), kPlaybook);
    REQUIRE_FALSE(flipped);
    CHECK(flipped.error().code == Code::kInternal);
    CHECK_FALSE(parse_snapshot(bytes.substr(0, at), reader->keyring(), kPlaybook));
  }
  CHECK_FALSE(parse_snapshot(bytes + "x", reader->keyring(), kPlaybook));
}

TEST_CASE("a bad snapshot is passed over for the one before, then for the journal, and both are named", "[snapshot]") {
  TemporaryFolder folder;
  History history(folder.data(), 3);
  history.go_on(9);
  auto reader = good(open_reader(folder.data()));
  snapshot_at(folder.data(), history, 4);
  snapshot_at(folder.data(), history, 8);
  const std::vector<fs::path> files = find_snapshots(folder.data());
  REQUIRE(files.size() == 2);
  overwrite(files[0], good(read_file(files[0])).substr(0, 100));
  Recovery one = good(recover(*reader, folder.data(), kPlaybook));
  CHECK(one.snapshot == 4);
  REQUIRE(one.passed_over.size() == 1);
  CHECK_THAT(one.passed_over[0], Contains(files[0].string()) && Contains("damaged"));
  CHECK(one.pipeline.digest() == history.pipeline().digest());
  overwrite(files[1], "quanzu snapshot 2\nnothing of the kind, and longer than a hash is");
  Recovery none = good(recover(*reader, folder.data(), kPlaybook));
  CHECK(none.snapshot == 0);
  CHECK(none.passed_over.size() == 2);
  CHECK(none.pipeline.digest() == history.pipeline().digest());
}

TEST_CASE("a snapshot of another journal, of one that lost its end, or of another playbook is not used", "[snapshot]") {
  TemporaryFolder folder;
  History history(folder.data(), 5);
  history.go_on(6);
  auto reader = good(open_reader(folder.data()));
  SECTION("another journal") {
    TemporaryFolder other;
    History stranger(other.data(), 6);
    stranger.go_on(6);
    snapshot_at(other.data(), stranger, 6);
    fs::copy(snapshots_folder(other.data()), snapshots_folder(folder.data()));
    const Recovery recovered = good(recover(*reader, folder.data(), kPlaybook));
    CHECK(recovered.snapshot == 0);
    CHECK_THAT(recovered.passed_over.at(0), Contains("or is of another folder"));  // its key says so first
  }
  SECTION("a journal that lost its end") {
    good(write_snapshot(folder.data(), history.pipeline(), history.blocks() + 1, Hash(),
                        history.store().snapshot_encryptor()));
    const Recovery recovered = good(recover(*reader, folder.data(), kPlaybook));
    CHECK(recovered.snapshot == 0);
    CHECK_THAT(recovered.passed_over.at(0), Contains("it is ahead of the journal"));
  }
  SECTION("another playbook") {
    snapshot_at(folder.data(), history, 6);
    Playbook other = kPlaybook;
    ++other.version;
    const Recovery recovered = good(recover(*reader, folder.data(), other));
    CHECK(recovered.snapshot == 0);
    CHECK_THAT(recovered.passed_over.at(0), Contains("under another playbook"));
  }
}

TEST_CASE("a journal that says that something else came of it stops every replay at the block", "[snapshot]") {
  TemporaryFolder folder;
  History history(folder.data(), 7);
  history.go_on(4);
  history.lie();
  auto reader = good(open_reader(folder.data()));
  const auto recovered = recover(*reader, folder.data(), kPlaybook);
  REQUIRE_FALSE(recovered);
  CHECK_THAT(recovered.error().message, Contains("journal block 6") && Contains("it was"));
}

TEST_CASE("the follower writes snapshots at marks, keeps two, and goes on from them", "[snapshot][follower]") {
  TemporaryFolder folder;
  History history(folder.data(), 9);
  prometheus::Registry registry;
  runtime::FollowerMetrics metrics(registry);
  for (int restart = 0; restart < 2; ++restart) {
    runtime::Follower follower(good(history.store().reader()), settings_of(folder.data(), history, 3), metrics);
    for (int round = 0; round < 6; ++round) {
      history.go_on(3);
      follower.committed(history.blocks());
      good(follower.round());
    }
  }
  CHECK(find_snapshots(folder.data()).size() == 2);
  auto reader = good(open_reader(folder.data()));
  const Recovery recovered = good(recover(*reader, folder.data(), kPlaybook));
  CHECK(recovered.passed_over.empty());
  CHECK(recovered.snapshot + 2 >= history.blocks());
  CHECK(recovered.pipeline.digest() == history.pipeline().digest());
}

TEST_CASE("a new snapshot takes the place of those that a journal without its end left behind", "[snapshot]") {
  TemporaryFolder folder;
  History history(folder.data(), 15);
  history.go_on(6);
  auto reader = good(open_reader(folder.data()));
  for (const uint64_t lost : {500, 600})
    good(write_snapshot(folder.data(), history.pipeline(), lost, Hash(), history.store().snapshot_encryptor()));
  for (const uint64_t block : {2, 4, 6}) snapshot_at(folder.data(), history, block);
  CHECK(names(folder.data()) == std::vector<std::string>{"000000000006.snapshot", "000000000004.snapshot"});
}

TEST_CASE("a follower that comes to another state names the block and makes no more snapshots",
          "[snapshot][follower]") {
  TemporaryFolder folder;
  History history(folder.data(), 11);
  prometheus::Registry registry;
  runtime::FollowerMetrics metrics(registry);
  runtime::Follower follower(good(history.store().reader()), settings_of(folder.data(), history, 1), metrics);
  history.go_on(4);
  follower.committed(history.blocks());
  good(follower.round());
  const std::vector<std::string> before = names(folder.data());
  CHECK_FALSE(before.empty());
  history.lie();
  follower.committed(history.blocks());
  const auto differs = follower.round();
  REQUIRE_FALSE(differs);
  CHECK_THAT(differs.error().message, Contains("journal block 6"));
  history.go_on(3);
  follower.committed(history.blocks());
  good(follower.round());
  CHECK(names(folder.data()) == before);
}

TEST_CASE("a snapshot that can't be written stops nothing, and the next one is tried", "[snapshot][follower]") {
  TemporaryFolder folder;
  History history(folder.data(), 13);
  prometheus::Registry registry;
  runtime::FollowerMetrics metrics(registry);
  overwrite(snapshots_folder(folder.data()), "a file where the folder should be");
  runtime::Follower follower(good(history.store().reader()), settings_of(folder.data(), history, 1), metrics);
  history.go_on(4);
  follower.committed(history.blocks());
  good(follower.round());
  CHECK(find_snapshots(folder.data()).empty());
  fs::remove(snapshots_folder(folder.data()));
  history.go_on(4);
  follower.committed(history.blocks());
  good(follower.round());
  CHECK_FALSE(find_snapshots(folder.data()).empty());
}

}  // namespace quanzu::store
