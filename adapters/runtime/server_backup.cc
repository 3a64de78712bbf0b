// A copy of the folder while everything goes on: a slice of pages after each commit, on the committer's thread; the rest in
// a thread of its own.
#include "adapters/api/render.h"
#include "adapters/runtime/server.h"

namespace quanzu::runtime {
namespace {

// Pages between two commits: half a MiB, a part of a millisecond.
constexpr int kSlice = 128;

}  // namespace

void Server::backup(std::string to, api::Reply reply) {
  const auto work = [this, to = std::move(to), reply] {
    const Result<store::BackupReport> done = copy_folder(to);
    if (!done) return reply(Failure(done.error()));
    reply(boost::json::serialize(api::render_backup(*done)));
  };
  if (backup_.start(work)) return;
  reply(fail(Code::kAborted, "a backup is being made already: wait for that to end, then ask again"));
}

Result<store::BackupReport> Server::copy_folder(const std::filesystem::path& to) {
  const Failure stopped = fail(Code::kUnavailable, "the server is stopping: make the backup when it is up again");
  Result<store::Backup> backup = stopped;
  Result<bool> copied = false;
  if (!committer_->between_commits([&] { backup = store::Backup::begin(store_->writer(), to); })) return stopped;
  if (!backup) return Failure(backup.error());
  while (copied && !*copied) {
    const bool ran = !stopping_ && committer_->between_commits([&] { copied = backup->step(kSlice); });
    if (!ran) copied = stopped;
  }
  if (copied) return backup->finish(data_);
  // It is still tied to the writer's connection.
  committer_->between_commits([&] { backup = Failure(copied.error()); });
  return Failure(copied.error());
}

}  // namespace quanzu::runtime
