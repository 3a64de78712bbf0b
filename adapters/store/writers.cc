#include "adapters/store/writers.h"

#include "adapters/store/schema.h"
#include "adapters/store/seal.h"

namespace quanzu::store {

Result<JournalWriter> JournalWriter::make(const Database& database, const DataKey& key) {
  Result<Statement> insert = database.prepare(
      "INSERT INTO journal(block, first_seq, last_seq, signals, events_size, raw_size, events_hash, raw_hash, "
      "chain, events, raw) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  if (!insert) return Failure(insert.error());
  return JournalWriter(std::move(*insert), key);
}

Result<void> JournalWriter::insert(const Block& block, uint64_t number, Hash& chain) {
  Seal seal{number, block.first, block.last, block.signals, block.events.size(), block.raw.size(), {}, {}};
  pack_part(block.events, packed_);
  blocks_.encrypt(part_context(chain, seal, Part::kEvents), packed_, events_);
  pack_part(block.raw, packed_);
  blocks_.encrypt(part_context(chain, seal, Part::kRaw), packed_, raw_);
  seal.events_hash = sha256(events_);
  seal.raw_hash = sha256(raw_);
  chain = chain_of(chain, seal);
  int parameter = 0;
  for (const uint64_t value :
       {seal.number, seal.first.value(), seal.last.value(), seal.signals, seal.events_size, seal.raw_size}) {
    insert_.bind(++parameter, static_cast<int64_t>(value));
  }
  for (const std::string_view bytes :
       {view(seal.events_hash), view(seal.raw_hash), view(chain), std::string_view(events_), std::string_view(raw_)}) {
    insert_.bind(++parameter, bytes, ColumnType::kBlob);
  }
  return insert_.run();
}

Result<TableWriter> TableWriter::make(const Database& database, const DataKey& key, LookupKey lookup) {
  TableWriter writer(key, std::move(lookup));
  for (size_t i = 0; i < kTableCount; ++i) {
    Result<Statement> statement = database.prepare(upsert(table_info(static_cast<Table>(i))));
    if (!statement) return Failure(statement.error());
    writer.upserts_.push_back(std::move(*statement));
  }
  return writer;
}

Result<void> TableWriter::put(const Row& row) {
  Statement& statement = upserts_[static_cast<size_t>(row.table)];
  rows_.bind(row, statement);
  return statement.run();
}

}  // namespace quanzu::store
