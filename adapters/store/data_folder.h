// The data folder: where its files lie, and the lock that keeps a second server out. The lock is the kernel's (flock), so
// it goes with the process however that ends. Held by the store; readers take none.
#pragma once
#include <filesystem>
#include <string>

#include "engine/result.h"

namespace quanzu::store {

inline std::filesystem::path database_path(const std::filesystem::path& folder) {
  return folder / "quanzu.db";
}

// Held until destroyed, or until the process ends in whatever way.
class FolderLock {
 public:
  // Makes the folder (mode 0700) where there is none. Errors, kUnavailable: another process holds it (the message names
  // it); the folder can't be made or written.
  static Result<FolderLock> acquire(const std::filesystem::path& folder);
  FolderLock(FolderLock&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace quanzu::store
