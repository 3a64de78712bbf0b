// SQLite's own file layer with faults: while it lives, the VFS named name() fails writes or flushes as told.
// One at a time, since SQLite's callbacks have no other way back to it.
#pragma once
#include <atomic>
#include <string>

struct sqlite3_vfs;
struct sqlite3_file;
struct sqlite3_io_methods;

namespace quanzu::store::testing {

class FaultyVfs {
 public:
  FaultyVfs();
  ~FaultyVfs();
  FaultyVfs(const FaultyVfs&) = delete;
  FaultyVfs& operator=(const FaultyVfs&) = delete;

  static std::string name() { return "faulty"; }

  // SQLite result codes that the next calls return; 0: none, the call goes through.
  std::atomic<int> log_write{0};  // of the write-ahead log
  std::atomic<int> log_flush{0};
  std::atomic<int> table_write{0};  // of the database
};

}  // namespace quanzu::store::testing
