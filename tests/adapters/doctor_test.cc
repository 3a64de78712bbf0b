#include "adapters/runtime/doctor.h"

#include <algorithm>
#include <filesystem>

#include "tests/catch.h"
#include "tests/temporary_folder.h"

namespace quanzu::runtime {
namespace {

using Verdict = Finding::Verdict;

// One that nothing is wrong with.
Machine fit() {
  Machine out;
  out.file_system = "ext4";
  out.folder_is_there = true;
  out.free_bytes = uint64_t{100} << 30;
  out.flush = std::chrono::microseconds(800);
  out.slow_flush = std::chrono::milliseconds(3);
  out.now = from_ms(1'790'000'000'000);
  out.clock_synchronized = true;
  out.open_files = 65536;
  out.available_memory = uint64_t{8} << 30;
  out.cores = 2;
  return out;
}

// What is found beside good things: its name and verdict.
std::vector<std::pair<std::string, Verdict>> complaints(const Machine& machine) {
  std::vector<std::pair<std::string, Verdict>> out;
  for (const Finding& each : judge(machine)) {
    if (each.verdict == Verdict::kGood) {
      CHECK(each.advice.empty());
    } else {
      CHECK_FALSE(each.advice.empty());
      out.emplace_back(each.name, each.verdict);
    }
  }
  return out;
}

struct Ill {
  const char* why;
  void (*make)(Machine&);
  const char* name;
  Verdict verdict;
};

const Ill kIlls[] = {
    {"nobody may write", [](Machine& m) { m.unwritable = "Permission denied"; }, "folder.write", Verdict::kBad},
    {"everybody may read", [](Machine& m) { m.others_may_read = true; }, "folder.write", Verdict::kWarning},
    {"no key", [](Machine& m) { m.key_needed = true, m.key_unreadable = "x"; }, "folder.key", Verdict::kBad},
    {"a key for all", [](Machine& m) { m.key_needed = m.others_may_read_key = true; }, "folder.key", Verdict::kWarning},
    {"a key beside", [](Machine& m) { m.key_needed = m.key_in_folder = true; }, "folder.key", Verdict::kWarning},
    {"memory as a disk", [](Machine& m) { m.file_system = "tmpfs"; }, "disk.kind", Verdict::kBad},
    {"a disk elsewhere", [](Machine& m) { m.file_system = "nfs"; }, "disk.kind", Verdict::kBad},
    {"a container's layer", [](Machine& m) { m.file_system = "overlay"; }, "disk.kind", Verdict::kWarning},
    {"a cache that answers", [](Machine& m) { m.flush = std::chrono::microseconds(2); }, "disk.flush", Verdict::kBad},
    {"a slow disk", [](Machine& m) { m.flush = std::chrono::milliseconds(12); }, "disk.flush", Verdict::kWarning},
    {"a disk that stalls", [](Machine& m) { m.slow_flush = std::chrono::milliseconds(90); }, "disk.flush",
     Verdict::kWarning},
    {"a hopeless disk", [](Machine& m) { m.flush = std::chrono::milliseconds(80); }, "disk.flush", Verdict::kBad},
    {"little room", [](Machine& m) { m.free_bytes = uint64_t{5} << 30; }, "disk.space", Verdict::kWarning},
    {"no room", [](Machine& m) { m.free_bytes = uint64_t{1} << 30; }, "disk.space", Verdict::kBad},
    {"a clock that went back", [](Machine& m) { m.last_event = m.now + std::chrono::hours(1); }, "clock.order",
     Verdict::kBad},
    {"a clock of its own", [](Machine& m) { m.clock_synchronized = false; }, "clock.ntp", Verdict::kWarning},
    {"nobody knows", [](Machine& m) { m.clock_synchronized.reset(); }, "clock.ntp", Verdict::kWarning},
    {"few files", [](Machine& m) { m.open_files = 1024; }, "limit.files", Verdict::kWarning},
    {"core dumps", [](Machine& m) { m.core_dumps = true; }, "limit.core", Verdict::kWarning},
    {"little memory", [](Machine& m) { m.available_memory = uint64_t{1} << 29; }, "memory", Verdict::kWarning},
    {"one core", [](Machine& m) { m.cores = 1; }, "cpu", Verdict::kWarning},
    {"an old processor", [](Machine& m) { m.hyperscan_runs = false; }, "cpu", Verdict::kBad},
};

TEST_CASE("a machine that is fit has nothing to change") {
  CHECK(complaints(fit()).empty());
}

TEST_CASE("each ill of a machine is named alone, with what to do") {
  for (const Ill& ill : kIlls) {
    INFO(ill.why);
    Machine machine = fit();
    ill.make(machine);
    CHECK(complaints(machine) == std::vector<std::pair<std::string, Verdict>>{{ill.name, ill.verdict}});
  }
}

TEST_CASE("a folder is examined as it is, or where it would be made, and nothing stays there") {
  const testing::TemporaryFolder folder;
  const std::filesystem::path data = folder.path() / "not" / "yet";
  Machine machine = examine(data);
  CHECK_FALSE(machine.folder_is_there);
  CHECK(machine.unwritable.empty());
  CHECK(machine.flush.count() > 0);
  CHECK(machine.free_bytes > 0);
  CHECK(machine.cores > 0);
  CHECK(std::filesystem::is_empty(folder.path()));

  std::filesystem::create_directories(data);
  std::filesystem::permissions(data, std::filesystem::perms(0750));
  machine = examine(data);
  CHECK(machine.folder_is_there);
  CHECK(machine.others_may_read);
  CHECK(std::filesystem::is_empty(data));
}

}  // namespace
}  // namespace quanzu::runtime
