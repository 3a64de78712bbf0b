// Whether a Hello is good: its version, its token's account, the name of its stream.
// Pure functions, any thread.
#pragma once
#include <string>
#include <string_view>

#include "adapters/accounts/directory.h"
#include "adapters/feed/feed.pb.h"
#include "engine/result.h"

namespace quanzu::feed {

inline constexpr uint32_t kProtocolVersion = 1;

// The account's name, which is the feed's, or what the client must hear.
Result<std::string> account_of(const v1::Hello& hello, const accounts::Directory& directory);

// Stream names stand in logs, in the acked log's lines and in the console: no spaces, nothing to quote.
bool is_stream_name(std::string_view text);

}  // namespace quanzu::feed
