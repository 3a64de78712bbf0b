// quanzu load: made-up signals at full speed or at a rate, and how soon each was acked.
#include <boost/json.hpp>
#include <fstream>
#include <iostream>
#include <random>

#include "cmd/tool_feed.h"
#include "simulator/load.h"

namespace quanzu::tool {
namespace {

struct LoadCommand {
  FeedOptions feed;
  std::string text;
  simulator::LoadOptions load;
};

std::string fresh_stream() {
  std::random_device random;
  std::string name = "load-";
  for (int i = 0; i < 16; ++i) name += "0123456789abcdef"[random() % 16];
  return name;
}

void print(const LoadCommand& command, const simulator::LoadReport& report) {
  const double rate = report.seconds > 0 ? static_cast<double>(report.acked) / report.seconds : 0;
  const auto& latency = report.latency;
  if (command.feed.json) {
    const boost::json::object ack_ms{{"p50", latency.quantile_ms(0.5)},
                                     {"p99", latency.quantile_ms(0.99)},
                                     {"p999", latency.quantile_ms(0.999)},
                                     {"max", latency.max_ms()}};
    std::cout << boost::json::serialize(boost::json::object{{"sent", report.sent},
                                                            {"acked", report.acked},
                                                            {"rejected", report.rejected},
                                                            {"seconds", report.seconds},
                                                            {"signals_per_s", rate},
                                                            {"ack_ms", ack_ms}})
              << '\n';
  } else {
    std::cout << report.sent << " sent, " << report.acked << " acked in " << report.seconds << " s: " << rate
              << " signals/s; ack p50 " << latency.quantile_ms(0.5) << " ms, p99 " << latency.quantile_ms(0.99)
              << " ms, p99.9 " << latency.quantile_ms(0.999) << " ms, max " << latency.max_ms() << " ms\n";
  }
}

Exit read_texts(const std::string& path, std::vector<std::string>& texts) {
  if (path.empty()) return Exit::kOk;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) texts.push_back(std::move(line));
  }
  if (!texts.empty()) return Exit::kOk;
  say("quanzu: --text " + path + (in.eof() ? " holds no line of text" : " can't be read"));
  return Exit::kFailed;
}

Exit load(LoadCommand& command) {
  std::ofstream log;
  Exit ready = client_options(command.feed, command.load.client);
  if (ready == Exit::kOk) ready = read_texts(command.text, command.load.texts);
  if (ready == Exit::kOk) ready = open_log(command.feed.acked_log, log);
  if (ready != Exit::kOk) return ready;
  command.load.client.stream = command.feed.stream.empty() ? fresh_stream() : command.feed.stream;
  if (log.is_open()) command.load.acked_log = &log;
  command.load.say = say;
  Progress progress;
  command.load.progress = [&progress](uint64_t sent, uint64_t acked) { progress.show(acked, sent - acked); };
  const simulator::LoadReport report = simulator::run_load(command.load);
  progress.end();
  print(command, report);
  if (!report.failure) return Exit::kOk;
  say("quanzu: " + report.message);
  return exit_of(*report.failure);
}

}  // namespace

void add_load(CLI::App& app) {
  CLI::App* sub = app.add_subcommand("load",
                                     "Load a feed with the SMS of a made-up street and measure rate and time to ack.\n"
                                     "Exits: 0 all are acked; 1 the token or the text file is at fault; 3 the "
                                     "server can't be reached, or has lost what it had acked");
  auto command = std::make_shared<LoadCommand>();
  add_feed_options(*sub, command->feed);
  sub->add_option("--count", command->load.count, "Signals to send")->required()->check(CLI::PositiveNumber);
  sub->add_option("--rate", command->load.rate,
                  "Signals a second, sent in time whatever the server does; without: full speed")
      ->check(CLI::PositiveNumber);
  sub->add_option("--connections", command->load.connections, "Connections, each with a stream of its own")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  sub->add_option("--text", command->text, "A file of texts, one a line, sent in turn");
  sub->add_option("--residents", command->load.residents, "Made-up residents")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  sub->add_option("--seed", command->load.street.seed, "Of texts and numbers")->capture_default_str();
  sub->add_option("--street-rules", command->load.street.rules, "Rules of the street whose words are planted")
      ->capture_default_str();
  sub->add_option("--planted", command->load.street.planted_per_mille, "Messages in a thousand that hold them")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  on_chosen(sub, [command] { return load(*command); });
}

}  // namespace quanzu::tool
