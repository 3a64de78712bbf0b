// From a request's fields to the command that the engine knows, one function a method. Pure: what needs state
// (versions, owners, transitions) is the engine's to judge. Errors: kInvalidArgument naming the field.
#pragma once
#include "adapters/api/fields.h"
#include "engine/event.h"

namespace quanzu::api {

Result<CommandBody> parse_open(Fields& fields);
Result<CommandBody> parse_claim_next(Fields& fields);
Result<CommandBody> parse_claim(Fields& fields);
Result<CommandBody> parse_renew(Fields& fields);
Result<CommandBody> parse_release(Fields& fields);
Result<CommandBody> parse_record_attempt(Fields& fields);
Result<CommandBody> parse_close(Fields& fields);
Result<CommandBody> parse_follow_up(Fields& fields);
Result<CommandBody> parse_correct(Fields& fields);
Result<CommandBody> parse_decide(Fields& fields);
Result<CommandBody> parse_create_instruction(Fields& fields);
Result<CommandBody> parse_sign(Fields& fields);
Result<CommandBody> parse_feed_back(Fields& fields);
Result<CommandBody> parse_advance_clock(Fields& fields);
Result<CommandBody> parse_switch_rule(Fields& fields);

}  // namespace quanzu::api
