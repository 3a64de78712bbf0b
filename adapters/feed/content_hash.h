// Names for what is told apart by its content: the same file twice is the same stream, and so is taken once.
// Any thread.
#pragma once
#include <string>
#include <string_view>

#include "engine/result.h"

namespace quanzu::feed {

// SHA-256 in hex.
std::string sha256(std::string_view bytes);
Result<std::string> sha256_of_file(const std::string& path);  // errors: the file can't be read

// prefix-<the hash's first 16 digits>
Result<std::string> stream_of_file(std::string_view prefix, const std::string& path);

}  // namespace quanzu::feed
