// A disk that fails by a plan, under the real store: SQLite's file layer over the system's (put the folder in memory), which
// counts the steps of writing and lets one of them fail, or ends the machine there. What was written since the last flush of a
// file is known, so that a power cut can lose it, wholly or in part. One thread.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "simulator/random.h"

struct sqlite3_vfs;
struct sqlite3_file;

namespace quanzu::simulator {

enum class DiskFault : uint8_t {
  kNone,
  kEndBefore,  // the machine ends before this step,
  kEndAfter,   // after it,
  kTorn,       // half through it where it is a write
  kError,      // it fails: EIO
  kFull,       // it fails: ENOSPC
  kLostFlush,  // the next flush of the log says that it was done, and was not
};

class Disk {
 public:
  Disk();
  ~Disk();
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  const std::string& vfs() const { return name_; }

  // At the `step`th step from now, the next being 1.
  void arm(DiskFault fault, uint64_t step);
  void disarm() { fault_ = DiskFault::kNone; }
  bool hit() const { return hit_; }  // what was armed last has come

  // The machine ended: nothing reaches the files any more, whatever whoever still has them open tries.
  bool ended() const { return ended_; }
  void end() { ended_ = true; }
  // Once nobody has the files open: the next machine finds them as they are, or as a power cut leaves them.
  void start() { ended_ = false; }
  void cut_power(Random& random);

  // Between two steps: what other threads do meanwhile.
  void between_steps(std::function<void()> work) { between_ = std::move(work); }

 private:
  struct File;     // as SQLite holds it
  struct Methods;  // SQLite's callbacks
  // A write since the last flush, and what stood there before.
  struct Write {
    uint64_t at = 0;
    std::string bytes;
    std::string before;
    uint64_t size_before = 0;
  };
  struct Image {
    std::string path;
    std::vector<Write> writes;
  };
  static constexpr size_t kLog = 0;
  static constexpr size_t kTables = 1;

  enum class Step : uint8_t { kWrite, kFlush, kCut };
  DiskFault due(size_t image, Step step);
  int write(File& file, const void* bytes, int size, int64_t at);
  int flush(File& file, int flags);
  int cut(File& file, int64_t size);
  static bool apply(int descriptor, const Write& write, size_t size);

  const std::string name_;
  std::unique_ptr<sqlite3_vfs> vfs_;
  std::array<Image, 2> images_;
  DiskFault fault_ = DiskFault::kNone;
  uint64_t fault_at_ = 0;
  uint64_t steps_ = 0;
  bool hit_ = false;
  bool ended_ = false;
  bool in_between_ = false;
  std::function<void()> between_;
};

}  // namespace quanzu::simulator
