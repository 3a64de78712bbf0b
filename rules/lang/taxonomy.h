// Does an item fit the events that it is meant for? Names and types of fields are those of signals (rules/match/subject.h);
// values are given the type of their field. Pure; any thread.
#pragma once
#include <optional>
#include <string>

#include "rules/lang/problems.h"
#include "rules/match/subject.h"

namespace quanzu::rules {

// Every field name that a rule may use.
const std::vector<std::string_view>& field_names();

// The field's type. Nothing, with an error, where no signal has such a field.
std::optional<FieldType> known_field(std::string_view field, Mark mark, Problems& problems);

// Errors about a field that windows over signals have not.
void judge_window_field(std::string_view field, Mark mark, Problems& problems);

// Warns where no signal of the logsource's kind carries the field.
void judge_presence(std::string_view field, const LogSource& logsource, Mark mark, Problems& problems);

// Gives the value the field's type where it can ('500' on a number is 500). Nothing, with an error, where it does not fit.
std::optional<Value> fit_value(Value value, std::string_view field, FieldType type, Mark mark, Problems& problems);

// Errors and warnings about a logsource that no signal has.
void judge_logsource(const LogSource& logsource, Mark mark, Problems& problems);

}  // namespace quanzu::rules
