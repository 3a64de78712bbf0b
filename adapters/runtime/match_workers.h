// The match workers: threads that take batches from the inbox and note which rules hold for each signal. Stateless but for
// their scanners, at lower priority than everybody else, so that matching never delays an operator. publish() is the engine
// thread's: a batch names the pack that matched it, and is applied under that one.
#pragma once
#include <atomic>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "adapters/runtime/inbox.h"
#include "adapters/runtime/pack_preview.h"
#include "rules/match/explain.h"

namespace quanzu::runtime {

// A pack that went live. Kept by each batch's worker as long as it scans with it.
struct LiveProgram {
  PackVersion version;
  SharedPacks packs;
  std::shared_ptr<rules::Highlighter> highlighter;  // for whoever reads a case
  uint64_t shadow_number = 0;                       // of the pack in shadow, if there is one
  SharedPacks shadow;
};
std::shared_ptr<const LiveProgram> make_live(PackVersion version, SharedPacks packs, uint64_t shadow_number = 0,
                                             SharedPacks shadow = nullptr);

// Which rules hold for each of the signals. One thread's.
void match_all(rules::Scanner& scanner, const rules::Program& program, std::span<const Signal> signals,
               feed::Matches& out);

// A worker's scratch: a scanner for each pack.
struct MatchScratch {
  rules::Scanner live;
  rules::Scanner shadow;
};
// All that a worker does to a batch: which rules of the live pack hold for its signals, and of the pack in shadow.
void match_batch(MatchScratch& scratch, const LiveProgram& live, feed::Batch& batch);

class MatchWorkers {
 public:
  MatchWorkers(Inbox& inbox, size_t count, std::shared_ptr<const LiveProgram> live);
  ~MatchWorkers();  // after Inbox::close()

  void publish(std::shared_ptr<const LiveProgram> live);
  std::shared_ptr<const LiveProgram> live() const;
  std::vector<TextSample::Text> sample() const { return sample_.texts(); }

 private:
  void run();

  Inbox& inbox_;
  mutable std::mutex mutex_;
  std::shared_ptr<const LiveProgram> live_;
  TextSample sample_;
  std::vector<std::thread> threads_;
};

}  // namespace quanzu::runtime
