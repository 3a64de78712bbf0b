// Reloading packs: compiled in a thread of its own while everything goes on, then an event, then a pointer swap between two
// batches.
#include "adapters/runtime/packs.h"
#include "adapters/runtime/server.h"

namespace quanzu::runtime {

void Server::reload_packs(api::Reply reply) {
  const std::scoped_lock lock(reload_mutex_);
  if (reloading_) {
    return reply(fail(Code::kAborted, "packs are being reloaded already: wait for it, then reload again"));
  }
  if (packs_.empty()) {
    return reply(fail(Code::kFailedPrecondition, "the server was started without --packs: there is nothing to reload"));
  }
  if (reloader_.joinable()) reloader_.join();
  reloading_ = true;
  reloader_ = std::thread([this, reply = std::move(reply)] { compile_in_background(reply); });
}

void Server::compile_in_background(const api::Reply& reply) {
  Result<std::shared_ptr<const rules::Program>> program = compile_packs(packs_);
  if (program) {
    inbox_.put(Order([this, program = *program, reply] { go_live(program, reply); }));
  } else {
    reply(Failure(program.error()));  // the live pack goes on
  }
  const std::scoped_lock lock(reload_mutex_);
  reloading_ = false;
}

// A pack that is live already is not journaled again, neither at a restart nor at a reload.
bool Server::take_up(const rules::Program& program) {
  const Engine& engine = pipeline_.engine();
  const LivePack* live = engine.find_pack(engine.live_pack());
  if (live != nullptr && live->hash == program.hash()) return false;
  const PackVersion next(engine.live_pack().value() + 1);
  ENSURE(apply(pack_live(next, program)).has_value(), "a pack goes live");
  return true;
}

void Server::go_live(const std::shared_ptr<const rules::Program>& program, const api::Reply& reply) {
  const Engine& engine = pipeline_.engine();
  const bool changed = take_up(*program);
  if (changed) workers_->publish(make_live(engine.live_pack(), program));
  tell(reply, "{\"version\":" + std::to_string(engine.live_pack().value()) + ",\"rules\":" +
                  std::to_string(program->rules().size()) + ",\"changed\":" + (changed ? "true" : "false") + "}");
}

}  // namespace quanzu::runtime
