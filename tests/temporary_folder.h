// A folder of a test's own, on whatever disk temporary files are, gone with all it holds when the test ends. One thread.
// Every test that needs files makes one of these, so none is left behind and no two meet.
#pragma once
#include <stdlib.h>

#include <filesystem>
#include <string>

#include "engine/result.h"

namespace quanzu::testing {

class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::filesystem::path& under = std::filesystem::temp_directory_path()) {
    std::string name = (under / "quanzu-test-XXXXXX").string();
    ENSURE(mkdtemp(name.data()) != nullptr, "a temporary folder can be made");
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path data() const { return path_ / "data"; }  // not yet there

 private:
  std::filesystem::path path_;
};

}  // namespace quanzu::testing
