// What a GET gets: the console, its assets, health and metrics. Without transport, like Service.
// Pure but for the Service that is asked; HTTP threads.
#pragma once
#include <string>
#include <string_view>

#include "adapters/api/service.h"

namespace quanzu::api {

struct WebReply {
  unsigned status = 200;
  std::string_view content_type = "text/plain; charset=utf-8";
  std::string body;
  std::string_view etag;  // empty: not to be cached
};
WebReply answer_get(const Service& service, std::string_view path, std::string_view if_none_match);

// Nothing from elsewhere, nothing inline, no frame around it, no markup from text (docs/security.md).
inline constexpr std::string_view kContentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

}  // namespace quanzu::api
