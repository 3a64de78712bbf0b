// Whole files that are there, as they were written, or not at all, even after a power cut: snapshots, backups and what is
// restored from them. Errors, kUnavailable, name the file and what the system said. Any thread.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "engine/result.h"

namespace quanzu::store {

Result<std::string> read_file(const std::filesystem::path& path);

// By a file beside it (PATH.tmp), a flush, a rename, and a flush of the folder.
Result<void> write_durably(const std::filesystem::path& path, std::string_view bytes);

// All but the writing, for a file that others wrote.
Result<void> rename_durably(const std::filesystem::path& from, const std::filesystem::path& to);

// A new name in a folder is durable only when the folder itself is flushed. The system's error number, 0 for none.
int flush_folder(const std::filesystem::path& folder);

}  // namespace quanzu::store
