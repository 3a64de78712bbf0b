// An item of a rule in words: as its author wrote it, near enough, and what a signal holds where it looks. For messages
// and explanations; pure, any thread.
#pragma once
#include <string>

#include "rules/lang/rule.h"

namespace quanzu::rules {

// "text|contains: 转账", "amount_fen|gt: 500", "keyword: 转账"
std::string describe(const Item& item);

// "absent", "300", or the string in quotes, cut after 40 bytes.
std::string describe_value(const std::string& field, const Signal& signal);

}  // namespace quanzu::rules
