#include "adapters/api/service.h"

#include <prometheus/text_serializer.h>

#include <algorithm>

#include "adapters/api/errors.h"

namespace quanzu::api {
namespace {

constexpr size_t kMaxKey = 128;

bool is_json(std::string_view content_type) {
  const std::string_view type = content_type.substr(0, content_type.find(';'));
  return type == "application/json" || type == "application/json ";
}

bool printable(std::string_view key) {
  return std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

Result<void> check_key(const std::string& key) {
  if (key.empty()) {
    return fail(Code::kInvalidArgument,
                "a write needs the header Idempotency-Key: a fresh random text, kept for a retry of the same request",
                "Idempotency-Key");
  }
  if (key.size() <= kMaxKey && printable(key)) return {};
  return fail(Code::kInvalidArgument, "Idempotency-Key must be 1 to 128 printable characters", "Idempotency-Key");
}

Response response_of(const Result<std::string>& result) {
  if (result) return {200, *result};
  return {http_status(result.error().code), render_error(result.error())};
}

}  // namespace

Service::Service(Backend& backend, prometheus::Registry& registry, Push push, Playbook playbook)
    : context_{backend, Readers(backend), std::move(playbook), std::move(push)},
      registry_(registry),
      requests_(prometheus::BuildCounter()
                    .Name("quanzu_http_requests_total")
                    .Help("API requests by method and outcome")
                    .Register(registry)) {}

std::string Service::metrics_text() const {
  return prometheus::TextSerializer().Serialize(registry_.Collect());
}

Result<User> Service::authenticate(const Request& request) const {
  if (request.local) {
    User administrator;
    administrator.name = "local";
    administrator.role = Role::kAdmin;
    return administrator;
  }
  if (request.token.empty()) {
    return fail(Code::kUnauthenticated,
                "the header Authorization: Bearer TOKEN is needed; `quanzud user add` makes a token");
  }
  const auto directory = context_.backend.directory();
  const User* user = directory->by_token(request.token);
  if (user == nullptr) return fail(Code::kUnauthenticated, "the token is unknown, or its account is disabled");
  return *user;
}

Result<Call> Service::admit(const Method& method, const Request& request) const {
  Result<User> caller = authenticate(request);
  if (!caller) return Failure(caller.error());
  if ((method.roles & role_bit(caller->role)) == 0) {
    return fail(Code::kPermissionDenied, "the role " + std::string(role_name(caller->role)) + " may not call " +
                                             std::string(method.service) + "/" + std::string(method.name));
  }
  if (!is_json(request.content_type)) {
    return fail(Code::kInvalidArgument, "the header Content-Type must be application/json", "Content-Type");
  }
  if (method.writes) {
    if (const Result<void> checked = check_key(request.idempotency_key); !checked) return Failure(checked.error());
  }
  Result<Fields> fields = Fields::parse(request.body);
  if (!fields) return Failure(fields.error());
  Call call;
  call.caller = std::move(*caller);
  call.fields = std::move(*fields);
  if (method.writes) {
    call.key = request.idempotency_key;
    call.body_hash = accounts::hash_token(request.path + "\n" + request.body);
  }
  return call;
}

void Service::handle(const Request& request, Respond respond) {
  const Method* method = find_method(request.path);
  if (method == nullptr) {
    respond(response_of(fail(Code::kNotFound, "there is no method " + request.path.substr(0, 200) +
                                                  "; docs/api.md lists them as /quanzu.v1.Service/Method")));
    return;
  }
  const std::string name = std::string(method->service) + "/" + std::string(method->name);
  const auto answer = [this, name, respond = std::move(respond)](Result<std::string> result) {
    const std::string_view code = result ? "ok" : code_name(result.error().code);
    requests_.Add({{"method", name}, {"code", std::string(code)}}).Increment();
    respond(response_of(result));
  };
  Result<Call> call = admit(*method, request);
  if (!call) return answer(Failure(call.error()));
  call->reply = answer;
  if (method->answer != nullptr) return method->answer(context_, std::move(*call));
  const Result<CommandBody> command = method->parse(call->fields);
  if (!command) return call->refuse(command.error());
  run_command(context_, *call, *command);
}

}  // namespace quanzu::api
