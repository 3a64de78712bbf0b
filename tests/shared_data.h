// Corpora that are not part of the project: $QUANZU_SHARED, else ../shared beside the checkout. Absent: the test skips.
#pragma once
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

#include "tests/skip.h"

namespace quanzu::tests {

inline std::optional<std::filesystem::path> shared_data(const std::string& relative) {
  const char* set = std::getenv("QUANZU_SHARED");
  const std::filesystem::path root =
      set != nullptr ? std::filesystem::path(set) : std::filesystem::path(QUANZU_SOURCE_DIR).parent_path() / "shared";
  const std::filesystem::path path = root / relative;
  if (std::filesystem::exists(path)) return path;
  skip("no " + relative + " (set QUANZU_SHARED to the folder that has it)");
  return std::nullopt;
}

}  // namespace quanzu::tests
