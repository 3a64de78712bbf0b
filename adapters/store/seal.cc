#include "adapters/store/seal.h"

#include <lz4.h>

#include "engine/bytes.h"

namespace quanzu::store {
namespace {

constexpr char kAsIs = 0;
constexpr char kLz4 = 1;
constexpr uint64_t kLargestRatio = 255;  // of LZ4's format: a byte of a length stands for at most 255

std::array<uint64_t, 6> numbers_of(const Seal& seal) {
  return {seal.number, seal.first.value(), seal.last.value(), seal.signals, seal.events_size, seal.raw_size};
}

}  // namespace

Hash chain_of(const Hash& previous, const Seal& seal) {
  Sha256 chain;
  chain.update(previous);
  for (const uint64_t number : numbers_of(seal)) chain.update(number);
  chain.update(seal.events_hash);
  chain.update(seal.raw_hash);
  return chain.value();
}

std::string part_context(const Hash& previous, const Seal& seal, Part part) {
  std::string context(view(previous));
  ByteWriter out(context);
  for (const uint64_t number : numbers_of(seal)) out(number);
  out(part);
  return context;
}

void pack_part(std::string_view bytes, std::string& out) {
  ENSURE(bytes.size() <= LZ4_MAX_INPUT_SIZE, "a block closes at about 1 MiB");
  const int size = static_cast<int>(bytes.size());
  out.resize(1 + static_cast<size_t>(LZ4_compressBound(size)));
  const int packed = LZ4_compress_default(bytes.data(), out.data() + 1, size, LZ4_compressBound(size));
  if (packed > 0 && packed < size) {
    out[0] = kLz4;
    out.resize(1 + static_cast<size_t>(packed));
  } else {
    out.assign(1, kAsIs);
    out.append(bytes);
  }
}

Result<void> unpack_part(std::string_view stored, uint64_t size, std::string& out) {
  if (stored.empty()) return fail(Code::kInternal, "empty, where a codec byte should be");
  const std::string_view bytes = stored.substr(1);
  if (stored[0] == kAsIs) {
    if (bytes.size() != size) {
      return fail(Code::kInternal, std::to_string(bytes.size()) + " bytes, recorded are " + std::to_string(size));
    }
    out.assign(bytes);
    return {};
  }
  if (stored[0] != kLz4) return fail(Code::kInternal, "packed in a way that this release doesn't know");
  if (size > bytes.size() * kLargestRatio || size > LZ4_MAX_INPUT_SIZE) {
    return fail(Code::kInternal, "too short for its recorded size of " + std::to_string(size));
  }
  out.resize(size);
  const int opened =
      LZ4_decompress_safe(bytes.data(), out.data(), static_cast<int>(bytes.size()), static_cast<int>(size));
  if (opened < 0 || static_cast<uint64_t>(opened) != size) return fail(Code::kInternal, "does not decompress");
  return {};
}

}  // namespace quanzu::store
