// A server without threads and sockets: the very parts of quanzud (store, recovery, sequencer, inbox, matching, sessions,
// follower), put together so that somebody else says which of them moves next. It can end at any moment, and then nothing of it
// is left but the disk. One thread.
#pragma once
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <vector>

#include "adapters/feed/session.h"
#include "adapters/runtime/follower.h"
#include "adapters/runtime/match_workers.h"
#include "adapters/runtime/sequencer.h"
#include "adapters/store/sqlite_store.h"
#include "simulator/faults/disk.h"
#include "simulator/faults/judge.h"
#include "simulator/faults/link.h"
#include "simulator/faults/traffic.h"

namespace quanzu::simulator {

// The state that each block left, of all machines on one disk: what a recovery must come to.
using StateAfter = std::map<Sequence, std::string>;

class Machine final : public feed::Ingress {
 public:
  struct Settings {
    std::filesystem::path data;
    size_t inbox_bytes = 1 << 20;
    uint64_t snapshot_every = 20;
    size_t most_matching = 3;
    uint64_t genesis = 0;
    std::vector<User> users;
  };
  // Opens the folder, recovers it and holds the state against `states`, which gets what is committed from now on. Errors:
  // the store's and the replay's. Everything is borrowed.
  static Result<std::unique_ptr<Machine>> start(const Settings& settings, Disk& disk, const FaultPacks& packs,
                                                runtime::SystemTime time, StateAfter& states, Judge& judge);
  ~Machine() override;

  // What may move next; each does nothing where there is nothing to do.
  void begin_match();
  void end_match(size_t which);  // of those that are being matched
  size_t matching() const { return tickets_.size(); }
  void serve();        // the engine thread, once: an order, a batch, what is due
  void close_block();  // the one that fills goes to the committer, if that is idle
  void commit();
  void poll();    // the io threads
  void follow();  // the follower
  void checkpoint() { store_->checkpointer().round(); }
  bool busy() const;  // whether anything is on its way

  std::shared_ptr<Link> connect();
  void command(Command command, api::Reply reply);
  void go_live(size_t pack);
  void pass_time(Duration now);
  void deliver(Random& random, size_t most);  // some bytes of some connections
  bool failed() const { return !state_; }     // the store takes nothing more

  const Engine& engine() const { return sequencer_->engine(); }
  const rules::Pipeline& pipeline() const { return sequencer_->pipeline(); }
  store::SqliteStore& store() { return *store_; }

  // feed::Ingress, as the server has it
  void open(std::string feed, std::string stream, std::shared_ptr<feed::StreamSink> sink) override;
  void close(const feed::StreamBinding& binding) override;
  bool submit(std::unique_ptr<feed::Batch> batch) override;
  std::unique_ptr<feed::Batch> take_batch() override { return std::make_unique<feed::Batch>(); }
  Instant now() const override { return clock_->now(); }

 private:
  Machine(const Settings& settings, const FaultPacks& packs, runtime::SystemTime time, StateAfter& states,
          Judge& judge);
  Result<void> recover(Disk& disk);
  void begin();

  const Settings settings_;
  const FaultPacks& packs_;
  StateAfter& states_;
  Judge& judge_;
  std::unique_ptr<runtime::Clock> clock_;
  std::unique_ptr<store::SqliteStore> store_;
  std::unique_ptr<store::Reader> replies_;
  std::unique_ptr<runtime::Sequencer> sequencer_;
  std::shared_ptr<const accounts::Directory> directory_;
  std::shared_ptr<const runtime::LiveProgram> live_;
  size_t pack_ = 0;

  prometheus::Registry registry_;
  feed::Metrics metrics_;
  runtime::FollowerMetrics follower_metrics_;
  std::unique_ptr<runtime::Follower> follower_;
  feed::Environment environment_;
  boost::asio::io_context io_{1};
  std::vector<std::shared_ptr<Link>> links_;
  std::vector<std::weak_ptr<feed::Session>> sessions_;

  runtime::Inbox inbox_;
  runtime::MatchScratch scratch_;
  size_t unmatched_ = 0;                         // batches that nobody has taken to match
  std::vector<runtime::Inbox::Ticket> tickets_;  // being matched
  std::unique_ptr<runtime::PendingBlock> committing_;
  Result<void> state_;
};

}  // namespace quanzu::simulator
