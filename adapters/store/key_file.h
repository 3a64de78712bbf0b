// The file of master keys, which wrap the data keys (adapters/store/keyring.h): DIR/master.key, or where --key-file says. It is
// all that stands between a copy of the folder and what is in it, and nothing can be read without it.
//
//   FILE := line*          line := "#" anything | id " " 64 hexadecimal digits          the first key is the one in use
//
// The id is made from the key (BLAKE2b), so that a mistyped key is seen. Older keys stay: what is older may need them. Any thread.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "adapters/store/cipher.h"

namespace quanzu::store {

struct MasterKey {
  std::string id;  // 8 hexadecimal digits
  SecretKey key;
};
MasterKey make_master_key();

// Errors, kUnavailable since the data may be sound: the file is not there or is no key file, with the line.
Result<std::vector<MasterKey>> read_key_file(const std::filesystem::path& file);

// A file with one fresh key, mode 0600; the file that is there if somebody was faster. Errors: the disk.
Result<std::vector<MasterKey>> make_key_file(const std::filesystem::path& file);

// In place of what is there.
Result<void> write_key_file(const std::filesystem::path& file, const std::vector<MasterKey>& keys);

}  // namespace quanzu::store
