// Correlation itself, over events of any schema: which rules held, when, and what their fields say. Takes events in the
// order of their sequence, moves its watermarks when told to, and says which correlations raise an alert. Pure and
// deterministic: no clock, hash keys given. Used by Correlator (signals of a server) and OfflineCorrelator (files).
// Owned by its adapter; one thread.
#pragma once
#include <deque>
#include <optional>
#include <span>

#include "rules/correlate/closing.h"
#include "rules/correlate/times.h"

namespace quanzu::rules {

// An event's fields by name. Null, arrays and objects are as missing; numbers are their text.
class Fields {
 public:
  virtual ~Fields() = default;
  // Of Definitions::fields; the view holds until the next call.
  virtual std::optional<std::string_view> text(uint32_t field) const = 0;
};

// A rule that holds, as a correlation sees it: the n-th of its list.
struct Role {
  uint32_t correlation = 0;
  uint32_t n = 0;
  friend auto operator<=>(const Role&, const Role&) = default;
};

struct Conclusion {
  uint32_t correlation = 0;
  Ms at = 0;
  std::optional<uint64_t> sequence;  // of the event that raised it; none where a window closed
  std::string key;                   // see split_key
};

// A group's values one after another, each behind its length.
void append_key(std::string& key, std::string_view value);
std::vector<std::string_view> split_key(std::string_view key);

struct Counters {
  uint64_t events = 0;     // taken
  uint64_t late = 0;       // before the watermark
  uint64_t ungrouped = 0;  // without a group field
  uint64_t valueless = 0;  // without the field that is counted or added up
  uint64_t raised = 0;
  uint64_t suppressed = 0;
  uint64_t evicted = 0;  // groups
  uint64_t groups = 0;   // live
};

class Core {
 public:
  enum class Mode : uint8_t { kAsWritten, kArrival };  // kArrival: whatever the rules say

  Core(Definitions definitions, std::array<uint64_t, 2> hash_key, Mode mode, size_t max_groups = kMaxGroups);
  Core(Core&&) noexcept;
  Core& operator=(Core&&) noexcept;
  ~Core();

  const Definitions& definitions() const { return definitions_; }
  std::span<const Role> roles_of(RuleIndex rule) const { return roles_[rule]; }

  // An event and the roles that its rules play, in ascending order. Sequences ascend.
  void add(Ms at, uint64_t sequence, std::span<const Role> roles, const Fields& fields, std::vector<Conclusion>& out);
  // `greatest`: the greatest time that was seen. Takes what the watermarks have reached; they never go back.
  void advance(Ms greatest, std::vector<Conclusion>& out);
  // Up to here no event is waited for: the least watermark.
  Ms reached() const;

  // Other definitions from now on. A correlation of the same identity keeps its windows; `was` is in the old order.
  void replace(Definitions definitions);

  Counters counters(size_t correlation) const;
  void digest(SipHash& hash) const;

 private:
  struct Alerted {  // an alert on its way to the correlations that refer to it
    uint32_t correlation = 0;
    Ms at = 0;
    uint64_t order = 0;
    std::string key;
  };
  struct Touch;
  struct State;
  struct Lane;
  class KeyFields;

  void set_up();
  void offer(Ms at, uint64_t order, std::span<const Role> roles, const Fields& fields, std::vector<Conclusion>& out);
  void offer_to(uint32_t correlation, Touch& touch, std::span<const Role> roles, const Fields& fields,
                std::vector<Conclusion>& out);
  bool read_key(const Definition& definition, uint32_t role, const Fields& fields);
  bool read_payload(const Definition& definition, std::span<const Role> roles, const Fields& fields,
                    Touch& touch) const;
  void route(Touch& touch, std::vector<Conclusion>& out);
  void take(Touch& touch, std::vector<Conclusion>& out);
  void take_closing(State& state, const Definition& definition, const Touch& touch);
  void spread(size_t from, std::vector<Conclusion>& out);
  void run(Lane& lane, Ms watermark, std::vector<Conclusion>& out);
  void take_waiting(Lane& lane, std::vector<Conclusion>& out);
  void close_next(Lane& lane, std::vector<Conclusion>& out);
  void raise(uint32_t correlation, Ms at, uint64_t order, std::string_view key, std::vector<Conclusion>& out);
  bool is_suppressed(State& state, const Definition& definition, Ms at, std::string_view key);

  Definitions definitions_;
  std::array<uint64_t, 2> hash_key_;
  Mode mode_;
  size_t max_groups_;
  std::vector<std::vector<Role>> roles_;  // per rule
  std::vector<std::unique_ptr<State>> states_;
  std::vector<Lane> lanes_;  // one a lateness
  Ms greatest_;
  std::string key_;  // scratch
  std::vector<Alerted> alerts_;
  uint64_t sub_ = 0;
  uint64_t closes_ = 0;
};

}  // namespace quanzu::rules
