// What one correlation knows: its groups, in the form that its type and condition allow, what it told lately, and what it
// counted. Owned by rules/correlate/core, on its thread.
#pragma once
#include "rules/correlate/closing.h"
#include "rules/correlate/counters.h"
#include "rules/correlate/entries.h"
#include "rules/correlate/suppression.h"
#include "rules/correlate/times.h"

namespace quanzu::rules {

class CorrelationState {
 public:
  CorrelationState(const Definition& definition, bool arrival, size_t max_groups);

  bool at_close() const { return windows_ != nullptr; }
  // Taken as soon as it comes: an event needs not wait for the watermark.
  bool at_once() const { return arrival_ && !at_close(); }
  // A group that will be taken soon: first where it is, and once that has come, itself.
  void prefetch_slot(const Fingerprint& group) const;
  void prefetch_record(const Fingerprint& group) const;

  // True where the touch makes the condition hold; never so where that is decided at the close.
  bool take(const Definition& definition, const Touch& touch, Ms settled);
  ClosingWindows* windows() { return windows_.get(); }  // of what is decided at the close; else nullptr

  CorrelationCounters counters() const;
  void digest(SipHash& hash) const;

  void write(StateWriter& out) const;
  void read(StateReader& in, const Definition& definition);  // of a new one

  size_t lane = 0;
  Suppression told;
  CorrelationCounters counted;  // but for groups and evicted

 private:
  bool arrival_;
  TimesShape shape_;
  std::unique_ptr<Groups<Times>> times_;  // one of these three
  std::unique_ptr<Groups<Entries>> entries_;
  std::unique_ptr<ClosingWindows> windows_;
};

}  // namespace quanzu::rules
