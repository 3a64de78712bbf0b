#include "adapters/store/upgrade.h"

#include "adapters/store/recovery.h"
#include "adapters/store/schema.h"
#include "adapters/store/seal.h"
#include "adapters/store/snapshot.h"
#include "adapters/store/writers.h"

namespace quanzu::store {
namespace {

// A file of schema 1: a journal in clear, packed as today, with the same chain over the packed parts.
class Upgrade {
 public:
  Upgrade(const Database& database, const Projector& projector) : database_(database), projector_(projector) {}

  Result<void> run(const std::filesystem::path& key_file) {
    Result<void> begun = database_.execute("PRAGMA secure_delete=ON; BEGIN IMMEDIATE");
    if (begun) begun = drop_tables();
    if (begun) begun = database_.execute("ALTER TABLE journal RENAME TO old_journal;" + schema_definitions());
    if (!begun) return begun;
    Result<WritingKeys> keys = make_writing_keys(database_, key_file, 1);
    if (!keys) return Failure(keys.error());
    Result<JournalWriter> journal = JournalWriter::make(database_, keys->data);
    if (!journal) return Failure(journal.error());
    Result<TableWriter> tables = TableWriter::make(database_, keys->data, std::move(keys->lookup));
    if (!tables) return Failure(tables.error());
    if (Result<void> copied = copy(*journal, *tables); !copied) return copied;
    return database_.execute("DROP TABLE old_journal;" + schema_mark() + "COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
  }

 private:
  // All but the journal: they follow from it.
  Result<void> drop_tables() {
    std::string drops;
    {
      Result<Statement> names =
          database_.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'journal'");
      if (!names) return Failure(names.error());
      for (;;) {
        const Result<bool> row = names->step();
        if (!row) return Failure(row.error());
        if (!*row) break;
        drops += "DROP TABLE " + std::string(names->bytes(0)) + ";";
      }
    }
    return database_.execute(drops);
  }

  Result<void> copy(JournalWriter& journal, TableWriter& tables) {
    rules::Pipeline pipeline;
    Replayer replayer(pipeline, [&](const Event&, std::span<const Alert>, const Effects& effects) -> Result<void> {
      rows_.clear();
      projector_(pipeline.engine(), effects, rows_);
      for (const Row& row : rows_) {
        if (Result<void> put = tables.put(row); !put) return put;
      }
      return {};
    });
    Result<Statement> rows = database_.prepare(
        "SELECT block, first_seq, last_seq, signals, events_size, raw_size, events_hash, raw_hash, chain, events, raw "
        "FROM old_journal ORDER BY block");
    if (!rows) return Failure(rows.error());
    Hash old_chain{};
    Hash chain{};
    for (uint64_t number = 1;; ++number) {
      const Result<bool> row = rows->step();
      if (!row) return Failure(row.error());
      if (!*row) return {};
      StoredBlock block;
      block.number = number;
      if (Result<void> opened = open(*rows, old_chain, block); !opened) return opened;
      if (Result<void> replayed = replayer.apply(block); !replayed) return replayed;
      const Block copied{block.first, block.last, block.signals, std::move(block.events), std::move(block.raw), {}};
      if (Result<void> inserted = journal.insert(copied, number, chain); !inserted) return inserted;
    }
  }

  static Result<void> open(const Statement& row, Hash& chain, StoredBlock& block) {
    const auto number = [&row](int column) { return static_cast<uint64_t>(row.integer(column)); };
    const auto damaged = [&block](const std::string& what) {
      return fail(Code::kInternal, "journal block " + std::to_string(block.number) + ": " + what +
                                       "; restore a backup, or run `quanzud verify` of the release that wrote it");
    };
    block.first = Sequence(number(1));
    block.last = Sequence(number(2));
    block.signals = number(3);
    const Seal seal{
        number(0), block.first, block.last,           block.signals,
        number(4), number(5),   sha256(row.bytes(9)), row.is_null(10) ? hash_of(row.bytes(7)) : sha256(row.bytes(10))};
    chain = chain_of(chain, seal);
    if (seal.number != block.number) return damaged("is missing");
    if (view(chain) != row.bytes(8)) return damaged("its chain hash does not follow from what it holds");
    Result<void> opened = unpack_part(row.bytes(9), seal.events_size, block.events);
    if (opened && !row.is_null(10)) opened = unpack_part(row.bytes(10), seal.raw_size, block.raw);
    if (!opened) return damaged(opened.error().message);
    return {};
  }

  // Of a raw part that was removed.
  static Hash hash_of(std::string_view bytes) {
    Hash hash{};
    std::copy_n(bytes.begin(), std::min(bytes.size(), hash.size()), hash.begin());
    return hash;
  }

  const Database& database_;
  const Projector& projector_;
  std::vector<Row> rows_;
};

}  // namespace

Result<void> make_or_upgrade(const Database& database, const DataFolder& folder, const Projector& projector) {
  const Result<int64_t> version = schema_of(database);
  if (!version) return Failure(version.error());
  if (*version == 0) return create_schema(database);
  if (*version == kSchemaVersion) return {};
  if (!projector) return check_schema(database);
  std::error_code ignored;
  for (const std::filesystem::path& each : find_snapshots(folder.path())) std::filesystem::remove(each, ignored);
  Result<void> done = Upgrade(database, projector).run(folder.key_file());
  if (!done) database.rollback();
  return done;
}

}  // namespace quanzu::store
