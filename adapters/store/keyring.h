// The keys of a data folder. Data keys encrypt what is written: each start makes one. A lookup key, one for ever, makes the
// hashes by which numbers are found. Both lie in the table `keys`, wrapped by a master key (XChaCha20-Poly1305) that lies
// elsewhere (adapters/store/key_file.h): whoever destroys a row there has erased all that it encrypted, also in backups that
// are restored without it.
#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/store/cipher.h"
#include "adapters/store/key_file.h"
#include "adapters/store/sqlite.h"

namespace quanzu::store {

// Hashes that only this folder can make: the same value gives the same 16 bytes (BLAKE2b, keyed).
class LookupKey {
 public:
  explicit LookupKey(SecretKey key) : key_(std::move(key)) {}
  std::string hash(std::string_view value) const;

 private:
  SecretKey key_;
};

// Decrypts what was written under any of the folder's keys; reads and unwraps each when it is first needed, so that who reads
// nothing encrypted needs no master key. Belongs to a connection and its thread.
class Keyring {
 public:
  // Both are borrowed but for the path.
  Keyring(const Database& database, std::filesystem::path key_file);
  // With no other keys than these: of what lives as long as a process.
  Keyring(const DataKey& data, LookupKey lookup);

  // Errors, kUnavailable: the master key is missing or another (names which); kInternal: the bytes were changed or belong
  // elsewhere, or their key is gone.
  Result<void> decrypt(Use use, std::string_view context, std::string_view encrypted, std::string& out);
  Result<const LookupKey*> lookup();

 private:
  Result<const Aead*> find(int64_t key_id, Use use);
  Result<SecretKey> unwrap(const Statement& row);

  const Database* database_ = nullptr;
  std::filesystem::path key_file_;
  std::optional<std::vector<MasterKey>> masters_;
  std::map<std::pair<int64_t, Use>, Aead> aeads_;
  std::optional<LookupKey> lookup_;
};

// What a writer needs: a data key of its own and the lookup key.
struct WritingKeys {
  DataKey data;
  LookupKey lookup;
};
// Of a database whose table `keys` is there; in a transaction or outside of one. Makes the key file where the database has no
// key yet. `next_block` is kept beside the key: what it encrypts begins there. Errors: those of Keyring, the disk.
Result<WritingKeys> make_writing_keys(const Database& database, const std::filesystem::path& key_file,
                                      uint64_t next_block);

struct KeyRow {
  int64_t id = 0;
  std::string use;  // "data" or "lookup"
  uint64_t first_block = 0;
  std::string master;
};
Result<std::vector<KeyRow>> list_keys(const Database& database);

// A fresh master key, first in the file; every key in the database is wrapped by it. The older ones stay in the file, since
// backups need them. Errors: as above; then either the old or the new state holds, and both can be read.
Result<std::string> rotate_master_key(const Database& database, const std::filesystem::path& key_file);

}  // namespace quanzu::store
