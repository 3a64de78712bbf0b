// What `quanzu send` and `quanzu load` share: the feed's address and token, the acked log, progress on a terminal.
// The main thread alone.
#pragma once
#include <CLI/CLI.hpp>
#include <chrono>
#include <fstream>
#include <string>

#include "adapters/feed/client.h"
#include "cmd/tool.h"

namespace quanzu::tool {

struct FeedOptions {
  std::string feed;  // HOST:PORT
  std::string stream;
  std::string token;  // or QUANZU_TOKEN
  std::string acked_log;
  uint32_t patience_s = 60;
  bool json = false;
};
void add_feed_options(CLI::App& command, FeedOptions& options);

// The client's options but its stream; on a wrong command line says so and gives kUsage.
Exit client_options(const FeedOptions& options, feed::ClientOptions& client);
// Opened for appending; errors are said on standard error and give kState. No name: left closed.
Exit open_log(const std::string& path, std::ofstream& log);

void say(const std::string& line);  // a line on standard error, over a progress bar if there is one

// A line that is written over, ten times a second at most, and on a terminal only.
class Progress {
 public:
  void show(const std::string& line);
  void show(uint64_t acked, uint64_t under_way);
  void end();

 private:
  std::chrono::steady_clock::time_point next_{};
};

Exit exit_of(feed::Client::Failure failure);

}  // namespace quanzu::tool
