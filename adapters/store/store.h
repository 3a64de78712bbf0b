// The store's port: one commit makes a block durable with all the rows that follow from it. Writing is the committer's
// alone (one thread); a Reader has its own connection and serves one thread.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "adapters/store/hash.h"
#include "engine/event.h"

namespace quanzu {
class Engine;
struct Effects;
}  // namespace quanzu

namespace quanzu::store {

// Tables that the journal determines: `quanzud verify` rebuilds every one of them and compares column by column.
enum class Table : uint8_t {
  kMeta,       // key, value
  kCases,      // case_id, version, kind, state, level, score, fraud_type, area, resident_id, opened_at, due_at, lead,
               // closed_by, closed_at, doc
  kExposures,  // case_id and what measures need (engine/measures.h)
  kInstructions,  // instruction_id, upstream_id, state, issued_at, case_id, doc
  kResidents,     // resident_id, number, area, birth_year, provisional, doc
  kUsers,         // user_id, name, role, disabled, token_hash, password_hash, totp_secret
  kStreams,       // stream_id, feed, stream, next_seq, accepted, rejected, latest_at
  kPacks,         // version, hash, rules
  kAlerts,        // sequence, ordinal, stream_id, seq, rule, rule_version, resident_id, at
  kRejects,       // stream_id, seq, reason, detail, payload, received_at
  kOutbox,        // outreach_id, case_id, channel, template, at
  kRules,         // rule, state, why, switched_by, day, alerts, held_back: of rules with a limit or that were switched
  kReplies,       // user_id, idempotency_key, body_hash, sequence, reply
};
constexpr size_t kTableCount = 13;

using Value = std::variant<std::monostate, int64_t, std::string>;  // null, integer, text (or bytes)
struct Row {
  Table table = Table::kMeta;
  std::vector<Value> values;  // in the schema's order; the first `key_columns` identify the row
};
// The rows that must be written after an event, from the engine's state and the event's effects; appends. The same function
// for all who write or compare rows (adapters/runtime/projection.h).
using Projector = std::function<void(const Engine&, const Effects&, std::vector<Row>&)>;
enum class ColumnType : uint8_t { kInteger, kText, kBlob };
struct TableInfo {
  std::string_view name;
  std::vector<std::string_view> columns;
  size_t key_columns = 1;
  std::vector<ColumnType> types;    // by column
  std::vector<bool> nullable;       // by column
  std::vector<bool> confidential;   // by column: personal data or a secret, encrypted, never shown in a message
  std::optional<size_t> looked_up;  // the column by whose value rows are found: Reader::find
};
const TableInfo& table_info(Table table);

// A block on its way to disk. Two parts: `events`, all that a replay needs, kept as long as cases; `raw`, the signals as
// received, removed after 30 days. Filled on the engine thread, sealed (compressed, hashed) on the committer's.
struct Block {
  Sequence first;
  Sequence last;
  uint64_t signals = 0;
  std::string events;
  std::string raw;
  std::vector<Row> rows;  // upserts, one a key
};

struct StoredBlock {
  uint64_t number = 0;  // from 1
  Sequence first;
  Sequence last;
  uint64_t signals = 0;
  std::string events;  // opened again
  std::string raw;
  Hash chain{};
};

struct BlockRange {
  uint64_t from = 1;
  uint64_t to = INT64_MAX;  // this one too
};

// What read_journal opens: recovery needs `events` alone, and must not pay for what was removed after 30 days.
enum class Parts : uint8_t { kEvents, kEventsAndRaw };

class Keyring;

// Errors: kUnavailable where the environment fails (disk, time limit, the master key is missing); anything else says that
// the data is at fault.
class Reader {
 public:
  virtual ~Reader() = default;
  // The journal in order, those blocks of the range that are there; stops at an error of the callback. Errors name the
  // block: a hash that differs, a gap, a cut part. `raw` is empty where it was not asked for or was removed.
  virtual Result<void> read_journal(BlockRange range, Parts parts,
                                    const std::function<Result<void>(const StoredBlock&)>& each) = 0;
  Result<void> read_journal(uint64_t from, Parts parts, const std::function<Result<void>(const StoredBlock&)>& each) {
    return read_journal(BlockRange{from}, parts, each);
  }
  Result<void> read_journal(uint64_t from, const std::function<Result<void>(const StoredBlock&)>& each) {
    return read_journal(BlockRange{from}, Parts::kEventsAndRaw, each);
  }
  // The chain hash of a block (zeros for 0). Errors: kInternal where there is no such block.
  virtual Result<Hash> chain_at(uint64_t block) = 0;
  virtual Result<std::optional<Row>> get(Table table, const std::vector<Value>& key) = 0;
  // Every row in key order.
  virtual Result<void> scan(Table table, const std::function<Result<void>(const Row&)>& each) = 0;
  // `where` and `order` are SQL over the table's columns that are not confidential, with ? for the values; a fixed string,
  // never a caller's text.
  virtual Result<std::vector<Row>> select(Table table, std::string_view where, const std::vector<Value>& values,
                                          std::string_view order, size_t limit) = 0;
  // Rows whose looked-up column has this value, in key order.
  virtual Result<std::vector<Row>> find(Table table, std::string_view value) = 0;
  // Of what was encrypted beside the tables: snapshots.
  virtual Keyring& keyring() = 0;
  // Several reads of one moment: from begin() to end() nothing that is committed meanwhile is seen.
  virtual Result<void> begin() = 0;
  virtual void end() = 0;
  // Longest time from begin() to end(), or of one call outside of them; a read that takes longer fails, since it would
  // hold back the write-ahead log for everybody. Unlimited until set; the API sets 200 ms.
  virtual void set_time_limit(std::chrono::milliseconds limit) = 0;
};

class Store {
 public:
  virtual ~Store() = default;
  // Durable when it returns. An error is final: the outcome is unknown until a restart, and nothing may be written again.
  virtual Result<void> commit(const Block& block) = 0;
  virtual Result<std::unique_ptr<Reader>> reader() const = 0;
  virtual uint64_t last_block() const = 0;
  // Bytes of the write-ahead log that are not yet in the tables: feeds are slowed above kSlowWalBytes. Any thread.
  virtual uint64_t wal_bytes() const { return 0; }
};
constexpr uint64_t kWarnWalBytes = uint64_t{256} << 20;
constexpr uint64_t kSlowWalBytes = uint64_t{1} << 30;

}  // namespace quanzu::store
