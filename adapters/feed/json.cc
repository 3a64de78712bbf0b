#include "adapters/feed/json.h"

#include <boost/json.hpp>

namespace quanzu::feed {
namespace {

namespace json = boost::json;

constexpr int kMaxDepth = 8;

Result<void> set(std::string_view name, const json::value& value, EventFields& fields) {
  switch (value.kind()) {
    case json::kind::null:
      return {};
    case json::kind::bool_:
      return fields.set_boolean(name, value.get_bool());
    case json::kind::int64:
      return fields.set_number(name, value.get_int64());
    case json::kind::string:
      return fields.set_text(name, value.get_string());
    case json::kind::double_: {
      const double number = value.get_double();
      if (number > -1e15 && number < 1e15 && number == static_cast<double>(static_cast<int64_t>(number))) {
        return fields.set_number(name, static_cast<int64_t>(number));  // 30.0, as some languages write 30
      }
      break;
    }
    default:
      break;
  }
  return fail(Code::kInvalidArgument,
              std::string(name) + " is an array, or a number that is not whole or too large; send a plain value",
              std::string(name));
}

Result<void> flatten(const std::string& prefix, const json::object& object, int depth, EventFields& fields) {
  for (const auto& [key, value] : object) {
    const std::string name = prefix.empty() ? std::string(key) : prefix + "." + std::string(key);
    Result<void> done;
    if (!value.is_object()) {
      done = set(name, value, fields);
    } else if (depth == kMaxDepth) {
      done = fail(Code::kInvalidArgument, quoted(name) + " is nested too deeply; write the field's dotted name", name);
    } else {
      done = flatten(name, value.get_object(), depth + 1, fields);
    }
    if (!done) return done;
  }
  return {};
}

}  // namespace

Result<void> read_json_event(std::string_view text, EventFields& fields) {
  // An invalid byte in a text is the normaliser's to repair, as in a frame.
  json::parse_options options;
  options.allow_invalid_utf8 = true;
  boost::system::error_code error;
  std::array<unsigned char, 4096> space;
  json::monotonic_resource memory(space.data(), space.size());
  json::stream_parser parser(&memory, options);
  const size_t taken = parser.write_some(text.data(), text.size(), error);
  if (!error) parser.finish(error);
  if (!error && taken < text.size()) error = json::error::extra_data;
  if (error) {
    return fail(Code::kInvalidArgument, "no JSON object: " + error.message() + " near character " +
                                            std::to_string(taken + 1) +
                                            "; each row is one object like {\"kind\":\"sms\",...}");
  }
  return read_json_event(parser.release(), fields);
}

Result<void> read_json_event(const json::value& value, EventFields& fields) {
  if (!value.is_object()) {
    return fail(Code::kInvalidArgument, "no JSON object; each signal is one object like {\"kind\":\"sms\",...}");
  }
  Result<void> done = flatten("", value.get_object(), 1, fields);
  if (done && !fields.has_kind()) {
    return fail(Code::kInvalidArgument,
                "kind is missing; send one of sms, call, url, app, transfer, report, instruction", "kind");
  }
  return done;
}

}  // namespace quanzu::feed
