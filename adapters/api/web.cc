#include "adapters/api/web.h"

#include "adapters/console/assets.h"

namespace quanzu::api {
namespace {

WebReply ready(const Service& service) {
  const std::vector<std::string> reasons = service.not_ready();
  WebReply reply;
  if (reasons.empty()) {
    reply.body = "ready\n";
    return reply;
  }
  reply.status = 503;
  for (const std::string& reason : reasons) reply.body += reason + "\n";
  return reply;
}

WebReply metrics(const Service& service) {
  WebReply reply;
  reply.content_type = "text/plain; version=0.0.4; charset=utf-8";
  reply.body = service.metrics_text();
  return reply;
}

}  // namespace

WebReply answer_get(const Service& service, std::string_view path, std::string_view if_none_match) {
  path = path.substr(0, path.find('?'));
  if (path == "/healthz") return WebReply{200, "text/plain; charset=utf-8", "alive\n", {}};
  if (path == "/readyz") return ready(service);
  if (path == "/metrics") return metrics(service);
  if (path.starts_with("/quanzu.v1.")) return WebReply{405, "text/plain; charset=utf-8", "call methods by POST\n", {}};
  const console::Asset* asset = console::find_asset(path);
  // Unknown paths are rooms of the console, but for its files.
  if (asset == nullptr && !path.starts_with("/assets/")) asset = console::find_asset("/");
  if (asset == nullptr) return WebReply{404, "text/plain; charset=utf-8", "no such file\n", {}};
  if (if_none_match == asset->etag) return WebReply{304, asset->content_type, {}, asset->etag};
  return WebReply{200, asset->content_type, std::string(asset->bytes), asset->etag};
}

}  // namespace quanzu::api
