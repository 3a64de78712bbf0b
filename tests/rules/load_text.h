// Packs written by a test: files in a folder of their own, which is gone with the pack.
#pragma once
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "rules/lang/load.h"
#include "rules/lang/problems.h"
#include "tests/temporary_folder.h"

namespace quanzu::rules::testing {

class PackFolder {
 public:
  PackFolder& add(const std::string& file, std::string_view text) {
    std::filesystem::create_directories((path() / file).parent_path());
    std::ofstream(path() / file, std::ios::binary) << text;
    return *this;
  }
  Pack load(const LoadOptions& options = {}) const { return load_pack(path(), options); }
  const std::filesystem::path& path() const { return folder_.path(); }

 private:
  quanzu::testing::TemporaryFolder folder_;
};

inline Pack load_text(std::string_view text, const LoadOptions& options = {}) {
  return PackFolder().add("rule.yml", text).load(options);
}

// A rule around a detection, whose first line is line 4; it is written without indentation.
inline std::string with_detection(std::string_view detection) {
  std::string out = "title: T\nlogsource: {product: quanzu}\ndetection:\n";
  while (!detection.empty()) {
    const std::string_view line = detection.substr(0, detection.find('\n'));
    out.append("  ").append(line).append("\n");
    detection.remove_prefix(std::min(line.size() + 1, detection.size()));
  }
  return out;
}
// One item as the whole detection; it stands at 5:5.
inline std::string with_item(std::string_view item) {
  return with_detection("s:\n  " + std::string(item) + "\ncondition: s");
}

inline std::string all_problems(const Pack& pack) {
  std::string out;
  for (const Problem& problem : pack.problems) out += describe(problem) + "\n";
  return out;
}

}  // namespace quanzu::rules::testing
