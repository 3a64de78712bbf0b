// The core of quanzud without its sockets: the engine thread between the inbox and the committer. Implements the ports of the
// feed (Ingress) and of the API (Backend); whoever calls them is told after the commit.
//   server.cc          opening a folder, the ports           server_engine.cc   the engine thread: events into blocks
//   server_packs.cc    reloading packs                        server_backup.cc   a copy of the folder while all goes on
// The engine thread owns the sequencer; everything else it shares says so.
#pragma once
#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "adapters/api/ports.h"
#include "adapters/runtime/clock.h"
#include "adapters/runtime/follower.h"
#include "adapters/runtime/inbox.h"
#include "adapters/runtime/match_workers.h"
#include "adapters/runtime/offline.h"
#include "adapters/runtime/one_job.h"
#include "adapters/runtime/pack_source.h"
#include "adapters/runtime/sequencer.h"
#include "adapters/runtime/server_metrics.h"
#include "adapters/runtime/shadow.h"
#include "adapters/store/backup.h"

namespace quanzu::runtime {

// Events: some seconds of a full load, months of a quiet street; replayed in a fraction of a second.
constexpr uint64_t kSnapshotEvery = 50'000;

struct ServerOptions {
  store::DataFolder data;
  std::filesystem::path packs;   // empty: no rules
  std::filesystem::path shadow;  // empty: no pack in shadow
  size_t workers = 1;
  std::unique_ptr<Clock> clock;
  Playbook playbook = Playbook::defaults();
  uint64_t snapshot_every = kSnapshotEvery;  // events; 0: no snapshots
  std::function<void(const Error&)>
      on_failed;  // the store failed: take no more, tell everybody, go. Committer's thread
};

class Server final : public feed::Ingress, public api::Backend {
 public:
  // Recovers the folder from its newest snapshot and starts the threads. Errors: the store's, the replay's, the packs'.
  static Result<std::unique_ptr<Server>> open(ServerOptions options, prometheus::Registry& registry);
  // Applies and commits what it has taken. Sockets must be gone before.
  ~Server() override;

  struct Recovered {
    uint64_t snapshot = 0;  // the block that it began with; 0: the journal's begin
    uint64_t events = 0;    // replayed after it
    uint64_t signals = 0;
    double seconds = 0;
    size_t rules = 0;
    std::vector<std::string> passed_over;  // snapshots that were no good, and why
  };
  const Recovered& recovered() const { return recovered_; }

  // Ends a backup under way, and answers whoever asked for it: call it while the sockets are there.
  void end_backup() {
    stopping_ = true;
    backup_.finish();
  }

  // feed::Ingress
  void open(std::string feed, std::string stream, std::shared_ptr<feed::StreamSink> sink) override;
  void close(const feed::StreamBinding& binding) override;
  bool submit(std::unique_ptr<feed::Batch> batch) override;
  std::unique_ptr<feed::Batch> take_batch() override;
  Instant now() const override { return clock_->now(); }

  // api::Backend
  void command(Command command, api::Reply reply) override;
  void account(EventBody change, api::Reply reply) override;
  void packs(api::PackRequest request, api::Reply reply) override;
  void backup(std::string to, api::Reply reply) override;
  std::shared_ptr<const accounts::Directory> directory() const override;
  Result<std::unique_ptr<store::Reader>> reader() const override;
  bool manual_clock() const override { return clock_->manual(); }
  feed::Ingress& ingress() override { return *this; }
  std::vector<std::string> not_ready() const override;
  std::vector<std::pair<uint32_t, uint32_t>> spans(const std::string& rule_id, const std::string& text) const override;

 private:
  Server(ServerOptions options, PackSource packs, OpenFolder folder, prometheus::Registry& registry);

  Sequencer::Hooks sequencer_hooks();
  Result<void> begin(size_t workers, SharedPacks packs, const SharedPacks& shadow);

  // The engine thread (server_engine.cc).
  void run();
  void begin_journal(const CompiledPacks& packs, const std::string& folder_hash);
  void serve_item(Inbox::Item item);
  std::optional<std::chrono::steady_clock::time_point> wait_until() const;
  void apply_batch(MatchedBatch matched);
  void flush();
  void publish_directory(std::shared_ptr<const accounts::Directory> directory);
  Result<std::string> first_reply(UserId user, const std::string& key);
  const Engine& engine() const { return sequencer_.engine(); }

  // server_backup.cc, in the background
  Result<store::BackupReport> copy_folder(const std::filesystem::path& to);

  // server_packs.cc
  using Retired = std::shared_ptr<const LiveProgram>;  // what went, to be freed where it holds nobody up
  void in_background(const api::Reply& reply, std::function<Retired()> work);
  Retired reload(const api::Reply& reply);  // in the background, as the next three
  Retired preview_packs(const api::Reply& reply);
  Retired return_to(const LivePack& target, const api::Reply& reply);
  Retired begin_shadow(const api::Reply& reply);
  void roll_back(const api::Reply& reply);  // on the engine thread, as the rest
  void go_live(const SharedPacks& packs, const std::string& folder_hash, const api::Reply& reply);
  void set_shadow(const SharedPacks& packs);
  void publish(PackVersion version, const SharedPacks& packs);
  std::string shadow_report() const;

  const PackSource packs_;
  const std::function<void(const Error&)> on_failed_;
  const std::unique_ptr<Clock> clock_;
  std::unique_ptr<store::SqliteStore> store_;
  std::unique_ptr<store::Reader> replies_;  // the committer's thread: replies of repeated commands
  Recovered recovered_;
  ServerMetrics metrics_;
  FollowerMetrics follower_metrics_;

  const std::filesystem::path data_;
  const uint64_t snapshot_every_;

  Sequencer sequencer_;
  std::unique_ptr<Shadow> shadow_;
  uint64_t shadows_ = 0;  // begun

  mutable std::mutex shared_mutex_;  // guards these three
  std::shared_ptr<const accounts::Directory> directory_;
  std::vector<std::unique_ptr<feed::Batch>> pool_;
  std::string failure_;

  OneJob packs_job_;
  OneJob backup_;
  std::atomic<bool> stopping_{false};

  Inbox inbox_;
  std::unique_ptr<MatchWorkers> workers_;
  std::unique_ptr<Follower> follower_;
  std::unique_ptr<Committer> committer_;
  std::thread engine_thread_;
};

}  // namespace quanzu::runtime
