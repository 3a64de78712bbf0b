// A journal as a server would write it, of random signals, ticks and commands by a seed: packs with a correlation, windows
// under way, leases, cases. For what must hold of any history: snapshots, the follower, backups. One thread.
#pragma once
#include <random>

#include "rules/pipeline.h"
#include "tests/adapters/store_support.h"

namespace quanzu::store::testing {

class History {
 public:
  History(const std::filesystem::path& data, uint32_t seed);

  // So many blocks more, each of some events; the last event of every second block is an OutcomeMark.
  void go_on(uint64_t blocks);
  // The same with a mark that lies about what came of the events before it.
  void lie();

  const rules::Pipeline& pipeline() const { return pipeline_; }
  SqliteStore& store() { return *store_; }
  uint64_t blocks() const { return store_->last_block(); }
  void close() { store_.reset(); }

 private:
  size_t any(size_t below) { return random_() % below; }
  void apply(EventBody body);
  void step();
  void commit(uint64_t lie);
  void send();
  void command();

  std::mt19937 random_;
  std::unique_ptr<SqliteStore> store_;
  rules::Pipeline pipeline_;
  Instant now_;
  Block block_;
  Effects effects_;
};

}  // namespace quanzu::store::testing
