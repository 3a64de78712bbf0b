// SHA-256 of packs and documents: what makes two of them the same, so that a reload knows what has changed.
// A value; one thread.
#pragma once
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;  // OpenSSL's

namespace quanzu::rules {

class Sha256 {
 public:
  Sha256();
  // Each text goes in behind its length, so that nothing can move from one to the next unseen.
  void add(std::string_view text);
  std::string hex();  // once

 private:
  friend std::string sha256_of(std::string_view bytes);
  void update(std::string_view bytes);
  std::unique_ptr<evp_md_ctx_st, void (*)(evp_md_ctx_st*)> context_;
};

// Of the bytes alone, in hex: what `sha256sum` says of a file that holds them.
std::string sha256_of(std::string_view bytes);

}  // namespace quanzu::rules
