#include "simulator/faults/audit.h"

#include <algorithm>
#include <set>

#include "adapters/api/ids.h"
#include "adapters/feed/wire.h"
#include "adapters/store/journal.h"

namespace quanzu::simulator {
namespace {

using store::Row;
using store::Table;

uint64_t number_in(const Row& row, size_t column) {
  const auto* number = std::get_if<int64_t>(&row.values[column]);
  return number == nullptr ? 0 : static_cast<uint64_t>(*number);
}
std::string text_in(const Row& row, size_t column) {
  return std::get<std::string>(row.values[column]);
}

class SignalAudit {
 public:
  SignalAudit(store::Reader& reader, const Engine& engine, std::string_view feed, const std::vector<Sender>& senders,
              Judge& judge)
      : reader_(reader), judge_(judge) {
    streams_.resize(engine.stream_count());
    for (const Sender& each : senders) {
      const Stream* stream = engine.find_stream(feed, each.stream());
      if (stream != nullptr) streams_[stream->id.value() - 1].sender = &each;
    }
  }

  Result<void> run() {
    Result<void> read = journal();
    if (read) read = alerts();
    if (read) read = rejects();
    if (!read) return read;
    for (const Of& each : streams_) {
      if (each.sender == nullptr) continue;
      const std::vector<FaultSignal>& made = each.sender->made();
      if (each.next != made.size() + 1) {
        wrong(each, "the journal ends at " + std::to_string(each.next - 1) + " of " + std::to_string(made.size()));
      }
      for (uint64_t seq = 1; seq <= made.size(); ++seq) check(each, seq, made[seq - 1]);
    }
    return {};
  }

 private:
  struct Of {
    const Sender* sender = nullptr;
    uint64_t next = 1;                                       // of the journal
    std::multiset<std::pair<uint64_t, std::string>> alerts;  // seq, rule
    std::multiset<uint64_t> rejects;
  };

  void wrong(const Of& of, const std::string& what) { judge_.wrong("stream " + of.sender->stream() + ": " + what); }
  Of* find(uint64_t stream) {
    if (stream == 0 || stream > streams_.size() || streams_[stream - 1].sender == nullptr) return nullptr;
    return &streams_[stream - 1];
  }

  Result<void> journal() {
    return reader_.read_journal(1, [this](const store::StoredBlock& block) -> Result<void> {
      store::RawDecoder decoder(block.raw);
      store::RawBatch batch;
      Result<bool> more = decoder.next(batch);
      for (; more && *more; more = decoder.next(batch)) take(block.number, batch);
      if (!more) return Failure(more.error());
      return {};
    });
  }

  void take(uint64_t block, const store::RawBatch& batch) {
    Of* of = find(batch.stream.value());
    if (of == nullptr) return judge_.wrong("block " + std::to_string(block) + " holds signals of no stream");
    if (batch.first_seq != of->next) {
      wrong(*of, "block " + std::to_string(block) + " goes on at " + std::to_string(batch.first_seq) + ", not at " +
                     std::to_string(of->next));
    }
    std::string expected;
    const std::vector<FaultSignal>& made = of->sender->made();
    for (uint64_t seq = batch.first_seq; seq < batch.first_seq + batch.count && seq <= made.size(); ++seq) {
      feed::append_sized_signal(expected, seq, made[seq - 1].fields);
    }
    if (expected != batch.bytes) wrong(*of, "block " + std::to_string(block) + " holds other signals than were sent");
    of->next = batch.first_seq + batch.count;
  }

  // What a window's close raised has no signal.
  Result<void> alerts() {
    return reader_.scan(Table::kAlerts, [this](const Row& row) -> Result<void> {
      Of* of = find(number_in(row, 2));
      if (of != nullptr) of->alerts.emplace(number_in(row, 3), text_in(row, 4));
      return {};
    });
  }

  Result<void> rejects() {
    return reader_.scan(Table::kRejects, [this](const Row& row) -> Result<void> {
      Of* of = find(number_in(row, 0));
      if (of != nullptr) of->rejects.insert(number_in(row, 1));
      return {};
    });
  }

  void check(const Of& of, uint64_t seq, const FaultSignal& signal) {
    if (of.rejects.count(seq) != (signal.bad ? 1 : 0))
      wrong(of, "seq " + std::to_string(seq) + " is wrongly refused or taken");
    for (size_t word = 0; word < kFaultWords; ++word) {
      const bool due = std::find(signal.words.begin(), signal.words.end(), word) != signal.words.end();
      const size_t found = of.alerts.count({seq, fault_rule(word)});
      if (found == (due ? 1 : 0)) continue;
      wrong(of, "seq " + std::to_string(seq) + " has " + std::to_string(found) + " alerts of " + fault_rule(word) +
                    ", and should have " + (due ? "one" : "none"));
    }
  }

  store::Reader& reader_;
  Judge& judge_;
  std::vector<Of> streams_;  // by StreamId
};

}  // namespace

void check_told_cases(const Engine& engine, const std::vector<Clerk>& clerks, Judge& judge) {
  for (const Clerk& clerk : clerks) {
    for (const auto& [place, id] : clerk.told_cases()) {
      const Case* found = engine.find_case(*api::parse_id<CaseId>(id));
      if (found == nullptr || found->place != place) {
        judge.wrong("case " + id + " about " + place + " was told to be open, and is not there");
      }
    }
  }
}

std::string overdue_lease(const Engine& engine) {
  for (uint64_t id = 1; id <= engine.case_count(); ++id) {
    for (const Task& task : engine.find_case(CaseId(id))->tasks) {
      if (task.held() && task.lease_until < engine.now()) {
        return "task " + std::to_string(task.id.value()) + " is still held at " + format_rfc3339(engine.now()) +
               ", its lease ended at " + format_rfc3339(task.lease_until);
      }
    }
  }
  return {};
}

std::string waiting_window(const rules::Pipeline& pipeline) {
  if (pipeline.correlator().core().closes_with() >= rules::kForever) return {};
  return "a window still waits at " + format_rfc3339(pipeline.engine().now()) + ", though no feed has spoken for long";
}

Result<void> audit_signals(store::Reader& reader, const Engine& engine, std::string_view feed,
                           const std::vector<Sender>& senders, Judge& judge) {
  return SignalAudit(reader, engine, feed, senders, judge).run();
}

}  // namespace quanzu::simulator
