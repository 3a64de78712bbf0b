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

void add_folder_options(CLI::App& command, FolderOptions& options, const std::string& help) {
  command.add_option("--data", options.data, help)->required();
  command
      .add_option("--key-file", options.key_file,
                  "The file of master keys that open the folder; without: DATA/master.key, made with the folder")
      ->envname("QUANZU_KEY_FILE");
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
