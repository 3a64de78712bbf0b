// What a world came to, as text, as JSON and as one HTML page that needs no network: what its people met by their fates, and
// what the record says of it. Pure; any thread.
#pragma once
#include <string>

#include "simulator/world/world.h"

namespace quanzu::simulator {

std::string world_text(const Scenario& scenario, const Outcome& outcome);
std::string world_json(const Scenario& scenario, const Outcome& outcome);
std::string world_html(const Scenario& scenario, const Outcome& outcome);

// "12.5 s", "3.2 min", "4.0 h"; "-" where it is not known.
std::string length_of(const Duration* length);
// The claimed ones' quantile: null where none was claimed.
const Duration* quantile_of(const Waiting& waiting, double q);

}  // namespace quanzu::simulator
