#include "adapters/runtime/rematch.h"

#include <map>

#include "adapters/feed/validate.h"
#include "adapters/runtime/pack_source.h"
#include "adapters/store/journal.h"

namespace quanzu::runtime {
namespace {

// Decides everything but what the journal decides: which signals were refused, and when they came.
constexpr feed::Limits kLimits;

class Rematch {
 public:
  explicit Rematch(const std::filesystem::path& data) : source_({}, {}, data) {}

  Result<void> check(const store::StoredBlock& block) {
    store::EventDecoder events(block.events);
    store::RawDecoder raw(block.raw);
    for (;;) {
      const Result<const Event*> event = events.next();
      if (!event) return Failure(event.error());
      if (*event == nullptr) return {};
      if (const auto* opened = std::get_if<StreamOpened>(&(*event)->body)) feeds_.push_back(opened->feed);
      if (const auto* pack = std::get_if<PackLive>(&(*event)->body)) take(*pack, (*event)->now);
      const auto* batch = std::get_if<SignalBatch>(&(*event)->body);
      if (batch == nullptr) continue;
      if (block.raw.empty()) {
        leave_out(*batch, "the raw part was removed");
        continue;
      }
      store::RawBatch bytes;
      const Result<bool> more = raw.next(bytes);
      if (!more) return Failure(more.error());
      const bool same = *more && bytes.stream == batch->stream && bytes.first_seq == batch->first_seq;
      if (!same) {
        differs(block.number, *batch, batch->first_seq, "the raw part holds another batch");
      } else {
        check_batch(block.number, *batch, bytes.bytes, (*event)->now);
      }
    }
  }

  RematchReport report() && { return std::move(report_); }

 private:
  // A pack by version, compiled when a batch first asks for it; entries of lists count as they did when it went live.
  struct Known {
    LivePack pack;
    Instant live_at{};
    bool has_rules = false;
    std::map<Instant, Result<SharedPacks>> compiled;
  };

  void take(const PackLive& pack, Instant now) {
    packs_[pack.version] = Known{{pack.version, pack.hash, pack.folder_hash, {}}, now, !pack.rules.empty(), {}};
  }

  Result<SharedPacks> pack_at(Known& known, Instant at) {
    const auto found = known.compiled.find(at);
    if (found != known.compiled.end()) return found->second;
    Result<SharedPacks> packs = known.has_rules ? source_.compile_kept(known.pack, at) : compile_packs({}, nullptr, at);
    return known.compiled.emplace(at, std::move(packs)).first->second;
  }

  void check_batch(uint64_t block, const SignalBatch& batch, std::string_view bytes, Instant now) {
    Known& known = packs_[batch.pack];
    const Result<SharedPacks> packs = pack_at(known, known.live_at);
    if (!packs) return leave_out(batch, packs.error().message);
    std::string difference;
    uint64_t at = 0;
    if (matches_again(**packs, batch, bytes, now, at, difference)) return;
    // A restart reads the lists anew: entries that had ended by then were no longer there.
    const Result<SharedPacks> later = pack_at(known, std::chrono::floor<std::chrono::days>(now));
    std::string ignored;
    uint64_t nowhere = 0;
    if (later && matches_again(**later, batch, bytes, now, nowhere, ignored)) return;
    differs(block, batch, at, difference);
  }

  // False where a signal's number and what is different about it are left in `at` and `difference`.
  bool matches_again(const CompiledPacks& packs, const SignalBatch& batch, std::string_view bytes, Instant now,
                     uint64_t& at, std::string& difference) {
    auto spelled_out = batch.signals.begin();
    auto refused = batch.rejects.begin();
    while (!bytes.empty()) {
      const feed::Frame frame = feed::next_frame(bytes, kLimits.frame);
      feed::SignalHead head;
      Signal signal;
      if (frame.status != feed::FrameStatus::kComplete || !feed::decode_signal(frame.body, head, signal)) {
        at = batch.first_seq;
        difference = "the raw part is not what a feed sends";
        return false;
      }
      bytes.remove_prefix(frame.size);
      at = head.seq;
      while (refused != batch.rejects.end() && refused->seq < head.seq) ++refused;
      if (refused != batch.rejects.end() && refused->seq == head.seq) continue;
      const bool here = spelled_out != batch.signals.end() && spelled_out->seq == head.seq;
      const MatchedSignal* journaled = here ? &*spelled_out++ : nullptr;
      difference = compare(packs, batch, head, signal, journaled, now);
      if (!difference.empty()) return false;
    }
    if (spelled_out == batch.signals.end()) return true;
    at = spelled_out->seq;
    difference = "the journal spells it out, the raw part does not have it";
    return false;
  }

  std::string compare(const CompiledPacks& packs, const SignalBatch& batch, const feed::SignalHead& head,
                      Signal& signal, const MatchedSignal* journaled, Instant now) {
    // When it came is not in the journal: its own time is, and that was found good.
    const Instant came = journaled != nullptr ? journaled->signal->at : head.at_ms ? from_ms(*head.at_ms) : now;
    if (const auto refusal = feed::validate(head, came, kLimits, signal)) {
      return "it was taken, today it would be refused: " + std::string(refusal->reason);
    }
    signal.feed = feeds_.at(batch.stream.value() - 1);
    rules_.clear();
    scanner_.scan(*packs.program, signal, rules_);
    ++report_.signals;
    if (journaled == nullptr) {
      if (!rules_.empty()) return "it matches " + names(packs, rules_) + ", the journal says that nothing did";
      return speaks_for_itself(signal.kind) ? "it speaks for itself, the journal does not spell it out" : std::string();
    }
    if (!std::ranges::equal(rules_, journaled->rules)) {
      return "it matches " + names(packs, rules_) + ", the journal says " +
             names(packs, {journaled->rules.begin(), journaled->rules.end()});
    }
    if (bytes_of(signal) != bytes_of(*journaled->signal)) return "its fields are not those that the journal has";
    return {};
  }

  static std::string bytes_of(const Signal& signal) {
    std::string bytes;
    ByteWriter out(bytes);
    store::write_signal(out, signal, signal.at);
    return bytes;
  }

  static std::string names(const CompiledPacks& packs, const std::vector<RuleIndex>& rules) {
    std::string text;
    for (const RuleIndex rule : rules) {
      if (!text.empty()) text += ", ";
      text += rule < packs.live.rules.size() ? packs.live.rules[rule].id : "rule " + std::to_string(rule);
    }
    return text.empty() ? "nothing" : text;
  }

  void leave_out(const SignalBatch& batch, const std::string& why) {
    report_.left_out += batch.count;
    if (report_.why_left_out.empty()) report_.why_left_out = why;
  }

  void differs(uint64_t block, const SignalBatch& batch, uint64_t seq, const std::string& what) {
    ++report_.difference_count;
    if (report_.differences.size() == RematchReport::kMaxDifferences) return;
    report_.differences.push_back("journal block " + std::to_string(block) + ", stream " +
                                  std::to_string(batch.stream.value()) + ", signal " + std::to_string(seq) + ": " +
                                  what);
  }

  PackSource source_;
  std::map<PackVersion, Known> packs_;
  std::vector<std::string> feeds_;  // by StreamId
  rules::Scanner scanner_;
  std::vector<RuleIndex> rules_;
  RematchReport report_;
};

}  // namespace

Result<RematchReport> rematch(store::Reader& reader, const std::filesystem::path& data) {
  Rematch pass(data);
  const Result<void> read =
      reader.read_journal(1, [&pass](const store::StoredBlock& block) { return pass.check(block); });
  if (!read) return Failure(read.error());
  return std::move(pass).report();
}

}  // namespace quanzu::runtime
