#include "adapters/api/errors.h"

#include <boost/json.hpp>

namespace quanzu::api {

unsigned http_status(Code code) {
  switch (code) {
    case Code::kInvalidArgument:
      return 400;
    case Code::kUnauthenticated:
      return 401;
    case Code::kPermissionDenied:
      return 403;
    case Code::kNotFound:
      return 404;
    case Code::kAlreadyExists:
      return 409;
    case Code::kFailedPrecondition:
      return 400;
    case Code::kAborted:
      return 409;
    case Code::kResourceExhausted:
      return 429;
    case Code::kUnavailable:
      return 503;
    case Code::kInternal:
      return 500;
  }
  return 500;
}

std::string render_error(const Error& error) {
  boost::json::object out;
  out["code"] = std::string(code_name(error.code));
  out["message"] = error.message;
  boost::json::object detail;
  if (!error.field.empty()) detail["field"] = error.field;
  if (error.code == Code::kAborted) {
    detail["owner"] = error.owner;
    detail["version"] = error.version;
  }
  if (!detail.empty()) out["details"] = boost::json::array{std::move(detail)};
  return boost::json::serialize(out);
}

}  // namespace quanzu::api
