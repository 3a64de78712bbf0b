// Ids as the API shows them: opaque strings ("c-17"), so that a case is never mistaken for a task. Callers
// must not take them apart; only this file does.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "engine/ids.h"

namespace quanzu::api {

std::string id_text(CaseId id);         // "c-17"
std::string id_text(TaskId id);         // "t-35"
std::string id_text(ResidentId id);     // "r-9"
std::string id_text(InstructionId id);  // "i-3"
std::string id_text(UserId id);         // "u-2"

// Nothing where the text is not the id of that kind: wrong prefix, zero, signs, leading zeros, too large.
template <class Id>
std::optional<Id> parse_id(std::string_view text);
template <>
std::optional<CaseId> parse_id<CaseId>(std::string_view text);
template <>
std::optional<TaskId> parse_id<TaskId>(std::string_view text);
template <>
std::optional<ResidentId> parse_id<ResidentId>(std::string_view text);
template <>
std::optional<InstructionId> parse_id<InstructionId>(std::string_view text);
template <>
std::optional<UserId> parse_id<UserId>(std::string_view text);

}  // namespace quanzu::api
