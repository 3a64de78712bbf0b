// What one correlation has counted since its definition went live: shown as metrics, and by `quanzu rules match` where
// something took no part. Kept by rules/correlate/state; plain data.
#pragma once
#include <cstdint>

namespace quanzu::rules {

struct CorrelationCounters {
  uint64_t events = 0;     // taken
  uint64_t late = 0;       // before the watermark
  uint64_t ungrouped = 0;  // without a group field
  uint64_t valueless = 0;  // without the field that is counted or added up
  uint64_t raised = 0;
  uint64_t suppressed = 0;
  uint64_t evicted = 0;  // groups
  uint64_t groups = 0;   // live
};

}  // namespace quanzu::rules
