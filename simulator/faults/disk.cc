#include "simulator/faults/disk.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cstring>

#include "engine/result.h"

namespace quanzu::simulator {

// The system's own file object lies behind ours.
struct Disk::File {
  sqlite3_file base;
  Disk* disk;
  size_t image;
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

namespace {

constexpr size_t kSector = 512;

// A call that goes to the system's file as it is.
template <auto Method>
struct Forward;
template <class... A, int (*sqlite3_io_methods::*Method)(sqlite3_file*, A...)>
struct Forward<Method> {
  template <class File>
  static int call(sqlite3_file* file, A... arguments) {
    sqlite3_file* real = reinterpret_cast<File*>(file)->real();
    return (real->pMethods->*Method)(real, arguments...);
  }
};

sqlite3_vfs* system_vfs() {
  return sqlite3_vfs_find(nullptr);
}

}  // namespace

struct Disk::Methods {
  static Disk& disk_of(sqlite3_vfs* vfs) { return *static_cast<Disk*>(vfs->pAppData); }
  static File& file_of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }

  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* base, int flags, int* out_flags) {
    File& file = file_of(base);
    file.base.pMethods = nullptr;
    file.disk = &disk_of(vfs);
    const bool log = (flags & SQLITE_OPEN_WAL) != 0;
    file.image = log ? kLog : kTables;
    const int rc = system_vfs()->xOpen(system_vfs(), path, file.real(), flags, out_flags);
    if (rc != SQLITE_OK) return rc;
    if (!log && (flags & SQLITE_OPEN_MAIN_DB) == 0) file.image = file.disk->images_.size();
    if (file.image < file.disk->images_.size()) file.disk->images_[file.image].path = path;
    file.base.pMethods = table();
    return rc;
  }
  static int remove(sqlite3_vfs* vfs, const char* path, int flush_folder) {
    Disk& disk = disk_of(vfs);
    if (disk.ended_) return SQLITE_IOERR_DELETE;
    for (Image& image : disk.images_) {
      if (image.path == path) image.writes.clear();
    }
    return system_vfs()->xDelete(system_vfs(), path, flush_folder);
  }
  static int write(sqlite3_file* base, const void* bytes, int size, sqlite3_int64 at) {
    return file_of(base).disk->write(file_of(base), bytes, size, at);
  }
  static int flush(sqlite3_file* base, int flags) { return file_of(base).disk->flush(file_of(base), flags); }
  static int cut(sqlite3_file* base, sqlite3_int64 size) { return file_of(base).disk->cut(file_of(base), size); }
  static void barrier(sqlite3_file* base) {
    sqlite3_file* real = file_of(base).real();
    real->pMethods->xShmBarrier(real);
  }

  static const sqlite3_io_methods* table() {
    using M = sqlite3_io_methods;
    static const sqlite3_io_methods methods = [] {
      M out{};
      out.iVersion = 2;  // 3 would map the tables into memory, past write()
      out.xClose = Forward<&M::xClose>::call<File>;
      out.xRead = Forward<&M::xRead>::call<File>;
      out.xWrite = write;
      out.xTruncate = cut;
      out.xSync = flush;
      out.xFileSize = Forward<&M::xFileSize>::call<File>;
      out.xLock = Forward<&M::xLock>::call<File>;
      out.xUnlock = Forward<&M::xUnlock>::call<File>;
      out.xCheckReservedLock = Forward<&M::xCheckReservedLock>::call<File>;
      out.xFileControl = Forward<&M::xFileControl>::call<File>;
      out.xSectorSize = Forward<&M::xSectorSize>::call<File>;
      out.xDeviceCharacteristics = Forward<&M::xDeviceCharacteristics>::call<File>;
      out.xShmMap = Forward<&M::xShmMap>::call<File>;
      out.xShmLock = Forward<&M::xShmLock>::call<File>;
      out.xShmBarrier = barrier;
      out.xShmUnmap = Forward<&M::xShmUnmap>::call<File>;
      return out;
    }();
    return &methods;
  }
};

Disk::Disk()
    : name_("seeded-" + std::to_string(reinterpret_cast<uintptr_t>(this))),
      vfs_(std::make_unique<sqlite3_vfs>(*system_vfs())) {
  vfs_->pNext = nullptr;
  vfs_->zName = name_.c_str();
  vfs_->pAppData = this;
  vfs_->szOsFile += static_cast<int>(sizeof(File));
  vfs_->xOpen = Methods::open;
  vfs_->xDelete = Methods::remove;
  ENSURE(sqlite3_vfs_register(vfs_.get(), 0) == SQLITE_OK, "a file layer can be added");
}

Disk::~Disk() {
  sqlite3_vfs_unregister(vfs_.get());
}

void Disk::arm(DiskFault fault, uint64_t step) {
  fault_ = fault;
  fault_at_ = steps_ + step;
  hit_ = false;
}

// What happens at this step; the other threads have a moment before it.
DiskFault Disk::due(size_t image, Step step) {
  if (between_ && !in_between_) {
    in_between_ = true;
    between_();
    in_between_ = false;
  }
  ++steps_;
  if (fault_ == DiskFault::kNone || steps_ < fault_at_) return DiskFault::kNone;
  if (fault_ == DiskFault::kLostFlush && (step != Step::kFlush || image != kLog)) return DiskFault::kNone;
  hit_ = true;
  const DiskFault due = fault_;
  fault_ = DiskFault::kNone;
  if (due <= DiskFault::kTorn) ended_ = true;
  return due;
}

int Disk::write(File& file, const void* bytes, int size, int64_t at) {
  sqlite3_file* real = file.real();
  const auto write_real = [&](int length) { return real->pMethods->xWrite(real, bytes, length, at); };
  if (file.image >= images_.size()) return write_real(size);
  if (ended_) return SQLITE_IOERR_WRITE;
  const DiskFault fault = due(file.image, Step::kWrite);
  if (fault == DiskFault::kError) return SQLITE_IOERR_WRITE;
  if (fault == DiskFault::kFull) return SQLITE_FULL;
  if (fault == DiskFault::kEndBefore) return SQLITE_IOERR_WRITE;
  Write done;
  done.at = static_cast<uint64_t>(at);
  done.bytes.assign(static_cast<const char*>(bytes), static_cast<size_t>(size));
  sqlite3_int64 size_before = 0;
  real->pMethods->xFileSize(real, &size_before);
  done.size_before = static_cast<uint64_t>(size_before);
  if (at < size_before) {
    done.before.resize(static_cast<size_t>(std::min<int64_t>(size, size_before - at)));
    real->pMethods->xRead(real, done.before.data(), static_cast<int>(done.before.size()), at);
  }
  if (fault == DiskFault::kTorn) done.bytes.resize(done.bytes.size() / 2);
  const int rc = write_real(static_cast<int>(done.bytes.size()));
  if (rc == SQLITE_OK) images_[file.image].writes.push_back(std::move(done));
  return ended_ ? SQLITE_IOERR_WRITE : rc;
}

int Disk::flush(File& file, int flags) {
  if (file.image >= images_.size()) return file.real()->pMethods->xSync(file.real(), flags);
  if (ended_) return SQLITE_IOERR_FSYNC;
  switch (due(file.image, Step::kFlush)) {
    case DiskFault::kError:
    case DiskFault::kFull:
    case DiskFault::kEndBefore:
    case DiskFault::kTorn:
      return SQLITE_IOERR_FSYNC;
    case DiskFault::kLostFlush:
      return SQLITE_OK;
    case DiskFault::kNone:
    case DiskFault::kEndAfter:
      break;
  }
  images_[file.image].writes.clear();
  return ended_ ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

// Cutting a file is taken to be durable at once: nothing that a store must find again is ever cut off.
int Disk::cut(File& file, int64_t size) {
  if (file.image < images_.size()) {
    if (ended_) return SQLITE_IOERR_TRUNCATE;
    const DiskFault fault = due(file.image, Step::kCut);
    if (fault != DiskFault::kNone && fault != DiskFault::kEndAfter) return SQLITE_IOERR_TRUNCATE;
  }
  return file.real()->pMethods->xTruncate(file.real(), size);
}

bool Disk::apply(int descriptor, const Write& write, size_t size) {
  return ::pwrite(descriptor, write.bytes.data(), size, static_cast<off_t>(write.at)) == static_cast<ssize_t>(size);
}

// Back to the last flush, then those writes again that the disk had taken by itself: all, none, some, one of them in part.
void Disk::cut_power(Random& random) {
  const uint64_t mood = random.below(3);
  for (Image& image : images_) {
    if (image.writes.empty()) continue;
    const int descriptor = ::open(image.path.c_str(), O_WRONLY | O_CLOEXEC);
    ENSURE(descriptor >= 0, "a file that was written to is there");
    for (auto write = image.writes.rbegin(); write != image.writes.rend(); ++write) {
      bool done = write->before.empty() ||
                  ::pwrite(descriptor, write->before.data(), write->before.size(), static_cast<off_t>(write->at)) >= 0;
      done = done && ::ftruncate(descriptor, static_cast<off_t>(write->size_before)) == 0;
      ENSURE(done, "a file in memory takes what it held");
    }
    for (const Write& write : image.writes) {
      const bool kept = mood == 0 || (mood == 1 && random.chance(500));
      if (!kept) continue;
      const size_t sectors = write.bytes.size() / kSector;
      const bool torn = mood == 1 && sectors > 1 && random.chance(200);
      const size_t size = torn ? random.below(sectors) * kSector : write.bytes.size();
      ENSURE(apply(descriptor, write, size), "a file in memory takes what it held");
    }
    ::close(descriptor);
    image.writes.clear();
  }
}

}  // namespace quanzu::simulator
