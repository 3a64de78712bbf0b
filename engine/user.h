// Who may do what. Accounts are events like everything else, so that replay knows who acted.
// Secrets are held as hashes alone; adapters/accounts makes them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/ids.h"

namespace quanzu {

enum class Role : uint8_t {
  kOperator,
  kFieldWorker,
  kDispatcher,
  kSupervisor,
  kAuthor,
  kApprover,
  kAuditor,
  kAdmin,
  kWall,
  kFeed,
};
std::string_view role_name(Role role);  // "field_worker"
std::optional<Role> find_role(std::string_view name);

struct User {
  UserId id;
  std::string name;
  Role role = Role::kOperator;
  bool disabled = false;
  std::string token_hash;     // SHA-256 of the bearer token, hex
  std::string password_hash;  // argon2id, libsodium's string form
  std::string totp_secret;    // base32
};

}  // namespace quanzu
