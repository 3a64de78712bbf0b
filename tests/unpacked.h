// An archive of other people's files, unpacked into a folder that is gone with it. One test's own.
#pragma once
#include <cstdlib>
#include <filesystem>

#include "tests/catch.h"
#include "tests/temporary_folder.h"

namespace quanzu::tests {

class Unpacked {
 public:
  explicit Unpacked(const std::filesystem::path& archive) {
    REQUIRE(std::system(("tar xzf '" + archive.string() + "' -C '" + folder().string() + "'").c_str()) == 0);
  }
  const std::filesystem::path& folder() const { return folder_.path(); }

 private:
  quanzu::testing::TemporaryFolder folder_;
};

}  // namespace quanzu::tests
