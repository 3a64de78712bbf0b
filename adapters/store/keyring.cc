#include "adapters/store/keyring.h"

#include <sodium.h>

#include <algorithm>

#include "engine/bytes.h"

namespace quanzu::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kData = "data";
constexpr std::string_view kLookup = "lookup";
constexpr size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr size_t kWrapped = kNonce + SecretKey::kSize + crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr size_t kHash = 16;  // a collision among a billion numbers: once in 10^20 folders

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// What a wrapped key belongs to.
std::string context_of(int64_t id, std::string_view use) {
  std::string context("quanzu key ");
  ByteWriter out(context);
  out(id, use);
  return context;
}

// A nonce by chance is safe here: it has 24 bytes.
std::string wrap(const MasterKey& master, int64_t id, std::string_view use, const SecretKey& key) {
  std::string wrapped(kWrapped, '\0');
  auto* out = reinterpret_cast<unsigned char*>(wrapped.data());
  randombytes_buf(out, kNonce);
  const std::string context = context_of(id, use);
  crypto_aead_xchacha20poly1305_ietf_encrypt(out + kNonce, nullptr, key.data(), SecretKey::kSize, bytes_of(context),
                                             context.size(), nullptr, out, master.key.data());
  return wrapped;
}

bool open_wrapped(const MasterKey& master, int64_t id, std::string_view use, std::string_view wrapped, SecretKey& key) {
  if (wrapped.size() != kWrapped) return false;
  const std::string context = context_of(id, use);
  return crypto_aead_xchacha20poly1305_ietf_decrypt(key.data(), nullptr, nullptr, bytes_of(wrapped) + kNonce,
                                                    wrapped.size() - kNonce, bytes_of(context), context.size(),
                                                    bytes_of(wrapped), master.key.data()) == 0;
}

// Columns of a row of `keys`, in the order of every query here.
enum Column : int { kId, kUse, kFirstBlock, kMaster, kWrappedKey };
constexpr std::string_view kSelect = "SELECT key_id, use, first_block, master, wrapped FROM keys";

Result<Statement> select(const Database& database, std::string_view rest) {
  return database.prepare(std::string(kSelect) + std::string(rest));
}

Result<void> insert(const Database& database, const KeyRow& row, std::string_view wrapped) {
  Result<Statement> statement =
      database.prepare("INSERT OR REPLACE INTO keys(key_id, use, first_block, master, wrapped) VALUES(?, ?, ?, ?, ?)");
  if (!statement) return Failure(statement.error());
  statement->bind(kId + 1, row.id);
  statement->bind(kUse + 1, std::string_view(row.use), ColumnType::kText);
  statement->bind(kFirstBlock + 1, static_cast<int64_t>(row.first_block));
  statement->bind(kMaster + 1, std::string_view(row.master), ColumnType::kText);
  statement->bind(kWrappedKey + 1, wrapped, ColumnType::kBlob);
  return statement->run();
}

Failure missing(const fs::path& file, const std::string& master, const Error& error) {
  return fail(Code::kUnavailable, "the data is encrypted under master key " + master + ", which is to be in " +
                                      file.string() + ": " + error.message +
                                      "; bring the file back from where you keep a copy, or name it with --key-file");
}

Failure another(const fs::path& file, const std::string& master, const std::vector<MasterKey>& has) {
  std::string ids;
  for (const MasterKey& each : has) ids += (ids.empty() ? "" : ", ") + each.id;
  return fail(Code::kUnavailable, file.string() + " holds master key " + ids + ", the data is encrypted under " +
                                      master +
                                      ": it is the key of another folder; name the right file with --key-file");
}

KeyRow row_of(const Statement& row) {
  return {row.integer(kId), std::string(row.bytes(kUse)), static_cast<uint64_t>(row.integer(kFirstBlock)),
          std::string(row.bytes(kMaster))};
}

// The key of a row, by the master key that it names.
Result<SecretKey> unwrap_row(const Statement& row, const std::vector<MasterKey>& masters, const fs::path& file) {
  const KeyRow of = row_of(row);
  const auto master = std::ranges::find(masters, of.master, &MasterKey::id);
  if (master == masters.end()) return another(file, of.master, masters);
  SecretKey key;
  if (open_wrapped(*master, of.id, of.use, row.bytes(kWrappedKey), key)) return key;
  return fail(Code::kInternal, "key " + std::to_string(of.id) +
                                   " in the table keys was changed after it was written: "
                                   "restore a backup");
}

}  // namespace

std::string LookupKey::hash(std::string_view value) const {
  std::string hash(kHash, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(), bytes_of(value), value.size(),
                     key_.data(), SecretKey::kSize);
  return hash;
}

Keyring::Keyring(const Database& database, fs::path key_file) : database_(&database), key_file_(std::move(key_file)) {}

Keyring::Keyring(const DataKey& data, LookupKey lookup) : lookup_(std::move(lookup)) {
  for (const Use use : {Use::kBlock, Use::kColumn, Use::kSnapshot}) {
    aeads_.emplace(std::pair(data.id, use), Aead(data.key, use));
  }
}

Result<void> Keyring::decrypt(Use use, std::string_view context, std::string_view encrypted, std::string& out) {
  Encrypted parsed;
  if (!Encrypted::parse(encrypted, parsed)) return fail(Code::kInternal, "too short for what is encrypted");
  const Result<const Aead*> aead = find(parsed.key_id, use);
  if (!aead) return Failure(aead.error());
  if ((*aead)->decrypt(parsed.nonce, context, parsed.body, out)) return {};
  return fail(Code::kInternal, "does not decrypt: it was changed after it was written, or belongs elsewhere");
}

Result<SecretKey> Keyring::unwrap(const Statement& row) {
  if (!masters_) {
    Result<std::vector<MasterKey>> masters = read_key_file(key_file_);
    if (!masters) return missing(key_file_, std::string(row.bytes(kMaster)), masters.error());
    masters_ = std::move(*masters);
  }
  return unwrap_row(row, *masters_, key_file_);
}

Result<const Aead*> Keyring::find(int64_t key_id, Use use) {
  const auto found = aeads_.find({key_id, use});
  if (found != aeads_.end()) return &found->second;
  const auto gone = [&] {
    return fail(Code::kInternal, "it is encrypted under key " + std::to_string(key_id) +
                                     ", which is not in the table keys: it was erased, or is of another folder");
  };
  if (database_ == nullptr) return gone();
  Result<Statement> row = select(*database_, " WHERE use = 'data' AND key_id = ?");
  if (!row) return Failure(row.error());
  row->bind(1, key_id);
  const Result<bool> there = row->step();
  if (!there) return Failure(there.error());
  if (!*there) return gone();
  const Result<SecretKey> key = unwrap(*row);
  if (!key) return Failure(key.error());
  return &aeads_.emplace(std::pair(key_id, use), Aead(*key, use)).first->second;
}

Result<const LookupKey*> Keyring::lookup() {
  if (lookup_) return &*lookup_;
  Result<Statement> row = select(*database_, " WHERE use = 'lookup'");
  if (!row) return Failure(row.error());
  const Result<bool> there = row->step();
  if (!there) return Failure(there.error());
  if (!*there) return fail(Code::kInternal, "the lookup key is not in the table keys: restore a backup");
  Result<SecretKey> key = unwrap(*row);
  if (!key) return Failure(key.error());
  return &lookup_.emplace(std::move(*key));
}

Result<WritingKeys> make_writing_keys(const Database& database, const fs::path& key_file, uint64_t next_block) {
  Result<Statement> found = select(database, " ORDER BY use DESC LIMIT 1");  // the lookup key, if any is there
  if (!found) return Failure(found.error());
  const Result<bool> known = found->step();
  if (!known) return Failure(known.error());
  std::error_code ignored;
  const bool fresh = !*known && !fs::exists(key_file, ignored);
  Result<std::vector<MasterKey>> masters = fresh ? make_key_file(key_file) : read_key_file(key_file);
  if (!masters)
    return *known ? missing(key_file, std::string(found->bytes(kMaster)), masters.error()) : Failure(masters.error());
  const MasterKey& master = masters->front();
  const auto add = [&](std::string_view use, uint64_t first_block, const SecretKey& key) -> Result<int64_t> {
    const auto id = static_cast<int64_t>(random_number() >> 1);
    const Result<void> added =
        insert(database, {id, std::string(use), first_block, master.id}, wrap(master, id, use, key));
    if (!added) return Failure(added.error());
    return id;
  };
  std::optional<SecretKey> lookup;
  if (*known) {
    Result<SecretKey> unwrapped = unwrap_row(*found, *masters, key_file);
    if (!unwrapped) return Failure(unwrapped.error());
    lookup = std::move(*unwrapped);
  } else {
    lookup = SecretKey::random();
    if (const Result<int64_t> added = add(kLookup, 0, *lookup); !added) return Failure(added.error());
  }
  found->reset();
  const SecretKey data = SecretKey::random();
  const Result<int64_t> id = add(kData, next_block, data);
  if (!id) return Failure(id.error());
  return WritingKeys{DataKey{*id, data}, LookupKey(std::move(*lookup))};
}

Result<std::vector<KeyRow>> list_keys(const Database& database) {
  Result<Statement> rows = select(database, " ORDER BY first_block, use, key_id");
  if (!rows) return Failure(rows.error());
  std::vector<KeyRow> keys;
  for (;;) {
    const Result<bool> row = rows->step();
    if (!row) return Failure(row.error());
    if (!*row) return keys;
    keys.push_back(row_of(*rows));
  }
}

Result<std::string> rotate_master_key(const Database& database, const fs::path& key_file) {
  Result<std::vector<MasterKey>> masters = read_key_file(key_file);
  if (!masters) return Failure(masters.error());
  std::vector<std::pair<KeyRow, std::string>> wrapped;
  const MasterKey fresh = make_master_key();
  {
    Result<Statement> rows = select(database, "");
    if (!rows) return Failure(rows.error());
    for (;;) {
      const Result<bool> row = rows->step();
      if (!row) return Failure(row.error());
      if (!*row) break;
      const Result<SecretKey> key = unwrap_row(*rows, *masters, key_file);
      if (!key) return Failure(key.error());
      KeyRow of = row_of(*rows);
      of.master = fresh.id;
      wrapped.emplace_back(of, wrap(fresh, of.id, of.use, *key));
    }
  }
  // The file first: with both keys in it, either state of the database can be read.
  masters->insert(masters->begin(), fresh);
  if (Result<void> written = write_key_file(key_file, *masters); !written) return Failure(written.error());
  Result<void> done = database.execute("BEGIN IMMEDIATE");
  for (const auto& [row, bytes] : wrapped) {
    if (done) done = insert(database, row, bytes);
  }
  if (done) done = database.execute("COMMIT");
  if (done) return fresh.id;
  database.rollback();
  return Failure(done.error());
}

}  // namespace quanzu::store
