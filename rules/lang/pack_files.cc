#include "rules/lang/pack_files.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "rules/lang/sha256.h"

namespace quanzu::rules {

namespace {

namespace fs = std::filesystem;

bool is_rule_file(const fs::path& path) {
  return path.extension() == ".yml" || path.extension() == ".yaml";
}

bool is_list_file(const fs::path& path) {
  return path.parent_path().filename() == "lists" && (path.extension() == ".txt" || path.extension() == ".tsv");
}

bool is_model_file(const fs::path& path) {
  return path.parent_path().filename() == "models" && path.extension() == ".model";
}

class Reading {
 public:
  Reading(const fs::path& root, std::vector<Problem>& problems) : root_(root), problems_(problems) {}

  std::vector<PackFile> run() {
    std::error_code error;
    if (!fs::is_directory(root_, error)) {
      read(root_);
      return std::move(files_);
    }
    for (fs::recursive_directory_iterator at(root_, error), end; !error && at != end; at.increment(error)) {
      const bool belongs = is_rule_file(at->path()) || is_list_file(at->path()) || is_model_file(at->path());
      if (belongs && at->is_regular_file(error)) read(at->path());
    }
    if (error) problem(root_, "the folder cannot be read: " + error.message());
    std::sort(files_.begin(), files_.end(), [](const PackFile& a, const PackFile& b) { return a.inside < b.inside; });
    return std::move(files_);
  }

 private:
  void problem(const fs::path& path, std::string reason) {
    problems_.push_back({Severity::kError, path.string(), {}, {}, std::move(reason), {}});
  }

  void read(const fs::path& path) {
    PackFile file{path, (path == root_ ? path.filename() : path.lexically_relative(root_)).string(), {}};
    std::ifstream stream(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << stream.rdbuf();
    if (!stream || (bytes.fail() && !bytes.str().empty())) {
      return problem(path, "the file cannot be read: does it exist, and may it be read?");
    }
    file.bytes = std::move(bytes).str();
    files_.push_back(std::move(file));
  }

  const fs::path& root_;
  std::vector<Problem>& problems_;
  std::vector<PackFile> files_;
};

}  // namespace

bool PackFile::is_list() const {
  return is_list_file(path);
}

bool PackFile::is_settings() const {
  return path.filename() == "pack.yml";
}

bool PackFile::is_model() const {
  return is_model_file(path);
}

std::vector<PackFile> read_pack_files(const fs::path& path, std::vector<Problem>& problems) {
  return Reading(path, problems).run();
}

std::string hash_of(const std::vector<PackFile>& files) {
  Sha256 hash;
  for (const PackFile& file : files) {
    hash.add(file.inside);
    hash.add(file.bytes);
  }
  return hash.hex();
}

}  // namespace quanzu::rules
