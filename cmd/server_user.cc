// quanzud user: accounts, of a folder that a server has (through its admin.sock) or not (the folder is opened).
#include <iostream>

#include "adapters/accounts/directory.h"
#include "adapters/runtime/offline.h"
#include "adapters/store/sqlite_reader.h"
#include "cmd/server.h"

namespace quanzu::cmd {
namespace {

namespace json = boost::json;

struct UserCommand : FolderOptions {
  std::string name;
  std::string role;
  bool enable = false;
  bool json = false;
};

json::object shown(const std::string& name, const std::string& role, const accounts::Credentials& fresh) {
  return json::object{{"name", name},
                      {"role", role},
                      {"token", fresh.token},
                      {"password", fresh.password},
                      {"totp_secret", fresh.totp_secret}};
}

// A running server makes the change, else we do.
Result<json::object> change(const std::string& data, const std::string& method, const json::object& body,
                            const std::function<Result<json::object>()>& offline) {
  if (auto answered = call_server(data, method, body)) return *answered;
  return offline();
}

Result<json::object> add(const UserCommand& command) {
  return change(command.data, "Admin/AddUser", {{"name", command.name}, {"role", command.role}},
                [&]() -> Result<json::object> {
                  if (Result<void> sound = accounts::check_account_name(command.name); !sound) {
                    return Failure(sound.error());
                  }
                  const accounts::Credentials fresh = accounts::make_credentials();
                  User user;
                  user.name = command.name;
                  user.role = *find_role(command.role);
                  user.token_hash = fresh.token_hash;
                  user.password_hash = fresh.password_hash;
                  user.totp_secret = fresh.totp_secret;
                  const Result<void> done = runtime::apply_offline(command.folder(), {UserAdded{user}});
                  if (!done) return Failure(done.error());
                  return shown(command.name, command.role, fresh);
                });
}

Result<json::object> disable(const UserCommand& command) {
  const json::object body{{"name", command.name}, {"disabled", !command.enable}};
  return change(command.data, "Admin/DisableUser", body, [&]() -> Result<json::object> {
    const UserDisabled event{command.name, !command.enable};
    const Result<void> done = runtime::apply_offline(command.folder(), {event});
    if (!done) return Failure(done.error());
    return body;
  });
}

Result<json::object> reset(const UserCommand& command) {
  return change(command.data, "Admin/ResetUser", {{"name", command.name}}, [&]() -> Result<json::object> {
    Result<runtime::OpenFolder> open = runtime::open_folder(command.folder());
    if (!open) return Failure(open.error());
    const User* user = open->recovery.pipeline.engine().find_user(command.name);
    if (user == nullptr) return fail(Code::kNotFound, "there is no user " + command.name, "name");
    const std::string role(role_name(user->role));
    open->store.reset();  // lets go of the folder
    const accounts::Credentials fresh = accounts::make_credentials();
    const UserReset event{command.name, fresh.token_hash, fresh.password_hash, fresh.totp_secret};
    const Result<void> done = runtime::apply_offline(command.folder(), {event});
    if (!done) return Failure(done.error());
    return shown(command.name, role, fresh);
  });
}

// Reading needs neither the server nor the lock.
Result<json::object> list(const UserCommand& command) {
  Result<std::unique_ptr<store::Reader>> reader = store::open_reader(command.folder());
  if (!reader) return Failure(reader.error());
  json::array users;
  const Result<void> read = (*reader)->scan(store::Table::kUsers, [&users](const store::Row& row) -> Result<void> {
    users.emplace_back(json::object{{"name", std::get<std::string>(row.values[1])},
                                    {"role", std::get<std::string>(row.values[2])},
                                    {"disabled", std::get<int64_t>(row.values[3]) != 0}});
    return {};
  });
  if (!read) return Failure(read.error());
  return json::object{{"users", std::move(users)}};
}

void print_text(const json::object& answer) {
  if (const json::value* users = answer.if_contains("users")) {
    if (users->get_array().empty()) std::cout << "no accounts yet: quanzud user add NAME --role ROLE --data DIR\n";
    for (const json::value& user : users->get_array()) {
      std::cout << user.at("name").as_string().c_str() << "  " << user.at("role").as_string().c_str()
                << (user.at("disabled").as_bool() ? "  disabled" : "") << '\n';
    }
    return;
  }
  for (const auto& [key, value] : answer) {
    std::cout << key << ": " << (value.is_string() ? std::string(value.get_string()) : json::serialize(value)) << '\n';
  }
  if (answer.contains("token")) std::cerr << "These are shown once: keep them where only their owner can read them.\n";
}

int print(const UserCommand& command, const Result<json::object>& answer) {
  if (!answer) return report(answer.error());
  if (command.json) {
    std::cout << json::serialize(*answer) << '\n';
  } else {
    print_text(*answer);
  }
  return kOk;
}

using Action = Result<json::object> (*)(const UserCommand&);

CLI::App* verb(CLI::App& user, int& exit_code, const char* name, const char* help, Action action, bool named) {
  CLI::App* sub = user.add_subcommand(name, help);
  auto command = std::make_shared<UserCommand>();
  if (named) sub->add_option("NAME", command->name, "The account's name")->required();
  add_folder_options(*sub, *command);
  sub->add_flag("--json", command->json, "Print one JSON object");
  if (action == add) {
    sub->add_option("--role", command->role, "What the account may do (docs/api.md has the table)")
        ->required()
        ->check(CLI::IsMember({"operator", "field_worker", "dispatcher", "supervisor", "author", "approver", "auditor",
                               "admin", "wall", "feed"}));
  }
  if (action == disable) sub->add_flag("--enable", command->enable, "Take it into use again");
  sub->callback([command, action, &exit_code] { exit_code = print(*command, action(*command)); });
  return sub;
}

}  // namespace

void add_user(CLI::App& app, int& exit_code) {
  CLI::App* user = app.add_subcommand(
      "user", "Accounts: add, list, disable, reset. Works beside a running server, and before the first start");
  user->require_subcommand(1);
  verb(*user, exit_code, "add", "A new account; its token and password are shown once. Makes the folder", add, true);
  verb(*user, exit_code, "list", "All accounts", list, false);
  verb(*user, exit_code, "disable", "Take an account out of use", disable, true);
  verb(*user, exit_code, "reset", "New token, password and second factor", reset, true);
}

}  // namespace quanzu::cmd
