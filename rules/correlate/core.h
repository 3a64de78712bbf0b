// Correlation itself, over events of any schema: which rules held, when, and what their fields say. Takes events in the
// order of their sequence, moves its watermarks when told to, and says which correlations raise an alert. Pure and
// deterministic: no clock, hash keys given. Used by Correlator (signals of a server) and OfflineCorrelator (files).
// Owned by its adapter; one thread.
#pragma once
#include "rules/correlate/lane.h"
#include "rules/correlate/reading.h"
#include "rules/correlate/state.h"

namespace quanzu::rules {

struct Conclusion {
  uint32_t correlation = 0;
  Ms at = 0;
  std::optional<uint64_t> sequence;  // of the event that raised it; none where a window closed
  std::string key;                   // see split_key
};

class Core {
 public:
  enum class Mode : uint8_t { kAsWritten, kArrival };  // kArrival: whatever the rules say

  Core(Definitions definitions, std::array<uint64_t, 2> hash_key, Mode mode, size_t max_groups = kMaxGroups);

  Mode mode() const { return mode_; }
  const Definitions& definitions() const { return definitions_; }
  std::span<const Role> roles_of(RuleIndex rule) const { return roles_[rule]; }

  // An event and the roles that its rules play, in ascending order. Sequences ascend.
  void add(Ms at, uint64_t sequence, std::span<const Role> roles, const Fields& fields, std::vector<Conclusion>& out);
  // The same in two steps: what was posted is read at once and taken by flush(), while its groups come into the cache.
  void post(Ms at, uint64_t sequence, std::span<const Role> roles, const Fields& fields);
  void flush(std::vector<Conclusion>& out);

  // `greatest`: the greatest time that was seen. Takes what the watermarks have reached; they never go back.
  void advance(Ms greatest, std::vector<Conclusion>& out);
  // As advance(), but only where windows decide at their close: what is decided at events waits for nobody.
  void advance_closing(Ms greatest, std::vector<Conclusion>& out);
  // With which `greatest` the next window closes; kForever where none will. May be early, never late.
  Ms closes_with() const;
  // Up to here no event is waited for: the least watermark.
  Ms reached() const;

  // Other definitions from now on. A correlation of the same identity keeps its windows; `was` is in the old order.
  void replace(Definitions definitions);

  CorrelationCounters counters(size_t correlation) const { return states_[correlation]->counters(); }
  void digest(SipHash& hash) const;

  // All of it as bytes, definitions too: what goes on from there concludes as if it had never stopped.
  void write(StateWriter& out) const;
  // Errors: kInternal, for bytes of another release or of no snapshot.
  static Result<Core> read(StateReader& in);

 private:
  struct Alerted {  // an alert on its way to the correlations that refer to it
    uint32_t correlation = 0;
    Ms at = 0;
    uint64_t order = 0;
    std::string key;
  };

  void set_up();
  std::vector<bool> closing_chains() const;
  size_t lane_of(const Definition& definition, bool closes);
  void read(Ms at, uint64_t order, std::span<const Role> roles, const Fields& fields, Reading& into);
  void route(const Touch& touch, std::vector<Conclusion>& out);
  void take(const Touch& touch, std::vector<Conclusion>& out);
  void spread(std::vector<Conclusion>& out);
  void run(Lane& lane, Ms watermark, std::vector<Conclusion>& out);
  void take_waiting(Lane& lane, std::vector<Conclusion>& out);
  void close_next(Lane& lane, std::vector<Conclusion>& out);
  void raise(uint32_t correlation, Ms at, uint64_t order, std::string_view key, std::vector<Conclusion>& out);

  Definitions definitions_;
  std::array<uint64_t, 2> hash_key_;
  Mode mode_;
  size_t max_groups_;
  std::vector<std::vector<Role>> roles_;  // per rule
  std::vector<std::unique_ptr<CorrelationState>> states_;
  std::vector<Lane> lanes_;
  Ms greatest_ = kNoTime;
  uint64_t closes_ = 0;

  Reading posted_;
  Reading chained_;              // scratch of spread()
  std::vector<Alerted> alerts_;  // empty between events
  uint64_t sub_ = 0;             // how many things the event at hand has raised
};

}  // namespace quanzu::rules
