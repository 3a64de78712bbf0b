#include "cmd/tool_feed.h"

#include <unistd.h>

#include <iostream>

namespace quanzu::tool {

void add_feed_options(CLI::App& command, FeedOptions& options) {
  command.add_option("--feed", options.feed, "The server's feed address, HOST:PORT")->required();
  command.add_option("--stream", options.stream, "The stream's name (letters, digits, . _ : -)");
  command.add_option("--token", options.token, "The token of an account of role feed")->envname("QUANZU_TOKEN");
  command.add_option("--acked-log", options.acked_log,
                     "Append a line an ack: the stream, a space, the last number acked");
  command.add_option("--patience", options.patience_s, "Seconds to try again when the server is gone")
      ->capture_default_str();
  command.add_flag("--json", options.json, "Print one JSON object on standard output");
}

Exit client_options(const FeedOptions& options, feed::ClientOptions& client) {
  const size_t colon = options.feed.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == options.feed.size()) {
    say("quanzu: --feed is '" + options.feed + "'; it must be HOST:PORT, such as 127.0.0.1:7400");
    return Exit::kUsage;
  }
  if (options.token.empty()) {
    say("quanzu: a token is needed: --token T or QUANZU_TOKEN; `quanzud user add NAME --role feed` makes one");
    return Exit::kUsage;
  }
  client.host = options.feed.substr(0, colon);
  client.port = options.feed.substr(colon + 1);
  client.token = options.token;
  client.patience = std::chrono::seconds(options.patience_s);
  client.first_patience = std::min<std::chrono::milliseconds>(client.patience, std::chrono::seconds(10));
  return Exit::kOk;
}

Exit open_log(const std::string& path, std::ofstream& log) {
  if (path.empty()) return Exit::kOk;
  log.open(path, std::ios::app);
  if (log) return Exit::kOk;
  say("quanzu: --acked-log " + path + " can't be written");
  return Exit::kState;
}

namespace {

bool on_terminal() {
  return isatty(STDERR_FILENO) == 1;
}

}  // namespace

void say(const std::string& line) {
  if (on_terminal()) std::cerr << "\r\x1b[K";
  std::cerr << line << '\n';
}

void Progress::show(const std::string& line) {
  const auto now = std::chrono::steady_clock::now();
  if (!on_terminal() || now < next_) return;
  next_ = now + std::chrono::milliseconds(100);
  std::cerr << "\r\x1b[K" << line << std::flush;
}

void Progress::show(uint64_t acked, uint64_t under_way) {
  show(std::to_string(acked) + " acked, " + std::to_string(under_way) + " under way");
}

void Progress::end() {
  if (on_terminal()) std::cerr << "\r\x1b[K" << std::flush;
}

Exit exit_of(feed::Client::Failure failure) {
  return failure == feed::Client::Failure::kRefused ? Exit::kFailed : Exit::kState;
}

}  // namespace quanzu::tool
