// Going over to other packs: what is slow (reading, compiling) in a thread of its own while everything goes on, then an event,
// then a pointer swap between two batches. One at a time.
#include "adapters/runtime/pack_preview.h"
#include "adapters/runtime/server.h"
#include "adapters/runtime/thread.h"

namespace quanzu::runtime {
namespace {

constexpr int kNice = 10;  // a tenth of a busy core: signals wait for milliseconds, packs for seconds
constexpr std::chrono::milliseconds kFreeEvery{2};
constexpr int kFreeTries = 500;

// Ten thousand rules take long to free: here, not in the worker that lets go of them last.
void free_when_unused(std::shared_ptr<const LiveProgram> program) {
  for (int i = 0; i < kFreeTries && program.use_count() > 1; ++i) std::this_thread::sleep_for(kFreeEvery);
}

}  // namespace

void Server::packs(api::PackRequest request, api::Reply reply) {
  using api::PackRequest;
  const bool needs_folder = request == PackRequest::kReload || request == PackRequest::kPreview;
  if (needs_folder && !packs_.has_packs()) {
    return reply(fail(Code::kFailedPrecondition, "the server was started without --packs: it has no folder to read"));
  }
  if (request == PackRequest::kShadowOn && !packs_.has_shadow()) {
    return reply(fail(Code::kFailedPrecondition, "the server was started without --shadow: it has no folder to read"));
  }
  switch (request) {
    case PackRequest::kReload:
      return in_background(reply, [this, reply] { return reload(reply); });
    case PackRequest::kPreview:
      return in_background(reply, [this, reply] { return preview_packs(reply); });
    case PackRequest::kShadowOn:
      return in_background(reply, [this, reply] { return begin_shadow(reply); });
    case PackRequest::kRollback:
      return inbox_.put(Order([this, reply] { roll_back(reply); }));
    case PackRequest::kShadowOff:
      return inbox_.put(Order([this, reply] {
        std::string last = shadow_report();
        set_shadow(nullptr);
        reply(std::move(last));
      }));
    case PackRequest::kShadowReport:
      return inbox_.put(Order([this, reply] { reply(shadow_report()); }));
  }
}

void Server::in_background(const api::Reply& reply, std::function<Retired()> work) {
  const auto retired = std::make_shared<Retired>();
  const auto run = [retired, work = std::move(work)] {
    begin_thread("packs", kNice);
    *retired = work();
  };
  if (packs_job_.start(run, [retired] { free_when_unused(std::move(*retired)); })) return;
  reply(fail(Code::kAborted, "packs are being read already: wait for that to end, then ask again"));
}

// Where it fails the live pack goes on.
Server::Retired Server::reload(const api::Reply& reply) {
  const Result<SharedPacks> packs = packs_.compile(clock_->now());
  if (!packs) return reply(Failure(packs.error())), nullptr;
  const Result<void> kept = packs_.keep(**packs);
  if (!kept) return reply(Failure(kept.error())), nullptr;
  Retired before = workers_->live();
  inbox_.put(Order([this, packs = *packs, reply] { go_live(packs, packs->hash(), reply); }));
  return before;
}

Server::Retired Server::preview_packs(const api::Reply& reply) {
  const auto began = std::chrono::steady_clock::now();
  const Result<SharedPacks> next = packs_.compile(clock_->now());
  if (!next) return reply(Failure(next.error())), nullptr;
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  reply(preview(*workers_->live()->packs, **next, took.count(), workers_->sample()));
  return nullptr;
}

// To the pack that was live before this one.
void Server::roll_back(const api::Reply& reply) {
  const Engine& engine = this->engine();
  const LivePack* live = engine.find_pack(engine.live_pack());
  const LivePack* target = nullptr;
  for (uint32_t version = engine.live_pack().value(); version > 1 && target == nullptr; --version) {
    const LivePack* earlier = engine.find_pack(PackVersion(version - 1));
    if (earlier->hash != live->hash) target = earlier;
  }
  if (target == nullptr) {
    return reply(fail(Code::kFailedPrecondition, "no other pack was live before this one"));
  }
  in_background(reply, [this, target = *target, reply] { return return_to(target, reply); });
}

Server::Retired Server::return_to(const LivePack& target, const api::Reply& reply) {
  const Result<SharedPacks> packs = packs_.compile_kept(target, clock_->now());
  if (!packs) return reply(Failure(packs.error())), nullptr;
  Retired before = workers_->live();
  inbox_.put(Order([this, packs = *packs, reply] {
    const std::string folder_hash = engine().find_pack(engine().live_pack())->folder_hash;
    go_live(packs, folder_hash, reply);
  }));
  return before;
}

void Server::go_live(const SharedPacks& packs, const std::string& folder_hash, const api::Reply& reply) {
  const PackVersion version = engine().live_pack();
  const bool changed = sequencer_.take_up(*packs, folder_hash);
  const PackVersion now = engine().live_pack();
  publish(now, packs);  // unchanged files may say less today: entries of lists end
  sequencer_.tell(reply, "{\"version\":" + std::to_string(now.value()) +
                             ",\"before\":" + std::to_string(version.value()) +
                             ",\"rules\":" + std::to_string(packs->program->rules().size()) +
                             ",\"changed\":" + (changed ? "true" : "false") + "}");
}

Server::Retired Server::begin_shadow(const api::Reply& reply) {
  const Result<SharedPacks> packs = packs_.compile_shadow(clock_->now());
  if (!packs) return reply(Failure(packs.error())), nullptr;
  inbox_.put(Order([this, packs = *packs, reply] {
    set_shadow(packs);
    reply(shadow_report());
  }));
  return nullptr;
}

void Server::set_shadow(const SharedPacks& packs) {
  shadow_ = packs == nullptr ? nullptr : std::make_unique<Shadow>(++shadows_, packs, clock_->now());
  const std::shared_ptr<const LiveProgram> live = workers_->live();
  publish(live->version, live->packs);
}

// What workers match with from their next batch on.
void Server::publish(PackVersion version, const SharedPacks& packs) {
  workers_->publish(make_live(version, packs, shadow_ == nullptr ? 0 : shadow_->number(),
                              shadow_ == nullptr ? nullptr : shadow_->packs()));
}

std::string Server::shadow_report() const {
  return shadow_ == nullptr ? std::string("{\"on\":false}") : shadow_->report();
}

}  // namespace quanzu::runtime
