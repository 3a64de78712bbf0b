#include "adapters/runtime/pack_archive.h"

#include <fstream>

#include "rules/lang/pack_files.h"

namespace quanzu::runtime {
namespace {

namespace fs = std::filesystem;

Failure cannot_write(const fs::path& path, const std::error_code& error) {
  return fail(Code::kUnavailable, "the pack can't be kept at " + path.string() + ": " + error.message(), "packs");
}

std::error_code write_files(const std::vector<rules::PackFile>& files, const fs::path& to) {
  std::error_code error;
  fs::create_directories(to, error);
  for (const rules::PackFile& file : files) {
    const fs::path target = to / file.inside;
    fs::create_directories(target.parent_path(), error);
    std::ofstream out(target, std::ios::binary);
    out << file.bytes;
    out.close();
    if (!out) return std::make_error_code(std::errc::io_error);
  }
  return error;
}

}  // namespace

bool PackArchive::has(const std::string& hash) const {
  std::error_code error;
  return fs::is_directory(folder_of(hash), error);
}

// By a folder beside it and a rename, so that what bears a hash is whole.
Result<void> PackArchive::keep(const fs::path& folder, const std::string& hash) const {
  if (folder.empty() || has(hash)) return {};
  std::vector<rules::Problem> problems;
  const std::vector<rules::PackFile> files = rules::read_pack_files(folder, problems);
  if (rules::hash_of(files) != hash) {
    return fail(Code::kAborted, "the files under " + folder.string() + " changed while they were read: reload again",
                "packs");
  }
  const fs::path half = root_ / "half";
  std::error_code error;
  fs::remove_all(half, error);
  if (error = write_files(files, half); error) return cannot_write(half, error);
  fs::rename(half, folder_of(hash), error);
  if (error) return cannot_write(folder_of(hash), error);
  return {};
}

}  // namespace quanzu::runtime
