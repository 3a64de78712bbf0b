// The console's files, linked into the binary (adapters/console/embed.cmake): index.html is "/", every other file
// "/assets/NAME". Immutable; any thread.
#pragma once
#include <span>
#include <string_view>

namespace quanzu::console {

struct Asset {
  std::string_view path;  // "/", "/assets/app.js"
  std::string_view content_type;
  std::string_view bytes;
  std::string_view etag;  // quoted, of the bytes
};
std::span<const Asset> assets();
const Asset* find_asset(std::string_view path);

}  // namespace quanzu::console
