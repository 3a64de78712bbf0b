#include "simulator/faults/machine.h"

#include <algorithm>

#include "adapters/store/recovery.h"

namespace quanzu::simulator {
namespace {

constexpr std::chrono::hours kStill(24 * 365);  // the pace of threads that are not to move by themselves
constexpr uint64_t kMarkEvery = 7;              // events

}  // namespace

Result<std::unique_ptr<Machine>> Machine::start(const Settings& settings, Disk& disk, const FaultPacks& packs,
                                                runtime::SystemTime time, StateAfter& states, Judge& judge) {
  std::unique_ptr<Machine> machine(new Machine(settings, packs, std::move(time), states, judge));
  if (Result<void> recovered = machine->recover(disk); !recovered) return Failure(recovered.error());
  machine->begin();
  return machine;
}

Machine::Machine(const Settings& settings, const FaultPacks& packs, runtime::SystemTime time, StateAfter& states,
                 Judge& judge)
    : settings_(settings),
      packs_(packs),
      states_(states),
      judge_(judge),
      clock_(runtime::make_real_clock(std::move(time))),
      metrics_(registry_),
      follower_metrics_(registry_),
      environment_{*this, [this] { return directory_; }, feed::Limits(), metrics_},
      inbox_(settings.inbox_bytes) {}

Machine::~Machine() {
  follower_.reset();
  for (const std::shared_ptr<Link>& link : links_) link->cut();
  for (const std::weak_ptr<feed::Session>& each : sessions_) {  // one that has a stream holds itself
    if (const auto session = each.lock()) session->stop("");
  }
  poll();
  committing_.reset();  // they hold sessions, which need what is declared after them
  sequencer_.reset();
}

Result<void> Machine::recover(Disk& disk) {
  store::SqliteOptions options;
  options.vfs = disk.vfs();
  options.checkpoints.pace = kStill;
  options.checkpoints.warn = [](const std::string&) {};
  Result<std::unique_ptr<store::SqliteStore>> opened = store::SqliteStore::open(settings_.data, std::move(options));
  if (!opened) return Failure(opened.error());
  store_ = std::move(*opened);
  Result<std::unique_ptr<store::Reader>> reader = store_->reader();
  Result<std::unique_ptr<store::Reader>> events = store_->reader();
  if (!reader || !events) return Failure(reader ? events.error() : reader.error());
  replies_ = std::move(*reader);
  Result<store::Recovery> recovery = store::recover(*replies_, settings_.data, Playbook::defaults());
  if (!recovery) return Failure(recovery.error());
  const Engine& engine = recovery->pipeline.engine();
  clock_->not_before(engine.now());
  const auto state = states_.find(engine.last_sequence());
  if (engine.last_sequence().value() != 0 && (state == states_.end() || state->second != recovery->pipeline.digest())) {
    judge_.wrong("recovery comes to another state after sequence " + std::to_string(engine.last_sequence().value()) +
                 " than the server that wrote it had");
  }
  runtime::Sequencer::Hooks hooks;
  hooks.first_reply = [this](UserId user, const std::string& key) -> Result<std::string> {
    const Result<std::optional<store::Row>> row =
        replies_->get(store::Table::kReplies, {static_cast<int64_t>(user.value()), key});
    if (!row) return Failure(row.error());
    if (!*row) return fail(Code::kInternal, "the first reply is gone");
    return std::get<std::string>((*row)->values.back());
  };
  hooks.accounts = [this](auto directory) { directory_ = std::move(directory); };
  sequencer_ =
      std::make_unique<runtime::Sequencer>(std::move(recovery->pipeline), *clock_, kMarkEvery, std::move(hooks));
  runtime::Follower::Settings following{settings_.data, &store_->snapshot_encryptor(), Playbook::defaults(),
                                        settings_.snapshot_every, kStill};
  follower_ = std::make_unique<runtime::Follower>(std::move(*events), std::move(following), follower_metrics_);
  follower_->committed(store_->last_block());
  return {};
}

void Machine::begin() {
  if (engine().last_sequence().value() == 0) {
    sequencer_->begin(Genesis{"faults-" + std::to_string(settings_.genesis), {settings_.genesis, 2}});
    for (const User& user : settings_.users) sequencer_->apply_account(UserAdded{user}, [](Result<std::string>) {});
  }
  directory_ = std::make_shared<accounts::Directory>(accounts::directory_of(engine()));
  const LivePack* live = engine().find_pack(engine().live_pack());
  for (size_t n = 0; n < kFaultPacks && live != nullptr; ++n) {
    if (packs_[n]->hash() == live->hash) pack_ = n;
  }
  go_live(pack_);
}

void Machine::go_live(size_t pack) {
  pack_ = pack;
  inbox_.put(runtime::Order([this, pack] {
    sequencer_->take_up(*packs_[pack], packs_[pack]->hash());
    live_ = std::make_shared<runtime::LiveProgram>(runtime::LiveProgram{engine().live_pack(), packs_[pack], {}, 0, {}});
  }));
}

// ---- feed::Ingress

void Machine::open(std::string feed, std::string stream, std::shared_ptr<feed::StreamSink> sink) {
  inbox_.put(runtime::Order([this, feed = std::move(feed), stream = std::move(stream), sink = std::move(sink)] {
    sequencer_->open_stream(feed, stream, sink);
  }));
}

void Machine::close(const feed::StreamBinding& binding) {
  inbox_.put(runtime::Order([this, binding] { sequencer_->close_stream(binding); }));
}

bool Machine::submit(std::unique_ptr<feed::Batch> batch) {
  ++unmatched_;
  return inbox_.put(std::move(batch));
}

void Machine::command(Command command, api::Reply reply) {
  inbox_.put(runtime::Order(
      [this, command = std::move(command), reply = std::move(reply)] { sequencer_->apply_command(command, reply); }));
}

// ---- what moves

void Machine::begin_match() {
  if (unmatched_ == 0 || live_ == nullptr || tickets_.size() == settings_.most_matching) return;
  --unmatched_;
  tickets_.push_back(*inbox_.to_match());
  runtime::match_batch(scratch_, *live_, *tickets_.back().batch);
}

void Machine::end_match(size_t which) {
  if (which >= tickets_.size()) return;
  inbox_.matched(tickets_[which].number);
  tickets_.erase(tickets_.begin() + static_cast<ptrdiff_t>(which));
}

void Machine::serve() {
  const bool slow = store_->wal_bytes() > store::kSlowWalBytes;
  runtime::Inbox::Item item = inbox_.take(std::chrono::steady_clock::time_point(), !slow);
  sequencer_->tick();
  if (const auto* order = std::get_if<runtime::Order>(&item)) (*order)();
  if (auto* matched = std::get_if<runtime::MatchedBatch>(&item)) sequencer_->apply_batch(*matched->batch);
}

void Machine::close_block() {
  if (committing_ != nullptr || sequencer_->block().empty()) return;
  committing_ = sequencer_->finish(std::make_unique<runtime::PendingBlock>());
  states_[engine().last_sequence()] = pipeline().digest();
}

void Machine::commit() {
  if (committing_ == nullptr) return;
  runtime::CommitHooks hooks;
  hooks.failed = [](const Error&) {};
  hooks.committed = [this](double, const store::Block&) { follower_->committed(store_->last_block()); };
  runtime::commit_and_tell(*store_, *committing_, state_, hooks);
  committing_.reset();
}

void Machine::follow() {
  const Result<void> followed = follower_->round();
  if (!followed && followed.error().code != Code::kUnavailable) {
    judge_.wrong("the follower came to another state: " + followed.error().message);
  }
}

void Machine::poll() {
  io_.restart();
  io_.poll();
}

bool Machine::busy() const {
  return unmatched_ > 0 || !tickets_.empty() || inbox_.bytes() > 0 || committing_ != nullptr ||
         !sequencer_->block().empty();
}

// ---- the network

std::shared_ptr<Link> Machine::connect() {
  const auto link = std::make_shared<Link>(io_);
  links_.push_back(link);
  const auto session = std::make_shared<feed::Session>(link->server_end(), environment_, [] {});
  std::erase_if(sessions_, [](const std::weak_ptr<feed::Session>& each) { return each.expired(); });
  sessions_.push_back(session);
  session->start();
  return link;
}

void Machine::pass_time(Duration now) {
  for (const std::shared_ptr<Link>& link : links_) link->pass_time(now);
}

void Machine::deliver(Random& random, size_t most) {
  std::erase_if(links_, [](const std::shared_ptr<Link>& link) { return link->closed(); });
  for (const std::shared_ptr<Link>& link : links_) {
    if (random.chance(600)) link->deliver_to_server(1 + random.below(most));
    if (random.chance(600)) link->deliver_to_client(1 + random.below(most));
  }
}

}  // namespace quanzu::simulator
