#include "adapters/accounts/directory.h"

#include <sodium.h>

#include <array>

#include "engine/engine.h"

namespace quanzu::accounts {
namespace {

std::string base32(const unsigned char* bytes, size_t size) {  // RFC 4648, no padding: 20 bytes need none
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  uint32_t bits = 0;
  int held = 0;
  for (size_t i = 0; i < size; ++i) {
    bits = (bits << 8) | bytes[i];
    for (held += 8; held >= 5; held -= 5) out += kDigits[(bits >> (held - 5)) & 31U];
    bits &= 0xffU;
  }
  if (held > 0) out += kDigits[(bits << (5 - held)) & 31U];
  return out;
}

std::string random_password() {
  static constexpr std::string_view kLetters =
      "23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ";  // no 0 O 1 l I o
  std::string out;
  for (int i = 0; i < 16; ++i) out += kLetters[randombytes_uniform(kLetters.size())];
  return out;
}

}  // namespace

void Directory::add(const User& user) {
  if (const auto old = by_id_.find(user.id); old != by_id_.end()) {
    by_token_hash_.erase(old->second.token_hash);
    by_name_.erase(old->second.name);
  }
  if (!user.disabled && !user.token_hash.empty()) by_token_hash_[user.token_hash] = user.id;
  by_name_[user.name] = user.id;
  by_id_[user.id] = user;
}

const User* Directory::by_token(std::string_view token) const {
  if (token.empty()) return nullptr;
  // The lookup is by hash, so its timing tells nothing about the token.
  const auto found = by_token_hash_.find(hash_token(token));
  return found == by_token_hash_.end() ? nullptr : by_id(found->second);
}

const User* Directory::by_name(std::string_view name) const {
  const auto found = by_name_.find(std::string(name));
  return found == by_name_.end() ? nullptr : by_id(found->second);
}

const User* Directory::by_id(UserId id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &found->second;
}

Directory directory_of(const Engine& engine) {
  Directory directory;
  for (uint32_t id = 1; id <= engine.user_count(); ++id) directory.add(*engine.find_user(UserId(id)));
  return directory;
}

Result<void> check_account_name(std::string_view name) {
  constexpr size_t kLongest = 64;
  // Bytes from 0x80 on are letters of other scripts; UTF-8 is checked where the name comes in.
  const bool sound = !name.empty() && name.size() <= kLongest && std::all_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x80 || std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' ||
           c == '_' || c == '-';
  });
  if (sound) return {};
  return fail(Code::kInvalidArgument,
              "an account's name is 1 to 64 bytes of letters, digits, '.', '_' and '-'; " + quoted(name) + " is not",
              "name");
}

std::string make_token() {
  ENSURE(sodium_init() >= 0, "libsodium needs the system's random source");
  std::array<unsigned char, 32> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  std::array<char, 64> text{};
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return text.data();
}

Credentials make_credentials() {
  ENSURE(sodium_init() >= 0, "libsodium needs the system's random source");
  Credentials out;
  out.token = make_token();
  out.password = random_password();
  std::array<unsigned char, 20> secret{};
  randombytes_buf(secret.data(), secret.size());
  out.totp_secret = base32(secret.data(), secret.size());
  out.token_hash = hash_token(out.token);
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  const int failed = crypto_pwhash_str(hash.data(), out.password.data(), out.password.size(),
                                       crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE);
  ENSURE(failed == 0, "argon2id needs 64 MiB of memory");
  out.password_hash = hash.data();
  return out;
}

std::string hash_token(std::string_view token) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
  crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(token.data()), token.size());
  std::array<char, 2 * crypto_hash_sha256_BYTES + 1> hex{};
  sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
  return hex.data();
}

}  // namespace quanzu::accounts
