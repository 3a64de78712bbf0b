#include "adapters/runtime/doctor.h"

#include <fcntl.h>
#include <hs/hs.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <thread>

#include "adapters/store/keyring.h"
#include "adapters/store/sqlite_reader.h"

namespace quanzu::runtime {
namespace {

namespace fs = std::filesystem;
using Verdict = Finding::Verdict;

// No disk answers sooner that has written anything: an NVMe drive with a protected cache needs about 20 us.
constexpr std::chrono::microseconds kHonestFlush{10};
constexpr std::chrono::milliseconds kQuickFlush{5};
constexpr std::chrono::milliseconds kSlowFlush{50};
constexpr uint64_t kGiB = uint64_t{1} << 30;
constexpr uint64_t kLittleSpace = 2 * kGiB;
constexpr uint64_t kEnoughSpace = 20 * kGiB;
constexpr uint64_t kEnoughFiles = 4096;  // connections, of which each needs one, and the store's
constexpr uint64_t kEnoughMemory = 2 * kGiB;
constexpr std::chrono::seconds kClockStep{5};

constexpr size_t kFlushes = 200;
constexpr std::chrono::milliseconds kFlushFor{1000};

// The file systems that statfs names by number (statfs(2)).
std::string file_system_name(const fs::path& folder) {
  struct statfs found {};
  if (::statfs(folder.c_str(), &found) != 0) return "unknown";
  switch (static_cast<uint32_t>(found.f_type)) {
    case 0xEF53:
      return "ext4";
    case 0x58465342:
      return "xfs";
    case 0x9123683E:
      return "btrfs";
    case 0x2FC12FC1:
      return "zfs";
    case 0x01021994:
      return "tmpfs";
    case 0x858458F6:
      return "ramfs";
    case 0x794C7630:
      return "overlay";
    case 0x6969:
      return "nfs";
    case 0xFF534D42:
    case 0xFE534D42:
      return "cifs";
    case 0x65735546:
      return "fuse";
    default:
      return "other";
  }
}

// How long it takes until a little that was appended is said to be on disk.
void measure_flush(const fs::path& folder, Machine& machine) {
  const fs::path file = folder / ".doctor";
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    machine.unwritable = std::strerror(errno);
    return;
  }
  std::array<char, 4096> page{};
  std::vector<std::chrono::nanoseconds> times;
  const auto end = std::chrono::steady_clock::now() + kFlushFor;
  while (times.size() < kFlushes && std::chrono::steady_clock::now() < end && machine.unwritable.empty()) {
    page.front() = static_cast<char>(times.size());
    const auto began = std::chrono::steady_clock::now();
    const bool written = ::write(descriptor, page.data(), page.size()) == static_cast<ssize_t>(page.size());
    if (!written || ::fdatasync(descriptor) != 0) machine.unwritable = std::strerror(errno);
    times.push_back(std::chrono::steady_clock::now() - began);
  }
  ::close(descriptor);
  ::unlink(file.c_str());
  if (times.empty()) return;
  std::sort(times.begin(), times.end());
  machine.flush = times[times.size() / 2];
  machine.slow_flush = times[times.size() * 99 / 100];
}

uint64_t available_memory() {
  std::ifstream in("/proc/meminfo");
  for (std::string word; in >> word;) {
    uint64_t kilobytes = 0;
    if (word == "MemAvailable:" && in >> kilobytes) return kilobytes * 1024;
  }
  return 0;
}

uint64_t limit_of(__rlimit_resource resource) {
  rlimit limit{};
  return ::getrlimit(resource, &limit) == 0 ? limit.rlim_cur : 0;
}

// Beside a running server too.
std::optional<Instant> last_event_of(const store::DataFolder& folder) {
  const Result<std::unique_ptr<store::Reader>> reader = store::open_reader(folder);
  if (!reader) return std::nullopt;
  std::optional<Instant> latest;
  const Result<void> read = (*reader)->scan(store::Table::kStreams, [&latest](const store::Row& row) -> Result<void> {
    const Instant at = from_ms(std::get<int64_t>(row.values.back()));
    latest = latest ? std::max(*latest, at) : at;
    return {};
  });
  return read ? latest : std::nullopt;
}

// Whether what the folder holds could be read.
void examine_key(const store::DataFolder& data, Machine& machine) {
  std::error_code error;
  machine.key_needed = fs::exists(store::database_path(data.path()), error);
  if (!machine.key_needed) return;
  const Result<std::unique_ptr<store::Reader>> reader = store::open_reader(data);
  if (reader) {
    const Result<const store::LookupKey*> opened = (*reader)->keyring().lookup();
    if (!opened) machine.key_unreadable = opened.error().message;
  }
  struct stat found {};
  if (::stat(data.key_file().c_str(), &found) == 0) machine.others_may_read_key = (found.st_mode & 077U) != 0;
  machine.key_in_folder = fs::equivalent(data.key_file().parent_path(), data.path(), error) && !error;
}

std::string in_ms(std::chrono::nanoseconds time) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f ms", static_cast<double>(time.count()) / 1e6);
  return text;
}

std::string in_gib(uint64_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f GiB", static_cast<double>(bytes) / static_cast<double>(kGiB));
  return text;
}

bool is_volatile(const std::string& file_system) {
  return file_system == "tmpfs" || file_system == "ramfs";
}

bool is_remote(const std::string& file_system) {
  return file_system == "nfs" || file_system == "cifs" || file_system == "fuse";
}

Finding judge_folder(const Machine& of) {
  if (!of.unwritable.empty()) {
    return {Verdict::kBad, "folder.write", of.unwritable, "let the server's user write there, or name another folder"};
  }
  if (of.others_may_read) {
    return {Verdict::kWarning, "folder.write", "others may look into it", "chmod 700: it holds personal data"};
  }
  return {Verdict::kGood, "folder.write", of.folder_is_there ? "the server's alone" : "it can be made", {}};
}

Finding judge_key(const Machine& of) {
  if (!of.key_needed) return {Verdict::kGood, "folder.key", "no data yet", {}};
  if (!of.key_unreadable.empty()) {
    return {Verdict::kBad, "folder.key", of.key_unreadable, "nothing in the folder can be read without it"};
  }
  if (of.others_may_read_key) return {Verdict::kWarning, "folder.key", "others may read it", "chmod 600"};
  if (of.key_in_folder) {
    return {Verdict::kWarning, "folder.key", "beside the data",
            "whoever copies the folder has its key: move it to another disk and name it with --key-file"};
  }
  return {Verdict::kGood, "folder.key", "apart from the data", {}};
}

Finding judge_file_system(const Machine& of) {
  if (is_volatile(of.file_system)) {
    return {Verdict::kBad, "disk.kind", of.file_system, "it is lost with the power: put the folder on a disk"};
  }
  if (is_remote(of.file_system)) {
    return {Verdict::kBad, "disk.kind", of.file_system,
            "the journal's write-ahead log needs shared memory of one machine: put the folder on a local disk"};
  }
  if (of.file_system == "overlay") {
    return {Verdict::kWarning, "disk.kind", of.file_system,
            "a container's layer goes with the container: mount a volume for the folder"};
  }
  return {Verdict::kGood, "disk.kind", of.file_system, {}};
}

Finding judge_flush(const Machine& of) {
  const std::string found = "fdatasync p50 " + in_ms(of.flush) + ", p99 " + in_ms(of.slow_flush);
  if (of.flush.count() == 0) return {Verdict::kWarning, "disk.flush", "not measured", "mend the folder first"};
  if (of.flush < kHonestFlush) {
    return {Verdict::kBad, "disk.flush", found,
            "no disk writes so fast: a cache answers, and what was acked may be lost with the power. Turn the volatile "
            "write cache off (hdparm -W0), or the hypervisor's unsafe cache mode"};
  }
  if (of.flush > kSlowFlush) {
    return {Verdict::kBad, "disk.flush", found, "every ack waits for it: use another disk"};
  }
  if (of.flush > kQuickFlush || of.slow_flush > kSlowFlush) {
    return {Verdict::kWarning, "disk.flush", found, "acks wait for it; a solid-state disk needs under 2 ms"};
  }
  return {Verdict::kGood, "disk.flush", found, {}};
}

Finding judge_space(const Machine& of) {
  const std::string found = in_gib(of.free_bytes) + " free";
  if (of.free_bytes < kLittleSpace) {
    return {Verdict::kBad, "disk.space", found, "make room before the disk is full: then nothing can be acked"};
  }
  if (of.free_bytes < kEnoughSpace) {
    return {Verdict::kWarning, "disk.space", found, "the journal grows with every signal: see how long it lasts"};
  }
  return {Verdict::kGood, "disk.space", found, {}};
}

Finding judge_clock(const Machine& of) {
  if (of.last_event && *of.last_event > of.now + kClockStep) {
    return {Verdict::kBad, "clock.order",
            format_rfc3339(of.now) + ", the journal's last signal is of " + format_rfc3339(*of.last_event),
            "set the clock: a server does not go back in time"};
  }
  return {Verdict::kGood, "clock.order", of.last_event ? "after the journal's last signal" : "no journal yet", {}};
}

Finding judge_synchronization(const Machine& of) {
  if (!of.clock_synchronized) {
    return {Verdict::kWarning, "clock.ntp", "the kernel does not say",
            "see that something keeps the clock, as chrony does"};
  }
  if (!*of.clock_synchronized) {
    return {Verdict::kWarning, "clock.ntp", "not synchronized",
            "run chrony or systemd-timesyncd: signals over 2 minutes ahead of the clock are refused"};
  }
  return {Verdict::kGood, "clock.ntp", "synchronized", {}};
}

Finding judge_files(const Machine& of) {
  const std::string found = std::to_string(of.open_files) + " open files";
  if (of.open_files >= kEnoughFiles) return {Verdict::kGood, "limit.files", found, {}};
  return {Verdict::kWarning, "limit.files", found,
          "LimitNOFILE=" + std::to_string(kEnoughFiles) + " in the unit: each connection needs one"};
}

Finding judge_memory(const Machine& of) {
  const std::string found = in_gib(of.available_memory) + " available";
  if (of.available_memory >= kEnoughMemory) return {Verdict::kGood, "memory", found, {}};
  return {Verdict::kWarning, "memory", found, "every resident's live state is in memory: give the server 2 GiB"};
}

Finding judge_processor(const Machine& of) {
  if (!of.hyperscan_runs) {
    return {Verdict::kBad, "cpu", "no SSSE3",
            "Hyperscan needs it: use another machine, or let the hypervisor pass it on"};
  }
  const std::string found = std::to_string(of.cores) + (of.cores == 1 ? " core" : " cores");
  if (of.cores >= 2) return {Verdict::kGood, "cpu", found, {}};
  return {Verdict::kWarning, "cpu", found, "matching and the engine share it: give the server two"};
}

Finding judge_core_dumps(const Machine& of) {
  if (!of.core_dumps) return {Verdict::kGood, "limit.core", "no core dumps", {}};
  return {Verdict::kWarning, "limit.core", "a crash writes memory to a file",
          "LimitCORE=0 in the unit: it would hold numbers and texts"};
}

}  // namespace

std::string_view verdict_name(Verdict verdict) {
  constexpr std::array<std::string_view, 3> kNames = {"ok", "warning", "bad"};
  return kNames.at(static_cast<size_t>(verdict));
}

Machine examine(const store::DataFolder& data) {
  Machine out;
  std::error_code error;
  fs::path place = fs::absolute(data.path(), error);
  out.folder_is_there = fs::is_directory(place, error);
  while (!fs::is_directory(place, error) && place.has_relative_path()) place = place.parent_path();
  if (out.folder_is_there) {
    struct stat found {};
    if (::stat(place.c_str(), &found) == 0) out.others_may_read = (found.st_mode & 077U) != 0;
    out.last_event = last_event_of(data);
    examine_key(data, out);
  }
  out.file_system = file_system_name(place);
  struct statvfs space {};
  if (::statvfs(place.c_str(), &space) == 0) out.free_bytes = uint64_t{space.f_bavail} * space.f_frsize;
  measure_flush(place, out);
  out.now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  timex clock{};
  const int state = ::adjtimex(&clock);
  if (state >= 0) out.clock_synchronized = state != TIME_ERROR && (clock.status & STA_UNSYNC) == 0;
  out.open_files = limit_of(RLIMIT_NOFILE);
  out.core_dumps = limit_of(RLIMIT_CORE) > 0;
  out.available_memory = available_memory();
  out.cores = std::thread::hardware_concurrency();
  out.hyperscan_runs = hs_valid_platform() == HS_SUCCESS;
  return out;
}

std::vector<Finding> judge(const Machine& machine) {
  return {judge_folder(machine), judge_key(machine),       judge_file_system(machine),     judge_flush(machine),
          judge_space(machine),  judge_clock(machine),     judge_synchronization(machine), judge_files(machine),
          judge_memory(machine), judge_processor(machine), judge_core_dumps(machine)};
}

}  // namespace quanzu::runtime
