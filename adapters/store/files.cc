#include "adapters/store/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace quanzu::store {
namespace {

Failure failed(const std::filesystem::path& path, const char* what, int error) {
  const char* advice = error == ENOSPC || error == EDQUOT ? "free space on this disk"
                       : error == EIO                     ? "check the disk and its cable or volume (dmesg, smartctl)"
                                      : "check that the folder exists and that this user may write in it";
  return fail(Code::kUnavailable, path.string() + ": " + what + ": " + std::strerror(error) + "; " + advice);
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

Result<void> write(const std::filesystem::path& path, std::string_view bytes) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (file.number() < 0) return failed(path, "cannot make the file", errno);
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.number(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return failed(path, "cannot write", errno);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

Result<void> flush(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) return failed(path, "cannot open", errno);
  if (::fsync(file.number()) != 0) return failed(path, "cannot flush", errno);
  return {};
}

}  // namespace

int flush_folder(const std::filesystem::path& folder) {
  const Descriptor opened(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.number() < 0) return errno;
  return ::fsync(opened.number()) == 0 ? 0 : errno;
}

Result<std::string> read_file(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) return failed(path, "cannot open", errno);
  struct stat about {};
  if (::fstat(file.number(), &about) != 0) return failed(path, "cannot read", errno);
  std::string bytes(static_cast<size_t>(about.st_size), '\0');
  size_t at = 0;
  while (at < bytes.size()) {
    const ssize_t taken = ::read(file.number(), bytes.data() + at, bytes.size() - at);
    if (taken < 0 && errno == EINTR) continue;
    if (taken < 0) return failed(path, "cannot read", errno);
    if (taken == 0) break;  // cut meanwhile: what reads it will say so
    at += static_cast<size_t>(taken);
  }
  bytes.resize(at);
  return bytes;
}

Result<void> write_durably(const std::filesystem::path& path, std::string_view bytes) {
  std::filesystem::path beside = path;
  beside += ".tmp";
  Result<void> done = write(beside, bytes);
  if (done) done = rename_durably(beside, path);
  if (!done) ::unlink(beside.c_str());
  return done;
}

Result<void> rename_durably(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (Result<void> flushed = flush(from); !flushed) return flushed;
  if (std::rename(from.c_str(), to.c_str()) != 0) return failed(to, "cannot rename to it", errno);
  if (const int error = flush_folder(to.parent_path()); error != 0) return failed(to, "cannot flush its folder", error);
  return {};
}

}  // namespace quanzu::store
