#include "rules/pipeline.h"

namespace quanzu::rules {

Result<Applied> Pipeline::apply(const Event& event, Effects& effects) {
  if (Result<void> correlated = correlator_.apply(event, alerts_); !correlated) return Failure(correlated.error());
  return engine_.apply(event, alerts_, effects);
}

}  // namespace quanzu::rules
