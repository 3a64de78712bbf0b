// quanzud backup and quanzud restore: a data folder to one file, beside a running server or without one, and back.
#include <filesystem>
#include <iostream>

#include "adapters/api/render.h"
#include "adapters/runtime/projection.h"
#include "adapters/store/backup.h"
#include "adapters/store/sqlite_store.h"
#include "adapters/store/verify.h"
#include "cmd/server.h"

namespace quanzu::cmd {
namespace {

namespace json = boost::json;

struct BackupCommand : FolderOptions {
  std::string file;
  bool json = false;
};

Result<json::object> back_up(const BackupCommand& command) {
  std::error_code error;
  const std::string to = std::filesystem::absolute(command.file, error).string();  // the server stands elsewhere
  if (auto answered = call_server(command.data, "Admin/Backup", {{"to", to}})) return *answered;
  const Result<store::BackupReport> done = store::back_up_folder(command.data, to);
  if (!done) return Failure(done.error());
  return api::render_backup(*done);
}

int run_backup(const BackupCommand& command) {
  const Result<json::object> done = back_up(command);
  if (!done) return report(done.error());
  if (command.json) {
    std::cout << json::serialize(*done) << '\n';
  } else {
    std::cout << "backed up to " << done->at("file").as_string().c_str() << ": "
              << done->at("blocks").to_number<uint64_t>() << " blocks, up to sequence "
              << done->at("sequence").to_number<uint64_t>() << ", " << done->at("bytes").to_number<uint64_t>() / 1024
              << " KiB. It opens with the folder's master key, which is not in it: keep "
              << command.folder().key_file().string() << " elsewhere\n";
  }
  return kOk;
}

struct Restored {
  store::RestoreReport copied;
  store::VerifyReport verified;
};

Result<Restored> restore(const BackupCommand& command) {
  Restored out;
  const Result<store::RestoreReport> copied = store::restore_folder(command.file, command.folder());
  if (!copied) return Failure(copied.error());
  out.copied = *copied;
  store::SqliteOptions options;
  options.projector = runtime::project_event;  // the backup may be an older release's
  Result<std::unique_ptr<store::SqliteStore>> store = store::SqliteStore::open(command.folder(), std::move(options));
  if (!store) return Failure(store.error());
  Result<std::unique_ptr<store::Reader>> reader = (*store)->reader();
  if (!reader) return Failure(reader.error());
  const Result<store::VerifyReport> verified = store::verify(**reader, runtime::project_event, command.data);
  if (!verified) return Failure(verified.error());
  out.verified = *verified;
  return out;
}

int run_restore(const BackupCommand& command) {
  const Result<Restored> done = restore(command);
  if (!done) return report(done.error());
  if (command.json) {
    std::cout << json::serialize(json::object{{"ok", done->verified.ok},
                                              {"blocks", done->copied.blocks},
                                              {"sequence", done->copied.sequence.value()},
                                              {"at", format_rfc3339(done->verified.at)},
                                              {"signals", done->verified.signals},
                                              {"cases", done->verified.cases},
                                              {"journal_digest", done->verified.journal_digest},
                                              {"first_difference", done->verified.first_difference}})
              << '\n';
  } else {
    std::cout << "restored to " << command.data << ": " << done->copied.blocks << " blocks, up to sequence "
              << done->copied.sequence.value() << " at " << format_rfc3339(done->verified.at) << "; "
              << done->verified.signals << " signals, " << done->verified.cases << " cases\n"
              << (done->verified.ok ? "verified: the chain holds and every table is what the journal says\n"
                                    : "it differs: " + done->verified.first_difference + '\n');
  }
  return done->verified.ok ? kOk : kFailed;
}

}  // namespace

void add_backup(CLI::App& app, int& exit_code) {
  CLI::App* sub = app.add_subcommand(
      "backup",
      "Copy a data folder to one file: journal, tables, newest snapshot, packs. Beside a running server nothing waits\n"
      "for it. Exits: 0 done; 1 the file is there already; 3 the folder or the disk doesn't allow it");
  auto command = std::make_shared<BackupCommand>();
  add_folder_options(*sub, *command);
  sub->add_option("--to", command->file, "The file to make; a running server writes it, as its own user")->required();
  sub->add_flag("--json", command->json, "Print one JSON object");
  sub->callback([command, &exit_code] { exit_code = run_backup(*command); });
}

void add_restore(CLI::App& app, int& exit_code) {
  CLI::App* sub =
      app.add_subcommand("restore",
                         "Make a data folder of a backup, verify it whole and say what it holds. Overwrites nothing.\n"
                         "Exits: 0 restored and sound; 1 restored, but what is named differs, or the folder is not "
                         "empty; 3 the file or the\n"
                         "disk doesn't allow it");
  auto command = std::make_shared<BackupCommand>();
  sub->add_option("--from", command->file, "The backup")->required();
  add_folder_options(*sub, *command, "The data folder to make: missing or empty");
  sub->add_flag("--json", command->json, "Print one JSON object");
  sub->callback([command, &exit_code] { exit_code = run_restore(*command); });
}

}  // namespace quanzu::cmd
