#include "adapters/runtime/server.h"

namespace quanzu::runtime {
namespace {

// Events from mark to mark; a snapshot is only made at one.
uint64_t mark_every(uint64_t snapshot_every) {
  constexpr uint64_t kMarkEvery = 1000;
  return snapshot_every == 0 ? kMarkEvery : std::min(kMarkEvery, snapshot_every);
}

}  // namespace

Result<std::unique_ptr<Server>> Server::open(ServerOptions options, prometheus::Registry& registry) {
  // First what fails without touching a folder that isn't there yet.
  PackSource packs(options.packs, options.shadow, options.data.path());
  const bool known = std::filesystem::is_directory(options.data.path());
  if (known) {
    if (Result<void> cache = packs.open_cache(); !cache) return Failure(cache.error());
  }
  Result<SharedPacks> compiled = packs.compile(options.clock->now());
  if (!compiled) return Failure(compiled.error());
  Result<SharedPacks> shadow = packs.compile_shadow(options.clock->now());
  if (!shadow) return Failure(shadow.error());
  const auto began = std::chrono::steady_clock::now();
  Result<OpenFolder> folder = open_folder(options.data, options.playbook);
  if (!folder) return Failure(folder.error());
  if (!known) {
    if (Result<void> cache = packs.open_cache(); !cache) return Failure(cache.error());
  }
  options.clock->not_before(folder->recovery.pipeline.engine().now());
  Recovered recovered;
  recovered.snapshot = folder->recovery.snapshot;
  recovered.events = folder->recovery.replayed.events;
  recovered.signals = folder->recovery.replayed.signals;
  recovered.passed_over = folder->recovery.passed_over;
  recovered.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  recovered.rules = (*compiled)->program->rules().size();
  const size_t workers = options.workers;
  std::unique_ptr<Server> server(new Server(std::move(options), std::move(packs), std::move(*folder), registry));
  server->follower_metrics_.passed_over(recovered.passed_over.size());
  server->recovered_ = std::move(recovered);
  Result<void> begun = server->begin(workers, *compiled, *shadow);
  if (!begun) return Failure(begun.error());
  return server;
}

// With what the packs' folder holds, and the packs in shadow or null.
Result<void> Server::begin(size_t workers, SharedPacks packs, const SharedPacks& shadow) {
  Result<std::unique_ptr<store::Reader>> replies = store_->reader();
  if (!replies) return Failure(replies.error());
  replies_ = std::move(*replies);
  if (Result<void> kept = packs_.keep(*packs); !kept) return Failure(kept.error());
  const std::string folder_hash = packs->hash();
  Result<SharedPacks> first = packs_.begin_with(engine(), std::move(packs), clock_->now());
  if (!first) return Failure(first.error());
  begin_journal(**first, folder_hash);
  workers_ = std::make_unique<MatchWorkers>(inbox_, workers, make_live(engine().live_pack(), *first));
  if (shadow != nullptr) set_shadow(shadow);
  if (snapshot_every_ > 0) {
    Result<std::unique_ptr<store::Reader>> events = store_->reader();
    if (!events) return Failure(events.error());
    Follower::Settings settings{data_, &store_->snapshot_encryptor(), engine().playbook(), snapshot_every_};
    follower_ = std::make_unique<Follower>(std::move(*events), std::move(settings), follower_metrics_);
    follower_->committed(store_->last_block());
  }
  engine_thread_ = std::thread([this] { run(); });
  return {};
}

Sequencer::Hooks Server::sequencer_hooks() {
  Sequencer::Hooks hooks;
  hooks.first_reply = [this](UserId user, const std::string& key) { return first_reply(user, key); };
  hooks.accounts = [this](auto directory) { publish_directory(std::move(directory)); };
  return hooks;
}

Server::Server(ServerOptions options, PackSource packs, OpenFolder folder, prometheus::Registry& registry)
    : packs_(std::move(packs)),
      on_failed_(std::move(options.on_failed)),
      clock_(std::move(options.clock)),
      store_(std::move(folder.store)),
      metrics_(registry),
      follower_metrics_(registry),
      data_(options.data.path()),
      snapshot_every_(options.snapshot_every),
      sequencer_(std::move(folder.recovery.pipeline), *clock_, mark_every(snapshot_every_), sequencer_hooks()) {
  Committer::Hooks hooks;
  hooks.idle = [this] { inbox_.wake(); };
  hooks.committed = [this](double seconds, const store::Block& block) {
    metrics_.committed(seconds, block.signals);
    if (follower_ != nullptr) follower_->committed(store_->last_block());
  };
  hooks.failed = [this](const Error& error) {
    {
      const std::scoped_lock lock(shared_mutex_);
      failure_ = error.message;
    }
    if (on_failed_) on_failed_(error);
  };
  committer_ = std::make_unique<Committer>(*store_, std::move(hooks));
}

Server::~Server() {
  end_backup();
  packs_job_.finish();
  inbox_.close();
  workers_.reset();
  if (engine_thread_.joinable()) engine_thread_.join();
  committer_.reset();
  follower_.reset();
}

void Server::open(std::string feed, std::string stream, std::shared_ptr<feed::StreamSink> sink) {
  inbox_.put(Order([this, feed = std::move(feed), stream = std::move(stream), sink = std::move(sink)] {
    sequencer_.open_stream(feed, stream, sink);
  }));
}

void Server::close(const feed::StreamBinding& binding) {
  inbox_.put(Order([this, binding] { sequencer_.close_stream(binding); }));
}

bool Server::submit(std::unique_ptr<feed::Batch> batch) {
  return inbox_.put(std::move(batch));
}

std::unique_ptr<feed::Batch> Server::take_batch() {
  const std::scoped_lock lock(shared_mutex_);
  if (pool_.empty()) return std::make_unique<feed::Batch>();
  std::unique_ptr<feed::Batch> batch = std::move(pool_.back());
  pool_.pop_back();
  return batch;
}

void Server::command(Command command, api::Reply reply) {
  inbox_.put(Order(
      [this, command = std::move(command), reply = std::move(reply)] { sequencer_.apply_command(command, reply); }));
}

void Server::account(EventBody change, api::Reply reply) {
  if (const auto* added = std::get_if<UserAdded>(&change)) {
    if (const Result<void> sound = accounts::check_account_name(added->user.name); !sound) {
      return reply(Failure(sound.error()));
    }
  }
  inbox_.put(
      Order([this, change = std::move(change), reply = std::move(reply)] { sequencer_.apply_account(change, reply); }));
}

std::shared_ptr<const accounts::Directory> Server::directory() const {
  const std::scoped_lock lock(shared_mutex_);
  return directory_;
}

Result<std::unique_ptr<store::Reader>> Server::reader() const {
  return store_->reader();
}

std::vector<std::string> Server::not_ready() const {
  const std::scoped_lock lock(shared_mutex_);
  if (failure_.empty()) return {};
  return {"the store takes no writes: " + failure_};
}

std::vector<std::pair<uint32_t, uint32_t>> Server::spans(const std::string& rule_id, const std::string& text) const {
  return workers_->live()->highlighter->spans(rule_id, text);
}

}  // namespace quanzu::runtime
