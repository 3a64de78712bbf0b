// Core as bytes, and back. What follows from the definitions is made anew by them.
#include "rules/correlate/core.h"

namespace quanzu::rules {
namespace {

constexpr std::string_view kFormat = "quanzu correlation state 1";

Failure damaged() {
  return fail(Code::kInternal,
              "a snapshot's correlation state is damaged: go on from an older one, or from the journal");
}

// Times may be added to and taken from them.
bool within_time(const Definitions& definitions) {
  return std::all_of(definitions.correlations.begin(), definitions.correlations.end(), [](const Definition& each) {
    constexpr Ms kMost = kForever / 4;
    return each.timespan.count() <= kMost && each.lateness.count() <= kMost && each.suppress_for.count() >= 0 &&
           each.suppress_for.count() <= kMost;
  });
}

}  // namespace

void Core::write(StateWriter& out) const {
  ENSURE(posted_.empty(), "what was posted is taken before a snapshot");
  out.text(kFormat);
  out.text(to_text(definitions_));
  out.hash(hash_key_);
  out.number(static_cast<uint8_t>(mode_));
  out.number(max_groups_);
  out.time(greatest_);
  out.number(closes_);
  for (const auto& state : states_) state->write(out);
  for (const Lane& lane : lanes_) lane.write(out);
}

Result<Core> Core::read(StateReader& in) {
  std::string format;
  std::string text;
  Fingerprint hash_key{};
  uint8_t mode = 0;
  size_t max_groups = 0;
  in.text(format);
  if (format != kFormat) {
    return fail(Code::kInternal, "a snapshot's correlation state is of a form that this release doesn't know");
  }
  in.text(text);
  in.hash(hash_key);
  in.number(mode);
  in.number(max_groups);
  in.require(mode <= static_cast<uint8_t>(Mode::kArrival) && max_groups > 0);
  Result<Definitions> definitions = definitions_from(text);
  if (!in.ok() || !definitions || !within_time(*definitions)) return damaged();
  Core out(std::move(*definitions), hash_key, static_cast<Mode>(mode), max_groups);
  in.time(out.greatest_);
  in.number(out.closes_);
  for (size_t c = 0; c < out.states_.size(); ++c) out.states_[c]->read(in, out.definitions_.correlations[c]);
  for (size_t lane = 0; lane < out.lanes_.size(); ++lane) {
    std::vector<const Definition*> may_wait(out.states_.size(), nullptr);
    for (size_t c = 0; c < may_wait.size(); ++c) {
      const bool here = out.states_[c]->lane == lane && !out.states_[c]->at_once();
      if (here) may_wait[c] = &out.definitions_.correlations[c];
    }
    out.lanes_[lane].read(in, may_wait);
  }
  if (!in.ok()) return damaged();
  return out;
}

}  // namespace quanzu::rules
