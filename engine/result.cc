#include "engine/result.h"

#include <cstdio>
#include <cstdlib>

#include "engine/names.h"

namespace quanzu {
namespace {

constexpr Names<10> kCodeNames = {
    "invalid_argument",    "unauthenticated", "permission_denied",  "not_found",   "already_exists",
    "failed_precondition", "aborted",         "resource_exhausted", "unavailable", "internal"};

}  // namespace

std::string_view code_name(Code code) {
  return name_in(kCodeNames, code);
}

std::string quoted(std::string_view text) {
  constexpr size_t kShown = 40;
  size_t size = text.size();
  if (size > kShown) {
    size = kShown;
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  }
  std::string out = "\"";
  out.append(text.substr(0, size)).append(size < text.size() ? "...\"" : "\"");
  return out;
}

void ensure_failed(const char* condition, const char* message, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: %s (%s does not hold)\n", file, line, message, condition);
  std::abort();
}

}  // namespace quanzu
