// A resident as the engine knows them: numbers, area, the evidence that is alive, and their open cases.
// An unknown number becomes a provisional resident; the registry import comes later and merges it.
#pragma once
#include <string>
#include <vector>

#include "engine/evidence.h"
#include "engine/ids.h"

namespace quanzu {

struct Resident {
  ResidentId id;
  Number number;
  std::string area;         // "/" separated path; empty while provisional
  uint16_t birth_year = 0;  // 0: unknown
  bool provisional = true;
  std::vector<Evidence> evidence;  // by time of arrival; at most kMaxEvidence, the weakest goes first
  std::vector<CaseId> cases;       // oldest first
  uint32_t evidence_dropped = 0;   // over kMaxEvidence: counted, shown

  static constexpr size_t kMaxEvidence = 64;
};

}  // namespace quanzu
