// The flat JSON event (a line of a .jsonl file, an element of Feed/Push's `signals`) to the fields of a Signal message.
// {"kind":"sms","at":"2026-11-24T10:00:00+08:00","resident.number":"13900001111","text":"..."}; nested objects are
// flattened by dots, null counts as absent, a key that is no field is an error. Pure, any thread.
#pragma once
#include <boost/json/fwd.hpp>
#include <string_view>

#include "adapters/feed/event.h"

namespace quanzu::feed {

// Errors: Error.field names the field, or is empty where the text is no JSON object.
Result<void> read_json_event(std::string_view text, EventFields& fields);
Result<void> read_json_event(const boost::json::value& value, EventFields& fields);

}  // namespace quanzu::feed
