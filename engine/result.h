// Result<T>: what a function that can fail returns; Error: what was wrong, where, and what to do about it.
// ENSURE is for what cannot happen: it aborts, since state that broke an invariant must not be written.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace quanzu {

// The Connect protocol's codes that we use; adapters/api maps each to its HTTP status.
enum class Code : uint8_t {
  kInvalidArgument,
  kUnauthenticated,
  kPermissionDenied,
  kNotFound,
  kAlreadyExists,
  kFailedPrecondition,  // an illegal transition; the message gives the reason
  kAborted,             // a stale version or a lost race; owner and version say who was first
  kResourceExhausted,
  kUnavailable,
  kInternal,
};

std::string_view code_name(Code code);  // "invalid_argument", ...

struct Error {
  Code code = Code::kInternal;
  std::string message;   // what was wrong, where, and what to do
  std::string field;     // the offending field or file:line:column, where there is one
  std::string owner;     // kAborted: who holds it now
  uint64_t version = 0;  // kAborted: its version now
};

template <class T>
using Result = tl::expected<T, Error>;
using Failure = tl::unexpected<Error>;

inline Failure fail(Code code, std::string message, std::string field = {}) {
  return Failure(Error{code, std::move(message), std::move(field), {}, 0});
}

// What a caller sent, for a message: in quotes, at most 40 bytes, cut between characters.
std::string quoted(std::string_view text);

[[noreturn]] void ensure_failed(const char* condition, const char* message, const char* file, int line);

}  // namespace quanzu

#define ENSURE(condition, message) \
  ((condition) ? void(0) : ::quanzu::ensure_failed(#condition, message, __FILE__, __LINE__))
