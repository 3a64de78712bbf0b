#include "adapters/store/hash.h"

#include <openssl/evp.h>

#include "engine/result.h"

namespace quanzu::store {

void Sha256::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  ENSURE(context_ != nullptr && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1, "OpenSSL has SHA-256");
}

Sha256::Sha256(const Sha256& other) : context_(EVP_MD_CTX_new()) {
  ENSURE(context_ != nullptr && EVP_MD_CTX_copy_ex(context_.get(), other.context_.get()) == 1, "OpenSSL has SHA-256");
}

void Sha256::update(std::string_view bytes) {
  ENSURE(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1, "hashing memory can't fail");
}

void Sha256::update(uint64_t number) {
  std::array<char, 8> bytes;
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(number >> (8 * i));
  update(std::string_view(bytes.data(), bytes.size()));
}

void Sha256::update(const Hash& hash) {
  update(view(hash));
}

Hash Sha256::value() const {
  const Sha256 copy(*this);
  Hash hash;
  ENSURE(EVP_DigestFinal_ex(copy.context_.get(), hash.data(), nullptr) == 1, "hashing memory can't fail");
  return hash;
}

Hash sha256(std::string_view bytes) {
  Hash hash;
  ENSURE(EVP_Digest(bytes.data(), bytes.size(), hash.data(), nullptr, EVP_sha256(), nullptr) == 1,
         "hashing memory can't fail");
  return hash;
}

std::string to_hex(const Hash& hash) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const uint8_t byte : hash) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace quanzu::store
