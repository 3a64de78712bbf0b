// quanzu send: a file of signals to a feed, each row once, whatever breaks on the way.
#include <boost/json.hpp>
#include <fstream>
#include <iostream>

#include "adapters/feed/content_hash.h"
#include "adapters/feed/sender.h"
#include "cmd/tool_feed.h"

namespace quanzu::tool {
namespace {

struct SendCommand {
  FeedOptions feed;
  std::string file;
  std::string format;
  std::string kind;
  feed::RowOptions rows;
};

// The file's rows as the options want them read.
Exit prepare(SendCommand& command, std::ifstream& in) {
  const std::string name = command.format.empty() ? command.file : "." + command.format;
  const std::optional<feed::Format> format = feed::find_format(name);
  if (!format) {
    say("quanzu: " + command.file + " ends in none of .jsonl, .csv, .tsv: name its format with --format");
    return Exit::kUsage;
  }
  command.rows.format = *format;
  if (!command.kind.empty()) command.rows.kind = find_kind(command.kind);
  in.open(command.file, std::ios::binary);
  if (in) return Exit::kOk;
  say("quanzu: " + command.file + " can't be read");
  return Exit::kFailed;
}

void print(const SendCommand& command, const feed::SendReport& report) {
  if (command.feed.json) {
    std::cout << boost::json::serialize(boost::json::object{{"sent", report.sent},
                                                            {"acked", report.acked},
                                                            {"rejected", report.rejected},
                                                            {"seconds", report.seconds}})
              << '\n';
  } else {
    std::cout << report.sent << " sent, " << report.acked << " of " << report.rows << " rows acked, " << report.rejected
              << " rejected in " << report.seconds << " s\n";
  }
}

Exit send(SendCommand& command) {
  std::ifstream in;
  std::ofstream log;
  feed::SendOptions options;
  Exit ready = client_options(command.feed, options.client);
  if (ready == Exit::kOk) ready = prepare(command, in);
  if (ready != Exit::kOk) return ready;
  options.client.stream = command.feed.stream;
  if (options.client.stream.empty()) {
    Result<std::string> stream = feed::stream_of_file("send", command.file);
    if (!stream) {
      say("quanzu: " + stream.error().message);
      return Exit::kFailed;
    }
    options.client.stream = std::move(*stream);
  }
  Result<feed::RowReader> rows = feed::RowReader::open(in, command.rows);
  if (!rows) {
    say("quanzu: " + command.file + ": " + rows.error().message);
    return Exit::kFailed;
  }
  // What an earlier run was told is durable must still be there.
  if (!command.feed.acked_log.empty()) {
    options.client.acked = feed::last_acked(command.feed.acked_log, options.client.stream);
  }
  ready = open_log(command.feed.acked_log, log);
  if (ready != Exit::kOk) return ready;
  if (log.is_open()) options.acked_log = &log;
  options.say = say;
  Progress progress;
  options.progress = [&progress](const feed::SendReport& report) {
    progress.show(report.acked, report.rows - report.acked);
  };
  const feed::SendReport report = feed::send_rows(*rows, options);
  progress.end();
  print(command, report);
  if (!report.failure) return Exit::kOk;
  say("quanzu: " + report.message);
  return exit_of(*report.failure);
}

}  // namespace

void add_send(CLI::App& app) {
  CLI::App* sub = app.add_subcommand("send",
                                     "Send a file of signals (.jsonl, .csv, .tsv) to a feed; run it again after a cut "
                                     "and it goes on where it stopped.\n"
                                     "Exits: 0 all rows are durable, rejected ones included (they are counted and "
                                     "named); 1 the file or the token is at\n"
                                     "fault; 3 the server can't be reached, or has lost what it had acked");
  auto command = std::make_shared<SendCommand>();
  add_feed_options(*sub, command->feed);
  sub->add_option("FILE", command->file, "The signals: docs/feed-protocol.md names the fields")->required();
  sub->add_option("--format", command->format, "jsonl, csv or tsv, where the file's name doesn't say")
      ->check(CLI::IsMember({"jsonl", "csv", "tsv"}));
  sub->add_option("--kind", command->kind, "The kind of rows that name none")
      ->check(CLI::IsMember({"sms", "call", "url", "app", "transfer", "report", "instruction"}));
  sub->add_option("--text-column", command->rows.text_column,
                  "The column that holds the text; columns of unknown names are then left out");
  sub->add_option("--residents", command->rows.residents, "Spread the rows over this many made-up residents");
  on_chosen(sub, [command] { return send(*command); });
}

}  // namespace quanzu::tool
