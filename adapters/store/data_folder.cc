#include "adapters/store/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "adapters/store/files.h"

namespace quanzu::store {
namespace {

Failure refused(const std::filesystem::path& path, const char* what, int error) {
  return fail(Code::kUnavailable,
              path.string() + ": " + what + ": " + std::strerror(error) +
                  "; check that the folder exists and that this user may write in it, or name another with --data");
}

std::string holder(int descriptor) {
  char text[32];
  const ssize_t size = ::pread(descriptor, text, sizeof text, 0);
  std::string process(text, size > 0 ? static_cast<size_t>(size) : 0);
  while (!process.empty() && process.back() == '\n') process.pop_back();
  return process.empty() ? "another process" : "process " + process;
}

}  // namespace

Result<FolderLock> FolderLock::acquire(const std::filesystem::path& folder) {
  std::error_code error;
  const std::filesystem::path parent = folder.parent_path();
  if (!parent.empty()) std::filesystem::create_directories(parent, error);
  if (error) return refused(parent, "cannot make the folder", error.value());
  if (::mkdir(folder.c_str(), 0700) == 0) {
    if (const int rc = flush_folder(parent); rc != 0) return refused(parent, "cannot flush the folder", rc);
  } else if (errno != EEXIST) {
    return refused(folder, "cannot make the folder", errno);
  }
  const std::filesystem::path path = folder / "lock";
  FolderLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock.descriptor_ < 0) return refused(path, "cannot open", errno);
  if (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return refused(path, "cannot lock", errno);
    return fail(Code::kUnavailable, folder.string() + ": the data folder is in use by " + holder(lock.descriptor_) +
                                        "; stop that one first, or name another folder with --data");
  }
  // For the message above alone: the lock is the descriptor's, a stale number in the file does no harm.
  const std::string process = std::to_string(::getpid()) + "\n";
  if (::ftruncate(lock.descriptor_, 0) != 0 ||
      ::pwrite(lock.descriptor_, process.data(), process.size(), 0) != static_cast<ssize_t>(process.size())) {
    return refused(path, "cannot write", errno);
  }
  return lock;
}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace quanzu::store
