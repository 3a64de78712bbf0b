#include "rules/correlate/closing_window.h"

namespace quanzu::rules {
namespace {

constexpr int64_t kWholeRank = 1'000'000;  // Definition::percentile of 100

void make_distinct(std::vector<Fingerprint>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

// Linear between ranks: rank p/100 * (n - 1), over kWholeRank.
Int128 percentile(std::vector<Fingerprint>& payloads, uint32_t p) {
  std::vector<Int128> numbers;
  numbers.reserve(payloads.size());
  for (const Fingerprint& payload : payloads) numbers.push_back(units_of(payload));
  std::sort(numbers.begin(), numbers.end());
  const uint64_t rank = uint64_t{p} * (numbers.size() - 1);
  const Int128 low = numbers[rank / kWholeRank];
  const Int128 high = numbers[std::min(rank / kWholeRank + 1, numbers.size() - 1)];
  return low * kWholeRank + (high - low) * Int128{static_cast<int64_t>(rank % kWholeRank)};
}

}  // namespace

void ClosingWindow::add(const Definition& definition, const Fingerprint& payload) {
  ++count;
  switch (definition.type) {
    case CorrelationType::kTemporal:
      rules |= payload[0];
      break;
    case CorrelationType::kValueSum:
    case CorrelationType::kValueAvg:
      sum += units_of(payload);
      break;
    case CorrelationType::kValueCount:
      if (payloads.size() == payloads.capacity()) make_distinct(payloads);
      [[fallthrough]];
    case CorrelationType::kValuePercentile:
    case CorrelationType::kValueMedian:
      payloads.push_back(payload);
      break;
    default:
      break;
  }
}

bool ClosingWindow::concludes(const Definition& definition) {
  const auto n = static_cast<int64_t>(count);
  switch (definition.type) {
    case CorrelationType::kTemporal:
      return definition.holds_for(rules);
    case CorrelationType::kValueSum:
      return definition.holds(sum);
    case CorrelationType::kValueAvg:
      return definition.holds(sum, n);
    case CorrelationType::kValueCount:
      make_distinct(payloads);
      return definition.holds(Int128{static_cast<int64_t>(payloads.size())} * kDecimalOne);
    case CorrelationType::kValuePercentile:
    case CorrelationType::kValueMedian:
      return definition.holds(percentile(payloads, definition.percentile), kWholeRank);
    default:
      return definition.holds(Int128{n} * kDecimalOne);
  }
}

uint64_t ClosingWindow::digest() const {
  SipHash hash({0, 0});
  hash.text(key);
  hash.integer(static_cast<uint64_t>(start));
  hash.integer(count);
  hash.integer(rules);
  hash.integer(static_cast<uint64_t>(sum));
  return hash.finish();
}

}  // namespace quanzu::rules
