#include "adapters/runtime/match_workers.h"

#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace quanzu::runtime {
namespace {

// Nice values are a thread's own on Linux.
constexpr int kNice = 5;

}  // namespace

std::shared_ptr<const LiveProgram> make_live(PackVersion version, std::shared_ptr<const rules::Program> program) {
  auto highlighter = std::make_shared<rules::Highlighter>(program);
  return std::make_shared<LiveProgram>(LiveProgram{version, std::move(program), std::move(highlighter)});
}

void match_batch(rules::Scanner& scanner, const LiveProgram& live, feed::Batch& batch) {
  batch.pack = live.version;
  batch.matched.clear();
  batch.begin.clear();
  for (size_t i = 0; i < batch.accepted; ++i) {
    batch.begin.push_back(static_cast<uint32_t>(batch.matched.size()));
    scanner.scan(*live.program, batch.signals[i], batch.matched);
  }
  batch.begin.push_back(static_cast<uint32_t>(batch.matched.size()));
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

void MatchWorkers::run() {
  pthread_setname_np(pthread_self(), "match");
  setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), kNice);
  rules::Scanner scanner;
  while (const std::optional<Inbox::Ticket> ticket = inbox_.to_match()) {
    match_batch(scanner, *live(), *ticket->batch);
    inbox_.matched(ticket->number);
  }
}

}  // namespace quanzu::runtime
