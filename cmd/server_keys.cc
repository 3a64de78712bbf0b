// quanzud keys: what encrypts a data folder, and a new master key for it.
#include <boost/json.hpp>
#include <iostream>

#include "adapters/store/keyring.h"
#include "adapters/store/schema.h"
#include "cmd/server.h"

namespace quanzu::cmd {
namespace {

namespace json = boost::json;

struct KeysCommand : FolderOptions {
  bool json = false;
};

Result<store::Database> open(const KeysCommand& command) {
  const std::filesystem::path path = store::database_path(command.data);
  if (!std::filesystem::exists(path)) {
    return fail(Code::kUnavailable, path.string() + ": no data here; name the folder that `quanzud serve` uses");
  }
  Result<store::Database> database = store::Database::open(path.string(), store::Database::Mode::kReadWriteCreate);
  if (!database) return database;
  if (Result<void> known = store::check_schema(*database); !known) {
    return fail(known.error().code, path.string() + ": " + known.error().message);
  }
  return database;
}

int list(const KeysCommand& command) {
  const Result<store::Database> database = open(command);
  if (!database) return report(database.error());
  const Result<std::vector<store::KeyRow>> keys = store::list_keys(*database);
  if (!keys) return report(keys.error());
  json::array shown;
  for (const store::KeyRow& each : *keys) {
    if (!command.json) {
      std::cout << each.use << " key " << each.id << ", from block " << each.first_block
                << " on, wrapped by master key " << each.master << '\n';
    }
    shown.emplace_back(json::object{{"key_id", std::to_string(each.id)},
                                    {"use", each.use},
                                    {"first_block", each.first_block},
                                    {"master", each.master}});
  }
  if (command.json) std::cout << json::serialize(json::object{{"keys", std::move(shown)}}) << '\n';
  return kOk;
}

int rotate(const KeysCommand& command) {
  const Result<store::FolderLock> lock = store::FolderLock::acquire(command.data);
  if (!lock) return report(lock.error());
  const Result<store::Database> database = open(command);
  if (!database) return report(database.error());
  const Result<std::string> fresh = store::rotate_master_key(*database, command.folder().key_file());
  if (!fresh) return report(fresh.error());
  if (command.json) {
    std::cout << json::serialize(json::object{{"master", *fresh}}) << '\n';
  } else {
    std::cout << "every key is wrapped by master key " << *fresh << " now. The older ones stay in "
              << command.folder().key_file().string()
              << " for backups that were made under them: keep a copy of that file elsewhere\n";
  }
  return kOk;
}

}  // namespace

void add_keys(CLI::App& app, int& exit_code) {
  CLI::App* keys = app.add_subcommand("keys", "The keys that encrypt a data folder: list, rotate");
  keys->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, int (*run)(const KeysCommand&)) {
    CLI::App* sub = keys->add_subcommand(name, help);
    auto command = std::make_shared<KeysCommand>();
    add_folder_options(*sub, *command);
    sub->add_flag("--json", command->json, "Print one JSON object");
    sub->callback([command, run, &exit_code] { exit_code = run(*command); });
  };
  add("list", "Which keys there are, what they encrypt from which block on, and what wraps them; needs no key file",
      list);
  add("rotate",
      "A fresh master key, first in the key file, and all others wrapped by it; the server must be stopped. What is "
      "stored\n"
      "stays as it is: each start of a server makes a new data key anyway",
      rotate);
}

}  // namespace quanzu::cmd
