// A place in a list, as an opaque text that goes out with a page and comes back for the next. It holds the
// key of the last row and a digest of the filters, so that a cursor of another list, a cut one or an invented
// one is refused. A forged one gains nothing: it is a position in a list that its bearer may read anyhow.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"

namespace quanzu::api {

std::string encode_cursor(std::string_view filters, const std::vector<int64_t>& position);
// Errors: kInvalidArgument, field "cursor".
Result<std::vector<int64_t>> decode_cursor(std::string_view cursor, std::string_view filters, size_t columns);

}  // namespace quanzu::api
