// What quanzud's subcommands share.
#include <filesystem>
#include <iostream>

#include "adapters/accounts/directory.h"
#include "adapters/api/client.h"
#include "cmd/server.h"

namespace quanzu::cmd {

int report(const Error& error) {
  std::cerr << "quanzud: " << error.message << '\n';
  switch (error.code) {
    case Code::kUnavailable:
    case Code::kInternal:
      return kState;
    default:
      return kFailed;
  }
}

std::optional<Result<boost::json::object>> call_server(const std::string& data, const std::string& method,
                                                       const boost::json::object& body) {
  const std::filesystem::path socket = std::filesystem::path(data) / "admin.sock";
  std::error_code ignored;
  if (!std::filesystem::exists(socket, ignored)) return std::nullopt;
  Result<api::Client> client = api::Client::connect_local(socket.string());
  if (!client) return std::nullopt;  // a server that crashed left it
  return client->call(method, body, accounts::make_token());
}

}  // namespace quanzu::cmd
