// SHA-256 (OpenSSL): for the journal's hashes and its chain, and for the digest that verify prints. With the processor's
// SHA instructions it costs less than writing the same bytes to the log.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace quanzu::store {

using Hash = std::array<uint8_t, 32>;

class Sha256 {
 public:
  Sha256();
  Sha256(const Sha256& other);
  Sha256& operator=(const Sha256&) = delete;
  void update(std::string_view bytes);
  void update(uint64_t number);  // eight bytes, little end first
  void update(const Hash& hash);
  // Of everything so far; more may follow.
  Hash value() const;

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

Hash sha256(std::string_view bytes);
std::string to_hex(const Hash& hash);
inline std::string_view view(const Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

}  // namespace quanzu::store
