#include "adapters/api/cursor.h"

#include <sodium.h>

#include <array>
#include <cstring>

namespace quanzu::api {
namespace {

constexpr size_t kDigest = 8;
constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

// Over filters and position: a changed bit is noticed, too.
std::array<unsigned char, kDigest> digest(std::string_view filters, std::string_view position) {
  const std::string text = std::string(filters) + '\n' + std::string(position);
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
  crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size());
  std::array<unsigned char, kDigest> out{};
  std::memcpy(out.data(), hash.data(), kDigest);
  return out;
}

}  // namespace

std::string encode_cursor(std::string_view filters, const std::vector<int64_t>& position) {
  std::string bytes(position.size() * sizeof(int64_t), '\0');
  std::memcpy(bytes.data(), position.data(), bytes.size());
  const auto check = digest(filters, bytes);
  bytes.insert(0, reinterpret_cast<const char*>(check.data()), check.size());
  std::string text(sodium_base64_encoded_len(bytes.size(), kVariant), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                    kVariant);
  text.resize(std::strlen(text.c_str()));
  return text;
}

Result<std::vector<int64_t>> decode_cursor(std::string_view cursor, std::string_view filters, size_t columns) {
  const size_t expected = kDigest + columns * sizeof(int64_t);
  std::string bytes(expected, '\0');
  size_t size = 0;
  const int failed = sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), cursor.data(),
                                       cursor.size(), nullptr, &size, nullptr, kVariant);
  const std::string_view position = std::string_view(bytes).substr(kDigest);
  if (failed != 0 || size != expected || std::memcmp(bytes.data(), digest(filters, position).data(), kDigest) != 0) {
    return fail(Code::kInvalidArgument, "cursor is not one of this list: begin again without it, with the same filters",
                "cursor");
  }
  std::vector<int64_t> out(columns);
  std::memcpy(out.data(), position.data(), position.size());
  return out;
}

}  // namespace quanzu::api
