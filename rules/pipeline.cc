#include "rules/pipeline.h"

namespace quanzu::rules {

Result<Applied> Pipeline::apply(const Event& event, Effects& effects) {
  correlator_.apply(event, alerts_);
  return engine_.apply(event, alerts_, effects);
}

}  // namespace quanzu::rules
