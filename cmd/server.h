// quanzud's subcommands: each file cmd/server_<name>.cc adds one to the program. A subcommand parses its options by CLI11
// and, when it runs, leaves its exit code in `exit_code`. Results go to standard output, everything else to standard error.
#pragma once
#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "adapters/store/data_folder.h"
#include "cmd/exit.h"
#include "engine/result.h"

namespace quanzu::cmd {

void add_serve(CLI::App& app, int& exit_code);
void add_user(CLI::App& app, int& exit_code);
void add_packs(CLI::App& app, int& exit_code);
void add_verify(CLI::App& app, int& exit_code);
void add_backup(CLI::App& app, int& exit_code);
void add_restore(CLI::App& app, int& exit_code);
void add_measures(CLI::App& app, int& exit_code);
void add_journal(CLI::App& app, int& exit_code);
void add_doctor(CLI::App& app, int& exit_code);
void add_keys(CLI::App& app, int& exit_code);
void add_residents(CLI::App& app, int& exit_code);

// The folder that a command works on, and where its master key lies.
struct FolderOptions {
  std::string data;
  std::string key_file;
  store::DataFolder folder() const { return {data, key_file}; }
};
void add_folder_options(CLI::App& command, FolderOptions& options, const std::string& help = "The data folder");

// Says on standard error what failed, and gives the exit that goes with it.
int report(const Error& error);

// Calls a running server's admin.sock. Nothing where no server runs on the folder.
std::optional<Result<boost::json::object>> call_server(const std::string& data, const std::string& method,
                                                       const boost::json::object& body);

}  // namespace quanzu::cmd
