// Encryption at rest: AES-256-GCM (OpenSSL), so that what lies on disk can neither be read nor changed unseen without its key.
// A start makes a data key of its own and counts up its nonces, so that no nonce is used twice, not even by a restored backup
// or a cloned machine. What keys there are, and what wraps them: adapters/store/keyring.h.
//
//   encrypted := key_id:8 counter:8 ciphertext tag:16          both numbers with the low end first; the counter is the nonce
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/result.h"

struct evp_cipher_ctx_st;

namespace quanzu::store {

// 32 bytes that are wiped when they go.
class SecretKey {
 public:
  static constexpr size_t kSize = 32;
  SecretKey() = default;
  SecretKey(const SecretKey&) = default;
  SecretKey& operator=(const SecretKey&) = default;
  ~SecretKey();
  static SecretKey random();
  uint8_t* data() { return bytes_.data(); }
  const uint8_t* data() const { return bytes_.data(); }
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes_.data()), kSize}; }

 private:
  std::array<uint8_t, kSize> bytes_{};
};

// Of the system's random source.
uint64_t random_number();

struct DataKey {
  int64_t id = 0;  // random, so that clones of a folder don't give two keys one name
  SecretKey key;
};

// What a data key is used for; each use has a key of its own, derived from it, and so nonces of its own.
enum class Use : uint8_t { kBlock = 1, kColumn = 2, kSnapshot = 3 };

// One derived key. Serves one thread at a time.
class Aead {
 public:
  static constexpr size_t kTag = 16;
  Aead(const SecretKey& data_key, Use use);
  // Appends; `context` is proved and not stored: where the bytes belong, so that they open nowhere else.
  void encrypt(uint64_t nonce, std::string_view context, std::string_view plain, std::string& out) const;
  // False where key, nonce, context and bytes don't belong together; then `out` is empty.
  bool decrypt(uint64_t nonce, std::string_view context, std::string_view encrypted, std::string& out) const;

 private:
  struct Free {
    void operator()(evp_cipher_ctx_st* context) const;
  };
  // The key schedule is kept: it costs twice what a short value does.
  std::unique_ptr<evp_cipher_ctx_st, Free> encrypt_;
  std::unique_ptr<evp_cipher_ctx_st, Free> decrypt_;
};

// Encrypts under one data key for one use, each value under the next nonce. There is one a key and use, or nonces repeat.
// Serves one thread at a time.
class Encryptor {
 public:
  Encryptor(const DataKey& key, Use use) : key_id_(key.id), aead_(key.key, use) {}
  Encryptor(Encryptor&&) = default;
  Encryptor& operator=(Encryptor&&) = delete;
  void encrypt(std::string_view context, std::string_view plain, std::string& out);  // `out` is reused

 private:
  int64_t key_id_;
  uint64_t counter_ = 0;
  Aead aead_;
};

// The head of what an Encryptor made; `body` is what Aead takes.
struct Encrypted {
  static constexpr size_t kHead = 16;
  int64_t key_id = 0;
  uint64_t nonce = 0;
  std::string_view body;
  // False where there is not even a head and a tag.
  static bool parse(std::string_view bytes, Encrypted& out);
};

}  // namespace quanzu::store
