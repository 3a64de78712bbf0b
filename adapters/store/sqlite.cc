#include "adapters/store/sqlite.h"

#include <sqlite3.h>

#include <cstring>

namespace quanzu::store {
namespace {

// What the person who reads the message can do, by SQLite's primary result code.
std::string_view advice(int primary) {
  switch (primary) {
    case SQLITE_FULL:
      return "free space on this disk, then start again";
    case SQLITE_IOERR:
      return "check the disk and its cable or volume (dmesg, smartctl), then start again";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "the file is damaged: restore a backup, or run `quanzud verify` on a copy to see how far it is good";
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
      return "check that the folder exists and that this user may write in it";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another program holds this database: close it, then try again";
    case SQLITE_INTERRUPT:
      return "the read took longer than it may: ask for less at once";
    default:
      return "this is a defect: report it with this message";
  }
}

Code code_of(int primary) {
  switch (primary) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_INTERRUPT:
    case SQLITE_NOMEM:
      return Code::kUnavailable;
    default:
      return Code::kInternal;
  }
}

// `rc` is the call's own result, since a bind can fail without the connection knowing.
Failure failure(sqlite3* handle, int rc) {
  const char* path = handle == nullptr ? nullptr : sqlite3_db_filename(handle, "main");
  std::string message = path == nullptr || *path == '\0' ? "database" : path;
  message += ": ";
  const bool known = handle != nullptr && (sqlite3_errcode(handle) & 0xff) == (rc & 0xff);
  message += known ? sqlite3_errmsg(handle) : sqlite3_errstr(rc);
  message += " (SQLite code " + std::to_string(known ? sqlite3_extended_errcode(handle) : rc);
  if (const int os = handle == nullptr ? 0 : sqlite3_system_errno(handle);
      os != 0 && code_of(rc & 0xff) == Code::kUnavailable) {
    message += ", ";
    message += std::strerror(os);
  }
  message += "); ";
  message += advice(rc & 0xff);
  return fail(code_of(rc & 0xff), std::move(message));
}

}  // namespace

void Statement::Finalizer::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

void Statement::bind(int parameter, const Value& value, ColumnType type) {
  if (const auto* number = std::get_if<int64_t>(&value)) {
    bind(parameter, *number);
  } else if (const auto* bytes = std::get_if<std::string>(&value)) {
    bind(parameter, std::string_view(*bytes), type);
  } else if (const int rc = sqlite3_bind_null(statement_.get(), parameter); rc != SQLITE_OK) {
    bind_error_ = rc;
  }
}

void Statement::bind(int parameter, int64_t value) {
  if (const int rc = sqlite3_bind_int64(statement_.get(), parameter, value); rc != SQLITE_OK) bind_error_ = rc;
}

void Statement::bind(int parameter, std::string_view bytes, ColumnType type) {
  // An empty view may have no address, and SQLite takes a null pointer for NULL.
  const char* data = bytes.data() == nullptr ? "" : bytes.data();
  const int rc = type == ColumnType::kBlob
                     ? sqlite3_bind_blob64(statement_.get(), parameter, data, bytes.size(), SQLITE_STATIC)
                     : sqlite3_bind_text64(statement_.get(), parameter, data, bytes.size(), SQLITE_STATIC, SQLITE_UTF8);
  if (rc != SQLITE_OK) bind_error_ = rc;
}

Result<bool> Statement::step() {
  sqlite3* handle = sqlite3_db_handle(statement_.get());
  if (bind_error_ != 0) return failure(handle, bind_error_);
  const int rc = sqlite3_step(statement_.get());
  if (rc == SQLITE_ROW) return true;
  if (rc == SQLITE_DONE) return false;
  return failure(handle, rc);
}

Result<void> Statement::run() {
  for (;;) {
    Result<bool> more = step();
    if (!more || !*more) {
      reset();
      if (!more) return Failure(std::move(more.error()));
      return {};
    }
  }
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
  bind_error_ = 0;
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view Statement::bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_.get(), column);
  const auto size = static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column));
  return data == nullptr ? std::string_view() : std::string_view(static_cast<const char*>(data), size);
}

Value Statement::value(int column) const {
  switch (sqlite3_column_type(statement_.get(), column)) {
    case SQLITE_NULL:
      return std::monostate();
    case SQLITE_INTEGER:
      return integer(column);
    default:
      return std::string(bytes(column));
  }
}

void Database::Closer::operator()(sqlite3* handle) const {
  sqlite3_close_v2(handle);
}

Result<Database> Database::open(const std::string& path, Mode mode, const std::string& vfs) {
  const int access = mode == Mode::kReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  sqlite3* handle = nullptr;
  const int rc = sqlite3_open_v2(path.c_str(), &handle, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                                 vfs.empty() ? nullptr : vfs.c_str());
  Database database;
  database.handle_.reset(handle);
  if (rc != SQLITE_OK) {
    Failure why = failure(handle, rc);
    if (why.value().message.starts_with("database:")) why.value().message.replace(0, 8, path);
    return why;
  }
  return database;
}

Error Database::last_error() const {
  return failure(handle(), sqlite3_extended_errcode(handle())).value();
}

Result<Statement> Database::prepare(std::string_view sql) const {
  sqlite3_stmt* statement = nullptr;
  const int rc = sqlite3_prepare_v3(handle(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                    &statement, nullptr);
  if (rc != SQLITE_OK) return failure(handle(), rc);
  return Statement(statement);
}

Result<void> Database::execute(const std::string& sql) const {
  const int rc = sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr);
  if (rc != SQLITE_OK) return failure(handle(), rc);
  return {};
}

Result<int64_t> Database::integer(std::string_view sql) const {
  Result<Statement> statement = prepare(sql);
  if (!statement) return Failure(statement.error());
  Result<bool> row = statement->step();
  if (!row) return Failure(row.error());
  if (!*row) return fail(Code::kInternal, "no row: " + std::string(sql));
  return statement->integer(0);
}

void Database::set_busy_timeout(std::chrono::milliseconds timeout) const {
  sqlite3_busy_timeout(handle(), static_cast<int>(timeout.count()));
}

void Database::rollback() const {
  if (sqlite3_get_autocommit(handle()) == 0) sqlite3_exec(handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Database::keep_wal_on_close() const {
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

Result<Database::Checkpoint> Database::checkpoint_passive() const {
  int frames = 0;
  int moved = 0;
  const int rc = sqlite3_wal_checkpoint_v2(handle(), "main", SQLITE_CHECKPOINT_PASSIVE, &frames, &moved);
  if (rc != SQLITE_OK && (rc & 0xff) != SQLITE_BUSY) return failure(handle(), rc);
  return Checkpoint{rc != SQLITE_OK, frames, moved};
}

}  // namespace quanzu::store
