#include "adapters/store/cipher.h"

#include <openssl/evp.h>
#include <sodium.h>

namespace quanzu::store {
namespace {

constexpr std::string_view kDerivation = "quanzu-1";  // eight bytes, as libsodium wants them
static_assert(kDerivation.size() == crypto_kdf_CONTEXTBYTES && SecretKey::kSize == crypto_kdf_KEYBYTES);

const uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

void append(uint64_t number, std::string& out) {
  for (size_t i = 0; i < sizeof number; ++i) out += static_cast<char>(number >> (8 * i));
}

uint64_t number_at(std::string_view bytes, size_t at) {
  uint64_t number = 0;
  for (size_t i = 0; i < sizeof number; ++i) {
    number |= uint64_t{static_cast<uint8_t>(bytes[at + i])} << (8 * i);
  }
  return number;
}

// GCM's 12 bytes: the counter, then zeros.
std::array<uint8_t, 12> nonce_of(uint64_t counter) {
  std::array<uint8_t, 12> nonce{};
  for (size_t i = 0; i < sizeof counter; ++i) nonce[i] = static_cast<uint8_t>(counter >> (8 * i));
  return nonce;
}

void must(int done) {
  ENSURE(done == 1, "OpenSSL has AES-256-GCM, and memory can be encrypted");
}

int size_of(std::string_view bytes) {
  ENSURE(bytes.size() <= INT32_MAX, "parts are far smaller than 2 GiB");
  return static_cast<int>(bytes.size());
}

}  // namespace

SecretKey::~SecretKey() {
  sodium_memzero(bytes_.data(), bytes_.size());
}

SecretKey SecretKey::random() {
  ENSURE(sodium_init() >= 0, "libsodium needs the system's random source");
  SecretKey key;
  randombytes_buf(key.data(), kSize);
  return key;
}

uint64_t random_number() {
  ENSURE(sodium_init() >= 0, "libsodium needs the system's random source");
  uint64_t number = 0;
  randombytes_buf(&number, sizeof number);
  return number;
}

void Aead::Free::operator()(evp_cipher_ctx_st* context) const {
  EVP_CIPHER_CTX_free(context);
}

Aead::Aead(const SecretKey& data_key, Use use) : encrypt_(EVP_CIPHER_CTX_new()), decrypt_(EVP_CIPHER_CTX_new()) {
  SecretKey derived;
  const int rc = crypto_kdf_derive_from_key(derived.data(), SecretKey::kSize, static_cast<uint64_t>(use),
                                            kDerivation.data(), data_key.data());
  ENSURE(rc == 0 && encrypt_ != nullptr && decrypt_ != nullptr, "a key can be derived");
  must(EVP_EncryptInit_ex(encrypt_.get(), EVP_aes_256_gcm(), nullptr, derived.data(), nullptr));
  must(EVP_DecryptInit_ex(decrypt_.get(), EVP_aes_256_gcm(), nullptr, derived.data(), nullptr));
}

void Aead::encrypt(uint64_t nonce, std::string_view context, std::string_view plain, std::string& out) const {
  const std::array<uint8_t, 12> iv = nonce_of(nonce);
  const size_t begin = out.size();
  out.resize(begin + plain.size() + kTag);
  auto* to = reinterpret_cast<uint8_t*>(out.data() + begin);
  int written = 0;
  must(EVP_EncryptInit_ex(encrypt_.get(), nullptr, nullptr, nullptr, iv.data()));
  must(EVP_EncryptUpdate(encrypt_.get(), nullptr, &written, bytes_of(context), size_of(context)));
  must(EVP_EncryptUpdate(encrypt_.get(), to, &written, bytes_of(plain), size_of(plain)));
  must(EVP_EncryptFinal_ex(encrypt_.get(), to + plain.size(), &written));
  must(EVP_CIPHER_CTX_ctrl(encrypt_.get(), EVP_CTRL_GCM_GET_TAG, kTag, to + plain.size()));
}

bool Aead::decrypt(uint64_t nonce, std::string_view context, std::string_view encrypted, std::string& out) const {
  out.clear();
  if (encrypted.size() < kTag) return false;
  const std::string_view body = encrypted.substr(0, encrypted.size() - kTag);
  std::array<uint8_t, kTag> tag;
  std::copy_n(bytes_of(encrypted.substr(body.size())), kTag, tag.data());
  const std::array<uint8_t, 12> iv = nonce_of(nonce);
  out.resize(body.size());
  auto* to = reinterpret_cast<uint8_t*>(out.data());
  int written = 0;
  must(EVP_DecryptInit_ex(decrypt_.get(), nullptr, nullptr, nullptr, iv.data()));
  must(EVP_DecryptUpdate(decrypt_.get(), nullptr, &written, bytes_of(context), size_of(context)));
  must(EVP_DecryptUpdate(decrypt_.get(), to, &written, bytes_of(body), size_of(body)));
  must(EVP_CIPHER_CTX_ctrl(decrypt_.get(), EVP_CTRL_GCM_SET_TAG, kTag, tag.data()));
  if (EVP_DecryptFinal_ex(decrypt_.get(), to + body.size(), &written) == 1) return true;
  out.clear();
  return false;
}

void Encryptor::encrypt(std::string_view context, std::string_view plain, std::string& out) {
  out.clear();
  out.reserve(Encrypted::kHead + plain.size() + Aead::kTag);
  append(static_cast<uint64_t>(key_id_), out);
  append(++counter_, out);
  aead_.encrypt(counter_, context, plain, out);
}

bool Encrypted::parse(std::string_view bytes, Encrypted& out) {
  if (bytes.size() < kHead + Aead::kTag) return false;
  out.key_id = static_cast<int64_t>(number_at(bytes, 0));
  out.nonce = number_at(bytes, sizeof(uint64_t));
  out.body = bytes.substr(kHead);
  return true;
}

}  // namespace quanzu::store
