// quanzud journal: what was said to the server, for whoever must compare it with what a sender was told.
#include <iostream>

#include "adapters/store/journal.h"
#include "adapters/store/sqlite_reader.h"
#include "cmd/server.h"

namespace quanzu::cmd {
namespace {

namespace json = boost::json;

struct JournalCommand : FolderOptions {
  bool raw = false;
};

struct Names {
  std::vector<std::string> streams;             // by StreamId
  std::vector<std::vector<std::string>> rules;  // by PackVersion
  std::string stream(StreamId id) const { return streams.at(id.value() - 1); }
};

json::object describe(const SignalBatch& batch, const Names& names) {
  json::array matched;
  for (const MatchedSignal& each : batch.signals) {
    json::array rules;
    for (const RuleIndex rule : each.rules) rules.emplace_back(names.rules.at(batch.pack.value() - 1).at(rule));
    matched.emplace_back(json::object{
        {"seq", each.seq}, {"kind", std::string(kind_name(each.signal->kind))}, {"rules", std::move(rules)}});
  }
  json::array rejected;
  for (const RejectedSignal& each : batch.rejects) {
    rejected.emplace_back(json::object{{"seq", each.seq}, {"reason", std::string(each.reason)}});
  }
  return json::object{
      {"stream", names.stream(batch.stream)}, {"first_seq", batch.first_seq},  {"count", batch.count},
      {"pack", batch.pack.value()},           {"matched", std::move(matched)}, {"rejected", std::move(rejected)}};
}

constexpr std::array kTypes = {"genesis",       "user_added", "user_disabled", "user_reset",   "pack_live",
                               "stream_opened", "signals",    "tick",          "outcome_mark", "command"};
static_assert(kTypes.size() == std::variant_size_v<EventBody>);
constexpr std::array kCommands = {"open",           "claim_next", "claim",         "renew",       "release",
                                  "record_attempt", "close",      "follow_up",     "correct",     "decide_truth",
                                  "sign",           "feed_back",  "advance_clock", "switch_rule", "create_instruction"};
static_assert(kCommands.size() == std::variant_size_v<CommandBody>);

// No credentials, no personal data: types, ids and numbers alone.
json::object describe(const Event& event, Names& names) {
  json::object out{{"sequence", event.sequence.value()},
                   {"now", format_rfc3339(event.now)},
                   {"type", kTypes.at(event.body.index())}};
  if (const auto* opened = std::get_if<StreamOpened>(&event.body)) {
    names.streams.push_back(opened->stream);
    out["stream"] = opened->stream;
    out["feed"] = opened->feed;
  } else if (const auto* pack = std::get_if<PackLive>(&event.body)) {
    std::vector<std::string>& rules = names.rules.emplace_back();
    for (const RuleInfo& rule : pack->rules) rules.push_back(rule.id);
    out["version"] = pack->version.value();
    out["rules"] = pack->rules.size();
  } else if (const auto* batch = std::get_if<SignalBatch>(&event.body)) {
    for (const auto& [key, value] : describe(*batch, names)) out[key] = value;
  } else if (const auto* command = std::get_if<Command>(&event.body)) {
    out["user"] = command->user.value();
    out["command"] = kCommands.at(command->body.index());
  }
  return out;
}

Result<void> print_events(const store::StoredBlock& block, bool print, Names& names) {
  store::EventDecoder decoder(block.events);
  for (;;) {
    const Result<const Event*> event = decoder.next();
    if (!event) return Failure(event.error());
    if (*event == nullptr) return {};
    json::object described = describe(**event, names);
    described["block"] = block.number;
    if (print) std::cout << json::serialize(described) << '\n';
  }
}

// One line a signal, from the bytes that were received.
Result<void> print_raw(const store::StoredBlock& block, const Names& names) {
  store::RawDecoder decoder(block.raw);
  store::RawBatch batch;
  for (;;) {
    const Result<bool> more = decoder.next(batch);
    if (!more) return Failure(more.error());
    if (!*more) return {};
    const std::string stream = names.stream(batch.stream);
    for (uint64_t seq = batch.first_seq; seq < batch.first_seq + batch.count; ++seq) {
      std::cout << stream << ' ' << seq << '\n';
    }
  }
}

int run(const JournalCommand& command) {
  Result<std::unique_ptr<store::Reader>> reader = store::open_reader(command.folder());
  if (!reader) return report(reader.error());
  Names names;
  const Result<void> read = (*reader)->read_journal(1, [&](const store::StoredBlock& block) {
    Result<void> done = print_events(block, !command.raw, names);
    return done && command.raw ? print_raw(block, names) : done;
  });
  return read ? kOk : report(read.error());
}

}  // namespace

void add_journal(CLI::App& app, int& exit_code) {
  CLI::App* sub = app.add_subcommand(
      "journal",
      "Print the journal: a JSON object an event; no texts, numbers or secrets. Works beside a running server");
  auto command = std::make_shared<JournalCommand>();
  add_folder_options(*sub, *command);
  sub->add_flag("--raw", command->raw, "A line a signal instead: its stream, a space, its number");
  sub->callback([command, &exit_code] { exit_code = run(*command); });
}

}  // namespace quanzu::cmd
