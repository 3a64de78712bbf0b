#include "rules/match/database_cache.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "rules/lang/sha256.h"

namespace quanzu::rules {

namespace {

namespace fs = std::filesystem;

constexpr size_t kCodeBytes = 32;  // HMAC-SHA-256
constexpr std::string_view kSuffix = ".hsdb";

Failure unusable(const fs::path& path, const std::string& why) {
  return fail(Code::kUnavailable, "the cache of rule databases, " + path.string() + ", " + why);
}

std::optional<std::string> read_file(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return std::nullopt;
  std::ostringstream bytes;
  bytes << stream.rdbuf();
  return std::move(bytes).str();
}

// With a rename at the end, so that nobody reads half of it.
bool write_file(const fs::path& path, std::string_view bytes) {
  const fs::path half = path.string() + "." + std::to_string(::getpid()) + ".half";
  const int file = ::open(half.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return false;
  const bool written = ::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
  ::close(file);
  std::error_code error;
  if (written) fs::rename(half, path, error);
  if (!written || error) fs::remove(half, error);
  return written && !error;
}

Result<DatabaseCache::Key> key_in(const fs::path& folder) {
  const fs::path path = folder / "key";
  std::error_code error;
  if (!fs::exists(path, error)) {
    DatabaseCache::Key fresh{};
    ENSURE(RAND_bytes(fresh.data(), static_cast<int>(fresh.size())) == 1, "the system has no random bytes");
    write_file(path, {reinterpret_cast<const char*>(fresh.data()), fresh.size()});
  }
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return unusable(path, "can't be written");
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0 || status.st_uid != ::geteuid()) {
    return unusable(path, "may be read by others: remove it, a new one is made");
  }
  const std::optional<std::string> bytes = read_file(path);
  DatabaseCache::Key key{};
  if (!bytes || bytes->size() != key.size()) return unusable(path, "is no key: remove it, a new one is made");
  std::copy(bytes->begin(), bytes->end(), key.begin());
  return key;
}

void add_integer(std::string& to, uint64_t value) {
  to.append(reinterpret_cast<const char*>(&value), sizeof value);
}

std::string name_of(const std::vector<Expression>& expressions) {
  hs_platform_info_t platform{};
  ENSURE(hs_populate_platform(&platform) == HS_SUCCESS, "hs_populate_platform failed");
  std::string what = hs_version();
  for (const uint64_t part : {uint64_t{platform.tune}, uint64_t{platform.cpu_features}, uint64_t{expressions.size()}}) {
    add_integer(what, part);
  }
  for (const Expression& each : expressions) {
    add_integer(what, each.flags);
    add_integer(what, each.id);
    add_integer(what, each.text.size());
    what += each.text;
  }
  Sha256 hash;
  hash.add(what);
  return hash.hex() + std::string(kSuffix);
}

}  // namespace

Result<DatabaseCache> DatabaseCache::open(fs::path folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return unusable(folder, "can't be made: " + error.message());
  const Result<Key> key = key_in(folder);
  if (!key) return Failure(key.error());
  return DatabaseCache(std::move(folder), *key);
}

std::string DatabaseCache::code_of(const std::string& name, std::string_view bytes) const {
  std::array<unsigned char, kCodeBytes> code{};
  unsigned size = 0;
  const std::string told = name + std::string(bytes);
  const void* made = HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
                          reinterpret_cast<const unsigned char*>(told.data()), told.size(), code.data(), &size);
  ENSURE(made != nullptr && size == kCodeBytes, "HMAC failed");
  return {reinterpret_cast<const char*>(code.data()), code.size()};
}

std::optional<Database> DatabaseCache::find(const std::vector<Expression>& expressions) const {
  const std::string name = name_of(expressions);
  const std::optional<std::string> file = read_file(folder_ / name);
  if (!file || file->size() < kCodeBytes) return std::nullopt;
  const std::string_view bytes = std::string_view(*file).substr(kCodeBytes);
  if (CRYPTO_memcmp(file->data(), code_of(name, bytes).data(), kCodeBytes) != 0) return std::nullopt;
  return Database::from_bytes(bytes);
}

void DatabaseCache::put(const std::vector<Expression>& expressions, const Database& database) const {
  if (database.empty()) return;
  const std::string name = name_of(expressions);
  const std::string bytes = database.to_bytes();
  if (write_file(folder_ / name, code_of(name, bytes) + bytes)) drop_oldest();
}

void DatabaseCache::drop_oldest() const {
  std::vector<std::pair<fs::file_time_type, fs::path>> files;
  std::error_code error;
  for (const fs::directory_entry& each : fs::directory_iterator(folder_, error)) {
    if (each.path().extension() == kSuffix) files.emplace_back(each.last_write_time(error), each.path());
  }
  if (files.size() <= kMaxFiles) return;
  std::sort(files.begin(), files.end());
  for (size_t i = 0; i + kMaxFiles < files.size(); ++i) fs::remove(files[i].second, error);
}

}  // namespace quanzu::rules
