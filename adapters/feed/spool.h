// The inbound spool: a file of signals renamed into DIR (.jsonl, .csv or .tsv) is taken by the same path as a connection's
// frames, as stream spool-<content hash> of feed "spool", then moved to DIR/done with NAME.report beside it. The stream's
// cursor makes it crash-safe: a file that was half taken goes on where it stopped, and the same content is taken once.
// One io thread. The ingress, the metrics and the io_context's thread outlive it.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>

#include "adapters/feed/intake.h"

namespace quanzu::feed {

struct SpoolOptions {
  std::string folder;  // made where it is missing, with its done/
  Limits limits;
  std::chrono::milliseconds poll = std::chrono::seconds(1);
  std::function<void(const std::string&)> say = [](const std::string&) {
  };  // a line a file, for the log: no personal data
};

class Spool {
 public:
  Spool(boost::asio::io_context& io, Ingress& ingress, Metrics& metrics, SpoolOptions options);
  ~Spool();

  // Looks at once, then every `poll`. Errors: the folder can't be made.
  Result<void> start();
  void stop();  // the file at hand goes on at the next start

 private:
  class File;
  void look();
  void wait();
  void done_with(bool moved);

  boost::asio::io_context& io_;
  Ingress& ingress_;
  Metrics& metrics_;
  const SpoolOptions options_;
  boost::asio::steady_timer timer_;
  std::shared_ptr<File> file_;  // under way
  bool stopped_ = false;
};

}  // namespace quanzu::feed
