#include "rules/correlate/closing_window.h"

#include "rules/correlate/keys.h"

namespace quanzu::rules {
namespace {

constexpr uint64_t kMostCounted = 10'000'000'000;  // times any limit of a condition still fits
constexpr int64_t kWholeRank = 1'000'000;          // Definition::percentile of 100

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

void ClosingWindow::write(StateWriter& out) const {
  out.text(key);
  out.time(start);
  out.number(count);
  out.number(rules);
  out.units(sum);
  out.count(payloads.size());
  for (const Fingerprint& payload : payloads) out.hash(payload);
}

void ClosingWindow::read(StateReader& in, const Definition& definition) {
  in.text(key);
  in.time(start);
  in.number(count);
  in.number(rules);
  in.units(sum);
  const bool ranks = definition.type == CorrelationType::kValuePercentile ||  //
                     definition.type == CorrelationType::kValueMedian;
  size_t left = in.count();
  in.require(is_key(key, definition.group_by.size()) && count > 0 && count <= kMostCounted && (left > 0 || !ranks));
  for (; left > 0 && in.ok(); --left) {
    in.hash(payloads.emplace_back());
    in.require(!ranks || is_decimal(units_of(payloads.back())));
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
