#include "rules/correlate/offline.h"

namespace quanzu::rules {
namespace {

// `match` makes the same of the same file everywhere, and nobody feeds it to hurt a table.
constexpr std::array<uint64_t, 2> kHashKey = {0x6d61746368, 0x6f66666c696e65};

class ByIndex : public Fields {
 public:
  ByIndex(const std::vector<std::string>& names, const NamedFields& fields) : names_(names), fields_(fields) {}
  std::optional<std::string_view> text(uint32_t field) const override { return fields_.text(names_[field]); }

 private:
  const std::vector<std::string>& names_;
  const NamedFields& fields_;
};

}  // namespace

OfflineCorrelator::OfflineCorrelator(Definitions definitions, size_t max_groups)
    : core_(std::move(definitions), kHashKey, Core::Mode::kAsWritten, max_groups) {}

void OfflineCorrelator::add(std::optional<Instant> at, std::span<const RuleIndex> rules, const NamedFields& fields,
                            std::vector<OfflineLine>& out) {
  const uint64_t n = next_++;
  if (!at) {
    ++untimed_;
    lines_.push_back({{n, {}, {}}, std::nullopt});
    return release(false, out);
  }
  const Ms ms = to_ms(*at);
  greatest_ = std::max(greatest_, ms);
  core_.advance(greatest_, concluded_);
  place(concluded_);  // decisions stand before the event that moved the watermark
  lines_.push_back({{n, *at, {}}, ms});
  roles_.clear();
  for (RuleIndex rule : rules) {
    const std::span<const Role> roles = core_.roles_of(rule);
    roles_.insert(roles_.end(), roles.begin(), roles.end());
  }
  std::sort(roles_.begin(), roles_.end());
  core_.add(ms, n, roles_, ByIndex(core_.definitions().fields, fields), concluded_);
  place(concluded_);
  release(false, out);
}

void OfflineCorrelator::finish(std::vector<OfflineLine>& out) {
  core_.advance(kForever, concluded_);
  place(concluded_);
  release(true, out);
}

// Alerts to the lines that they belong to. A line that waits for its event's turn is still here.
void OfflineCorrelator::place(std::vector<Conclusion>& raised) {
  for (const Conclusion& each : raised) {
    OfflineLine* line = nullptr;
    if (each.sequence) {
      const auto is_its = [&](const Waiting& waiting) { return waiting.line.n == each.sequence; };
      const auto at = std::find_if(lines_.rbegin(), lines_.rend(), is_its);
      ENSURE(at != lines_.rend(), "a line is kept until its event was taken");
      line = &at->line;
    } else {
      const bool joins = !lines_.empty() && !lines_.back().line.n && lines_.back().line.at == from_ms(each.at);
      if (!joins) lines_.push_back({{std::nullopt, from_ms(each.at), {}}, std::nullopt});
      line = &lines_.back().line;
    }
    OfflineAlert alert = alert_of(each);
    const auto before = [](RuleIndex rule, const OfflineAlert& other) { return rule < other.rule; };
    const auto behind = std::upper_bound(line->alerts.begin(), line->alerts.end(), alert.rule, before);
    line->alerts.insert(behind, std::move(alert));
  }
  raised.clear();
}

void OfflineCorrelator::release(bool all, std::vector<OfflineLine>& out) {
  const Ms reached = core_.reached();
  while (!lines_.empty() && (all || !lines_.front().at || *lines_.front().at <= reached)) {
    out.push_back(std::move(lines_.front().line));
    lines_.pop_front();
  }
}

OfflineAlert OfflineCorrelator::alert_of(const Conclusion& raised) const {
  const Definitions& all = core_.definitions();
  const std::vector<KeyDefinition>& keys = all.correlations[raised.correlation].group_by;
  OfflineAlert out;
  out.rule = all.rules + raised.correlation;
  const std::vector<std::string_view> values = split_key(raised.key);
  for (size_t i = 0; i < values.size(); ++i) out.group.emplace_back(keys[i].name, values[i]);
  return out;
}

}  // namespace quanzu::rules
