#include "adapters/runtime/match_workers.h"

#include "adapters/runtime/thread.h"

namespace quanzu::runtime {
namespace {

constexpr int kNice = 5;

// A signal does not say by itself who brought it.
void name_feed(feed::Batch& batch) {
  for (size_t i = 0; i < batch.accepted; ++i) batch.signals[i].feed = batch.binding.feed;
}

}  // namespace

void match_all(rules::Scanner& scanner, const rules::Program& program, std::span<const Signal> signals,
               feed::Matches& out) {
  out.clear();
  for (const Signal& signal : signals) {
    out.begin.push_back(static_cast<uint32_t>(out.rules.size()));
    scanner.scan(program, signal, out.rules);
  }
  out.begin.push_back(static_cast<uint32_t>(out.rules.size()));
}

std::shared_ptr<const LiveProgram> make_live(PackVersion version, SharedPacks packs, uint64_t shadow_number,
                                             SharedPacks shadow) {
  auto highlighter = std::make_shared<rules::Highlighter>(packs->program);
  return std::make_shared<LiveProgram>(
      LiveProgram{version, std::move(packs), std::move(highlighter), shadow_number, std::move(shadow)});
}

MatchWorkers::MatchWorkers(Inbox& inbox, size_t count, std::shared_ptr<const LiveProgram> live)
    : inbox_(inbox), live_(std::move(live)) {
  for (size_t i = 0; i < count; ++i) threads_.emplace_back([this] { run(); });
}

MatchWorkers::~MatchWorkers() {
  for (std::thread& thread : threads_) thread.join();
}

void MatchWorkers::publish(std::shared_ptr<const LiveProgram> live) {
  const std::scoped_lock lock(mutex_);
  live_ = std::move(live);
}

std::shared_ptr<const LiveProgram> MatchWorkers::live() const {
  const std::scoped_lock lock(mutex_);
  return live_;
}

void match_batch(MatchScratch& scratch, const LiveProgram& live, feed::Batch& batch) {
  batch.pack = live.version;
  name_feed(batch);
  match_all(scratch.live, *live.packs->program, batch.taken(), batch.matches);
  batch.shadow_number = live.shadow_number;
  if (live.shadow != nullptr) match_all(scratch.shadow, *live.shadow->program, batch.taken(), batch.shadow);
}

void MatchWorkers::run() {
  begin_thread("match", kNice);
  MatchScratch scratch;
  while (const std::optional<Inbox::Ticket> ticket = inbox_.to_match()) {
    feed::Batch& batch = *ticket->batch;
    match_batch(scratch, *live(), batch);
    if (batch.accepted > 0) sample_.offer(batch.signals[batch.first_seq % batch.accepted]);
    inbox_.matched(ticket->number);
  }
}

}  // namespace quanzu::runtime
