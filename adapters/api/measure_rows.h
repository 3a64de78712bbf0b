// What measures need, read back from the tables: the inverse of the rows that the runtime projects from
// exposure_of() and the instructions.
#pragma once
#include <string>
#include <vector>

#include "adapters/store/store.h"
#include "engine/measures.h"

namespace quanzu::api {

struct MeasureInput {
  std::vector<Exposure> exposures;
  std::vector<ClosedLoop> loops;
};
// `fed_back_by` keeps the instructions of one user; all where empty. Errors: kInternal naming the row that
// can't be read.
Result<MeasureInput> read_measure_input(store::Reader& reader, const std::string& fed_back_by = {});

}  // namespace quanzu::api
