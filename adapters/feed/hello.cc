#include "adapters/feed/hello.h"

#include <algorithm>

namespace quanzu::feed {
namespace {

constexpr size_t kMaxName = 128;

}  // namespace

bool is_stream_name(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view("._:-").find(c) != std::string_view::npos;
  };
  return !text.empty() && text.size() <= kMaxName && std::all_of(text.begin(), text.end(), allowed);
}

Result<std::string> account_of(const v1::Hello& hello, const accounts::Directory& directory) {
  if (hello.version() != kProtocolVersion) {
    return fail(Code::kInvalidArgument,
                "Hello.version is " + std::to_string(hello.version()) +
                    "; this server speaks version 1: use a client of that version",
                "version");
  }
  const User* user = directory.by_token(hello.token());
  if (user == nullptr || user->disabled) {
    return fail(Code::kUnauthenticated, "Hello.token is unknown: make one with `quanzud user add NAME --role feed`",
                "token");
  }
  if (user->role != Role::kFeed) {
    return fail(
        Code::kPermissionDenied,
        "Hello.token belongs to an account of role " + std::string(role_name(user->role)) + ": use one of role feed",
        "token");
  }
  if (!hello.feed().empty() && hello.feed() != user->name) {
    return fail(Code::kPermissionDenied,
                "Hello.feed is not the account of this token: leave it empty, or use the token of that feed", "feed");
  }
  if (!is_stream_name(hello.stream())) {
    return fail(Code::kInvalidArgument, "Hello.stream must have 1 to 128 letters, digits, '.', '_', ':' or '-'",
                "stream");
  }
  return user->name;
}

}  // namespace quanzu::feed
