// Errors on the wire: Connect's JSON form and the HTTP status that goes with each code (docs/api.md has the
// table).
#pragma once
#include <string>

#include "engine/result.h"

namespace quanzu::api {

unsigned http_status(Code code);
// {"code","message","details":[{"field"}|{"owner","version"}]}; details only where there is something to say.
std::string render_error(const Error& error);

}  // namespace quanzu::api
