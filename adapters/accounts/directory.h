// Who holds which token: an immutable view of the accounts, published after each commit that changed them and read by
// the feed's and the API's threads without a lock on the engine.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/result.h"
#include "engine/user.h"

namespace quanzu {
class Engine;
}

namespace quanzu::accounts {

class Directory {
 public:
  void add(const User& user);  // the last of a name stands
  // The enabled account with this bearer token; nullptr where there is none. Looks up by the token's hash.
  const User* by_token(std::string_view token) const;
  const User* by_name(std::string_view name) const;
  const User* by_id(UserId id) const;
  size_t size() const { return by_id_.size(); }

 private:
  std::unordered_map<UserId, User> by_id_;
  std::unordered_map<std::string, UserId> by_token_hash_;
  std::unordered_map<std::string, UserId> by_name_;
};

// Every account that the engine knows.
Directory directory_of(const Engine& engine);

// Names stand in logs, audit rows and the console. Errors: kInvalidArgument with what a name may be.
Result<void> check_account_name(std::string_view name);

// Fresh credentials of a new account, shown once. Everything is from the system's random source (libsodium).
struct Credentials {
  std::string token;          // 32 bytes, base64url without padding
  std::string password;       // 16 characters that can't be mistaken for one another
  std::string totp_secret;    // 20 bytes, base32
  std::string token_hash;     // SHA-256, hex
  std::string password_hash;  // argon2id
};
Credentials make_credentials();
std::string
make_token();  // a fresh one alone: argon2id takes 64 MiB and tens of milliseconds, and a token needs none of it
std::string hash_token(std::string_view token);

}  // namespace quanzu::accounts
