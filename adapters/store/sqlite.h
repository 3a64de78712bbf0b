// SQLite behind two RAII types: Database (a connection) and Statement (a prepared query). Every failure becomes an Error
// with SQLite's message, the file and what to do about it. A connection and its statements serve one thread at a time.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/store/store.h"

struct sqlite3;
struct sqlite3_stmt;

namespace quanzu::store {

class Statement {
 public:
  Statement(Statement&&) = default;
  Statement& operator=(Statement&&) = default;

  // Parameters count from 1. Bytes are borrowed until the next reset(). A failed bind shows at step().
  void bind(int parameter, const Value& value, ColumnType type = ColumnType::kText);
  void bind(int parameter, int64_t value);
  void bind(int parameter, std::string_view bytes, ColumnType type);
  Result<bool> step();  // true: a row is there; false: done
  Result<void> run();   // to its end, then reset
  void reset();         // ready to run again, with nothing bound

  // Of the present row; columns count from 0. Bytes are borrowed until the next step() or reset().
  bool is_null(int column) const;
  int64_t integer(int column) const;
  std::string_view bytes(int column) const;
  Value value(int column) const;

 private:
  friend class Database;
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const;
  };
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
  int bind_error_ = 0;
};

class Database {
 public:
  enum class Mode : uint8_t { kReadOnly, kReadWriteCreate };
  // `vfs` names SQLite's file layer, empty for the system's; tests inject faults there. The path "" is a private
  // temporary file that goes with the connection.
  static Result<Database> open(const std::string& path, Mode mode, const std::string& vfs = {});
  Database(Database&&) = default;
  Database& operator=(Database&&) = default;

  Result<Statement> prepare(std::string_view sql) const;
  Result<void> execute(const std::string& sql) const;   // one or many statements, rows ignored
  Result<int64_t> integer(std::string_view sql) const;  // the first column of the first row
  void set_busy_timeout(std::chrono::milliseconds timeout) const;
  void rollback() const;           // whatever is open; never fails
  void keep_wal_on_close() const;  // a failed store leaves its log as it is

  struct Checkpoint {
    bool busy = false;
    int64_t wal_frames = 0;    // in the log
    int64_t moved_frames = 0;  // of them already in the database
  };
  Result<Checkpoint> checkpoint_passive() const;

  sqlite3* handle() const { return handle_.get(); }
  Error last_error() const;  // of the last call on handle() that failed

 private:
  struct Closer {
    void operator()(sqlite3* handle) const;
  };
  Database() = default;
  std::unique_ptr<sqlite3, Closer> handle_;
};

}  // namespace quanzu::store
