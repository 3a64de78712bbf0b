// An event's fields by the names that rules use, for correlation over a file or a test: of a signal, and of a foreign event.
// Each belongs to its event, which must outlive it. One thread.
#pragma once
#include "engine/signal.h"
#include "rules/correlate/offline.h"
#include "rules/match/foreign.h"

namespace quanzu::rules {

// Numbers in canonical form, like rules see them; `resident.number.raw` is what was received.
class SignalFields : public NamedFields {
 public:
  explicit SignalFields(const Signal& signal) : signal_(signal) {}
  std::optional<std::string_view> text(std::string_view name) const override;

 private:
  const Signal& signal_;
  mutable std::string text_;  // of the number asked for last
};

// Of the event that the scanner read last, by the names that its program knows. Nulls, arrays and objects are as missing.
class ForeignFields : public NamedFields {
 public:
  explicit ForeignFields(const ForeignScanner& scanner) : scanner_(scanner) {}
  std::optional<std::string_view> text(std::string_view name) const override;

 private:
  const ForeignScanner& scanner_;
};

}  // namespace quanzu::rules
