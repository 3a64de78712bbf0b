// Correlation over a file of events of any schema, as `quanzu rules match` tells it: one line an event in the order of the
// input, with the alerts that it raised, and lines of their own for what closing windows decided. An event's line waits
// until every correlation has taken it. One thread.
#pragma once
#include <deque>

#include "rules/correlate/core.h"

namespace quanzu::rules {

// An event's fields by the names that rules use. Null, arrays and objects are as missing; a number is its shortest
// decimal, a boolean true or false.
class NamedFields {
 public:
  virtual ~NamedFields() = default;
  virtual std::optional<std::string_view> text(std::string_view name) const = 0;
};

struct OfflineAlert {
  RuleIndex rule = 0;
  std::vector<std::pair<std::string, std::string>> group;  // in the order of group-by
};
struct OfflineLine {
  std::optional<uint64_t> n;         // of the event, from 0; none for decisions of closing windows
  Instant at{};                      // of a decision: the window's end
  std::vector<OfflineAlert> alerts;  // in the pack's order
};

class OfflineCorrelator {
 public:
  explicit OfflineCorrelator(Definitions definitions, size_t max_groups = kMaxGroups);

  // The next event; `rules` hold, ascending. One without a time takes no part. Appends the lines that are done.
  void add(std::optional<Instant> at, std::span<const RuleIndex> rules, const NamedFields& fields,
           std::vector<OfflineLine>& out);
  // The end of the input: closes all windows.
  void finish(std::vector<OfflineLine>& out);

  uint64_t untimed() const { return untimed_; }
  const Core& core() const { return core_; }

 private:
  struct Waiting {
    OfflineLine line;
    std::optional<Ms> at;  // of an event that a correlation may still take
  };

  void place(std::vector<Conclusion>& raised);
  void release(bool all, std::vector<OfflineLine>& out);
  OfflineAlert alert_of(const Conclusion& raised) const;

  Core core_;
  Ms greatest_ = -kForever;
  uint64_t next_ = 0;
  uint64_t untimed_ = 0;
  std::deque<Waiting> lines_;
  std::vector<Conclusion> concluded_;  // scratch
  std::vector<Role> roles_;            // scratch
};

}  // namespace quanzu::rules
