#include "tests/adapters/faulty_vfs.h"

#include <sqlite3.h>

#include <stdexcept>

namespace quanzu::store::testing {
namespace {

// The system's methods work on their own file object whatever table it points to, so a file gets a copy of the table with
// the faulty calls put in.
FaultyVfs* faults = nullptr;
sqlite3_vfs vfs;
const sqlite3_io_methods* real = nullptr;
sqlite3_io_methods log_methods;
sqlite3_io_methods table_methods;

int write_log(sqlite3_file* file, const void* data, int size, sqlite3_int64 at) {
  if (const int code = faults->log_write) return code;
  return real->xWrite(file, data, size, at);
}
int flush_log(sqlite3_file* file, int flags) {
  if (const int code = faults->log_flush) return code;
  return real->xSync(file, flags);
}
int write_table(sqlite3_file* file, const void* data, int size, sqlite3_int64 at) {
  if (const int code = faults->table_write) return code;
  return real->xWrite(file, data, size, at);
}

int open_file(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* out_flags) {
  sqlite3_vfs* system = sqlite3_vfs_find(nullptr);
  const int rc = system->xOpen(system, path, file, flags, out_flags);
  if (rc != SQLITE_OK || (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_DB)) == 0) return rc;
  real = file->pMethods;
  sqlite3_io_methods& methods = (flags & SQLITE_OPEN_WAL) != 0 ? log_methods : table_methods;
  methods = *real;
  if ((flags & SQLITE_OPEN_WAL) != 0) {
    methods.xWrite = write_log;
    methods.xSync = flush_log;
  } else {
    methods.xWrite = write_table;
  }
  file->pMethods = &methods;
  return rc;
}

}  // namespace

FaultyVfs::FaultyVfs() {
  if (faults != nullptr) throw std::logic_error("one FaultyVfs at a time");
  faults = this;
  vfs = *sqlite3_vfs_find(nullptr);
  vfs.zName = "faulty";
  vfs.xOpen = open_file;
  sqlite3_vfs_register(&vfs, 0);
}

FaultyVfs::~FaultyVfs() {
  sqlite3_vfs_unregister(&vfs);
  faults = nullptr;
}

}  // namespace quanzu::store::testing
