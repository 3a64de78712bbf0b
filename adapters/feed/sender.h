// Sends a file's rows as a stream, row n as seq n, until the server has acked them all: it goes on where the server
// stopped, in this run or in an earlier one. Runs on the caller's thread until the end.
#pragma once
#include <functional>
#include <ostream>
#include <string>

#include "adapters/feed/client.h"
#include "adapters/feed/rows.h"

namespace quanzu::feed {

struct SendReport {
  uint64_t rows = 0;      // of the file
  uint64_t sent = 0;      // in this run
  uint64_t acked = 0;     // of the file's rows, earlier runs included
  uint64_t rejected = 0;  // in this run; they are acked too, and kept by the server with the reason
  double seconds = 0;
  std::optional<Client::Failure> failure;
  std::string message;  // of the failure
};

struct SendOptions {
  ClientOptions client;
  std::ostream* acked_log = nullptr;  // a line an ack: the stream, a space, the last number acked
  std::function<void(const std::string&)> say = [](const std::string&) {};  // outages, rejected rows
  std::function<void(const SendReport&)> progress = [](const SendReport&) {};
};

SendReport send_rows(RowReader& rows, const SendOptions& options);

// The greatest number that the log holds for the stream; 0 where there is none. The file may be absent.
uint64_t last_acked(const std::string& log_path, const std::string& stream);

}  // namespace quanzu::feed
