#include "adapters/console/assets.h"

namespace quanzu::console {

const Asset* find_asset(std::string_view path) {
  for (const Asset& asset : assets()) {
    if (asset.path == path) return &asset;
  }
  return nullptr;
}

}  // namespace quanzu::console
