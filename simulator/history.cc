#include "simulator/history.h"

#include <fstream>

#include "adapters/feed/batch.h"
#include "adapters/feed/rows.h"
#include "adapters/feed/validate.h"
#include "adapters/runtime/pack_archive.h"
#include "adapters/store/data_folder.h"
#include "adapters/store/journal.h"
#include "adapters/store/recovery.h"
#include "adapters/store/sqlite_reader.h"

namespace quanzu::simulator {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kSignalsFile = "signals.jsonl";

class JournalHistory final : public History {
 public:
  // `as_it_was` replays beside: it knows the streams' names and what came of the cases.
  JournalHistory(std::unique_ptr<store::Reader> reader, uint64_t expected, fs::path live_pack)
      : reader_(std::move(reader)), replayer_(as_it_was_), expected_(expected), live_pack_(std::move(live_pack)) {}

  Result<void> read(const std::function<Result<void>(HistoryBatch&&)>& each) override {
    return reader_->read_journal(1, [&](const store::StoredBlock& block) -> Result<void> {
      if (Result<void> applied = replayer_.apply(block); !applied) return applied;
      return read_block(block, each);
    });
  }

  uint64_t expected() const override { return expected_; }

  Truths truths() const override {
    Truths out;
    const Engine& engine = as_it_was_.engine();
    for (uint64_t id = 1; id <= engine.case_count(); ++id) {
      const Case& of = *engine.find_case(CaseId(id));
      const Truth truth = of.settled_truth();
      if (!of.resident || (truth != Truth::kConfirmed && truth != Truth::kRefuted)) continue;
      Truth& known = out.emplace(engine.find_resident(of.resident)->number, truth).first->second;
      if (truth == Truth::kConfirmed) known = truth;
    }
    return out;
  }

  fs::path live_pack() const override { return live_pack_; }

 private:
  // The raw part has a batch for each batch of the events, in the same order.
  Result<void> read_block(const store::StoredBlock& block,
                          const std::function<Result<void>(HistoryBatch&&)>& each) const {
    store::EventDecoder events(block.events);
    store::RawDecoder raw(block.raw);
    for (;;) {
      const Result<const Event*> event = events.next();
      if (!event) return Failure(event.error());
      if (*event == nullptr) return {};
      const auto* batch = std::get_if<SignalBatch>(&(*event)->body);
      if (batch == nullptr) continue;
      store::RawBatch received;
      if (!block.raw.empty()) {
        const Result<bool> more = raw.next(received);
        if (!more) return Failure(more.error());
        if (!*more || received.stream != batch->stream || received.first_seq != batch->first_seq) {
          return fail(Code::kInternal, "journal block " + std::to_string(block.number) +
                                           ": its two parts do not fit: run `quanzud verify`");
        }
      }
      const Stream& stream = *as_it_was_.engine().find_stream(batch->stream);
      HistoryBatch out{
          stream.feed, stream.stream, batch->first_seq, batch->count, (*event)->now, std::string(received.bytes), {}};
      for (const RejectedSignal& each_rejected : batch->rejects) out.rejected.push_back(each_rejected.seq);
      if (Result<void> done = each(std::move(out)); !done) return done;
    }
  }

  std::unique_ptr<store::Reader> reader_;
  rules::Pipeline as_it_was_;
  store::Replayer replayer_;
  const uint64_t expected_;
  const fs::path live_pack_;
};

// Every row arrives when it happened.
class FileHistory final : public History {
 public:
  explicit FileHistory(fs::path file) : file_(std::move(file)) {}

  Result<void> read(const std::function<Result<void>(HistoryBatch&&)>& each) override {
    std::ifstream in(file_, std::ios::binary);
    Result<feed::RowReader> rows = feed::RowReader::open(in, {});
    if (!rows) return Failure(rows.error());
    HistoryBatch batch = next_batch(1);
    uint64_t seq = 0;
    while (const std::optional<feed::Row> row = rows->next()) {
      ++seq;
      if (row->problem) batch.rejected.push_back(seq);
      feed::append_sized_signal(batch.bytes, seq, row->fields);
      if (++batch.count < feed::Batch::kMaxSignals) continue;
      if (Result<void> done = each(std::move(batch)); !done) return done;
      batch = next_batch(seq + 1);
    }
    if (in.bad()) return fail(Code::kUnavailable, file_.string() + " can't be read to its end");
    return batch.count == 0 ? Result<void>() : each(std::move(batch));
  }

 private:
  static HistoryBatch next_batch(uint64_t first_seq) {
    HistoryBatch out{.feed = "file", .stream = std::string(kSignalsFile)};
    out.first_seq = first_seq;
    return out;
  }
  const fs::path file_;
};

Result<uint64_t> count_signals(store::Reader& reader) {
  uint64_t signals = 0;
  const Result<void> read = reader.scan(store::Table::kStreams, [&signals](const store::Row& row) -> Result<void> {
    signals += static_cast<uint64_t>(std::get<int64_t>(row.values.at(4)) + std::get<int64_t>(row.values.at(5)));
    return {};
  });
  if (!read) return Failure(read.error());
  return signals;
}

// Where its files are kept; empty where they are not.
Result<fs::path> find_live_pack(store::Reader& reader, const fs::path& folder) {
  const Result<std::vector<store::Row>> rows = reader.select(store::Table::kPacks, "1", {}, "version DESC", 1);
  if (!rows) return Failure(rows.error());
  if (rows->empty()) return fs::path();
  const std::string& hash = std::get<std::string>(rows->front().values.at(1));
  const runtime::PackArchive archive(folder);
  return archive.has(hash) ? archive.folder_of(hash) : fs::path();
}

Result<std::unique_ptr<History>> open_journal(const store::DataFolder& folder) {
  Result<std::unique_ptr<store::Reader>> reader = store::open_reader(folder);
  if (!reader) return Failure(reader.error());
  const Result<uint64_t> signals = count_signals(**reader);
  if (!signals) return Failure(signals.error());
  Result<fs::path> live_pack = find_live_pack(**reader, folder.path());
  if (!live_pack) return Failure(live_pack.error());
  return std::make_unique<JournalHistory>(std::move(*reader), *signals, std::move(*live_pack));
}

}  // namespace

Result<std::unique_ptr<History>> open_history(const store::DataFolder& data) {
  const fs::path& folder = data.path();
  std::error_code error;
  if (fs::exists(store::database_path(folder), error)) return open_journal(data);
  if (fs::exists(folder / kSignalsFile, error)) return std::make_unique<FileHistory>(folder / kSignalsFile);
  return fail(Code::kUnavailable, folder.string() + " holds neither a journal (quanzu.db) nor " +
                                      std::string(kSignalsFile) + ": name a server's data folder");
}

}  // namespace quanzu::simulator
