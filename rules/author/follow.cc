#include "rules/author/follow.h"

#include <algorithm>
#include <map>
#include <set>

#include "engine/names.h"
#include "rules/author/named_fields.h"
#include "rules/correlate/offline.h"

namespace quanzu::rules {

namespace {

constexpr Names<6> kBoundNames = {"gt", "gte", "lt", "lte", "eq", "neq"};

struct Told {  // an event in a group
  Instant at{};
  uint64_t n = 0;
  std::set<uint32_t> roles;
  std::string value;  // what is counted
};

// One group's window.
class Group {
 public:
  Group(const Definition& definition, const Correlation& correlation)
      : definition_(definition), correlation_(correlation) {}

  std::string add(Told told) {
    const bool closes = definition_.decided_at_close();
    if (closes && !events_.empty() && told.at > events_.front().at + definition_.timespan) events_.clear();
    events_.push_back(std::move(told));
    if (!closes) {
      const Instant oldest = events_.back().at - definition_.timespan;
      std::erase_if(events_, [oldest](const Told& one) { return one.at < oldest; });
    }
    return held();
  }
  void clear() { events_.clear(); }

 private:
  std::string held() const {
    const auto count = [](size_t n, std::string_view of) {
      return std::to_string(n) + " " + std::string(of) + (n == 1 ? "" : "s");
    };
    switch (definition_.type) {
      case CorrelationType::kEventCount:
        return count(events_.size(), "event");
      case CorrelationType::kValueCount: {
        std::set<std::string> values;
        for (const Told& one : events_) values.insert(one.value);
        return count(values.size(), "different value");
      }
      case CorrelationType::kTemporal:
        return rules_seen();
      case CorrelationType::kTemporalOrdered:
        return count(steps(), "step") + " of " + std::to_string(correlation_.rules.size());
      default: {
        std::string values;
        for (const Told& one : events_) values += (values.empty() ? "" : ", ") + one.value;
        return count(events_.size(), "value") + ": " + values;
      }
    }
  }

  std::string rules_seen() const {
    std::set<uint32_t> seen;
    for (const Told& one : events_) seen.insert(one.roles.begin(), one.roles.end());
    std::string missing;
    for (uint32_t role = 0; role < correlation_.rules.size(); ++role) {
      if (!seen.contains(role)) missing += (missing.empty() ? "" : ", ") + correlation_.rules[role].rule;
    }
    return std::to_string(seen.size()) + " of " + std::to_string(correlation_.rules.size()) + " rules" +
           (missing.empty() ? "" : "; missing: " + missing);
  }

  // How many first steps have happened in their order, within the timespan.
  size_t steps() const {
    std::vector<std::optional<Instant>> begun(correlation_.rules.size());  // the latest begin of a chain so far
    for (const Told& one : events_) {
      for (auto role = one.roles.rbegin(); role != one.roles.rend(); ++role) {
        const std::optional<Instant> begin = *role == 0 ? std::optional(one.at) : begun[*role - 1];
        if (begin && one.at - *begin <= definition_.timespan) begun[*role] = std::max(begun[*role], begin);
      }
    }
    size_t steps = 0;
    for (size_t i = 0; i < begun.size(); ++i) {
      if (begun[i]) steps = i + 1;
    }
    return steps;
  }

  const Definition& definition_;
  const Correlation& correlation_;
  std::vector<Told> events_;
};

class Follower {
 public:
  Follower(const Program& program, size_t index, const std::vector<TimedSignal>& events, Definitions definitions)
      : program_(program),
        index_(index),
        correlation_(program.pack().correlations[index]),
        events_(events),
        definitions_(std::move(definitions)),
        definition_(definitions_.correlations[index]) {}

  Followed run() {
    out_.needs = needs();
    out_.at_close = definition_.decided_at_close();
    out_.events.resize(events_.size());
    correlate();
    std::vector<uint64_t> order;
    std::optional<Instant> greatest;
    for (uint64_t n = 0; n < events_.size(); ++n) {
      FollowedEvent& event = out_.events[n];
      if (!events_[n].has_time) continue;
      event.at = events_[n].signal.at;
      event.late = greatest && *event.at < *greatest - definition_.lateness;
      greatest = greatest ? std::max(*greatest, *event.at) : *event.at;
      if (!event.late) order.push_back(n);
    }
    std::stable_sort(order.begin(), order.end(),
                     [this](uint64_t a, uint64_t b) { return out_.events[a].at < out_.events[b].at; });
    for (const uint64_t n : order) take(n);
    return std::move(out_);
  }

 private:
  using Alerts = std::map<uint64_t, std::vector<OfflineAlert>>;

  std::string needs() const {
    const auto within = " within " +
                        std::to_string(std::chrono::duration_cast<std::chrono::seconds>(definition_.timespan).count()) +
                        " s";
    std::string bounds;
    for (const Bound& bound : correlation_.bounds) {
      bounds += (bounds.empty() ? "" : " and ") + std::string(name_in(kBoundNames, bound.op)) + " " + bound.value;
    }
    switch (definition_.type) {
      case CorrelationType::kEventCount:
        return bounds + " events" + within;
      case CorrelationType::kValueCount:
        return bounds + " different values" + within;
      case CorrelationType::kTemporal:
        if (!definition_.expression.empty()) return "its condition over the rules" + within;
        return (bounds.empty() ? "all" : bounds) + " of the rules" + within;
      case CorrelationType::kTemporalOrdered:
        return "all steps in their order" + within;
      default:
        return bounds + " over the values" + within;
    }
  }

  // Every correlation tells here, those that others refer to as well.
  void correlate() {
    Definitions all = definitions_;
    for (Definition& one : all.correlations) one.told = true;
    OfflineCorrelator correlator(std::move(all));
    std::vector<OfflineLine> told;
    Scanner scanner;
    for (const TimedSignal& event : events_) {
      std::vector<RuleIndex>& matched = matched_.emplace_back();
      scanner.scan(program_, event.signal, matched);
      const auto at = event.has_time ? std::optional(event.signal.at) : std::nullopt;
      correlator.add(at, matched, SignalFields(event.signal), told);
    }
    correlator.finish(told);
    for (OfflineLine& line : told) {
      for (OfflineAlert& alert : line.alerts) {
        if (line.n) {
          alerts_[*line.n].push_back(std::move(alert));
        } else if (alert.rule == own_index()) {
          out_.closes.push_back({line.at, std::move(alert.group)});
        }
      }
    }
  }

  RuleIndex own_index() const { return static_cast<RuleIndex>(definitions_.rules + index_); }

  void take(uint64_t n) {
    FollowedEvent& event = out_.events[n];
    const SignalFields fields(events_[n].signal);
    std::map<GroupValues, Told> groups;
    for (uint32_t role = 0; role < definition_.rules.size(); ++role) {
      const RuleIndex rule = definition_.rules[role];
      if (rule < definitions_.rules) {
        if (std::binary_search(matched_[n].begin(), matched_[n].end(), rule)) {
          count(
              n, role, [&fields](std::string_view name) { return fields.text(name); }, event, groups);
        }
        continue;
      }
      for (const OfflineAlert& alert : alerts_[n]) {
        if (alert.rule != rule) continue;
        const auto key = [&alert](std::string_view name) -> std::optional<std::string_view> {
          for (const auto& [known, value] : alert.group) {
            if (known == name) return value;
          }
          return std::nullopt;
        };
        count(n, role, key, event, groups);
      }
    }
    for (auto& [group, told] : groups) {
      Group& window = windows_.try_emplace(group, definition_, correlation_).first->second;
      FollowedGroup& followed = event.groups.emplace_back(FollowedGroup{group, window.add(std::move(told)), false});
      followed.alert = is_raised(n, group);
      if (followed.alert) window.clear();
    }
  }

  template <class Text>
  void count(uint64_t n, uint32_t role, const Text& text, FollowedEvent& event, std::map<GroupValues, Told>& groups) {
    event.rules.push_back(correlation_.rules[role].rule);
    GroupValues group;
    const auto read = [&](const KeyDefinition& key) -> std::optional<std::string> {
      const std::string& name = definitions_.fields[key.fields[role]];
      const std::optional<std::string_view> value = text(name);
      if (value) return std::string(*value);
      if (std::find(event.lacks.begin(), event.lacks.end(), name) == event.lacks.end()) event.lacks.push_back(name);
      return std::nullopt;
    };
    bool whole = true;
    for (const KeyDefinition& key : definition_.group_by) {
      const std::optional<std::string> value = read(key);
      whole = whole && value;
      group.emplace_back(key.name, value.value_or(""));
    }
    std::string counted;
    for (const KeyDefinition& key : definition_.values) {
      const std::optional<std::string> value = read(key);
      whole = whole && value;
      counted += (counted.empty() ? "" : "/") + value.value_or("");
    }
    if (!whole) return;
    Told& told = groups[std::move(group)];
    told.at = *event.at;
    told.n = n;
    told.roles.insert(role);
    told.value = std::move(counted);
  }

  bool is_raised(uint64_t n, const GroupValues& group) const {
    const auto found = alerts_.find(n);
    return found != alerts_.end() &&
           std::any_of(found->second.begin(), found->second.end(),
                       [&](const OfflineAlert& alert) { return alert.rule == own_index() && alert.group == group; });
  }

  const Program& program_;
  const size_t index_;
  const Correlation& correlation_;
  const std::vector<TimedSignal>& events_;
  const Definitions definitions_;
  const Definition& definition_;
  std::vector<std::vector<RuleIndex>> matched_;
  Alerts alerts_;
  std::map<GroupValues, Group> windows_;
  Followed out_;
};

}  // namespace

Result<Followed> follow(const Program& program, size_t correlation, const std::vector<TimedSignal>& events) {
  Result<Definitions> definitions = define(program.pack());
  if (!definitions) return Failure(definitions.error());
  return Follower(program, correlation, events, std::move(*definitions)).run();
}

}  // namespace quanzu::rules
