// The client and the sender against the real server over a fake engine: each signal once, whatever breaks on the way.
#include "adapters/feed/client.h"

#include <cstdio>
#include <fstream>
#include <sstream>
#include <thread>

#include "adapters/feed/sender.h"
#include "tests/adapters/feed_peer.h"

using namespace quanzu;
using namespace quanzu::feed;
using namespace quanzu::feed::test;
using Catch::Contains;

namespace {

ClientOptions options_of(const Bench& bench, const std::string& stream = "s") {
  ClientOptions options;
  options.host = "127.0.0.1";
  options.port = std::to_string(bench.port);
  options.stream = stream;
  options.token = "secret";
  return options;
}

v1::Signal unnumbered(const std::string& text = "x") {
  return sms(0, text);
}

// What a client told its owner.
struct Told {
  explicit Told(Client& client) {
    client.on_welcome = [this](uint64_t next_seq) { welcomes.push_back(next_seq); };
    client.on_ack = [this](uint64_t up_to) { acked = up_to; };
    client.on_nack = [this](const v1::Nack& nack) { nacks.push_back(nack); };
    client.on_room = [this] { ++room; };
    client.on_outage = [this](const std::string&) { ++outages; };
    client.on_failed = [this](Client::Failure f, const std::string& m) {
      failure = f;
      message = m;
    };
  }
  std::vector<uint64_t> welcomes;
  uint64_t acked = 0;
  std::vector<v1::Nack> nacks;
  int room = 0;
  int outages = 0;
  std::optional<Client::Failure> failure;
  std::string message;
};

}  // namespace

TEST_CASE("client: signals are numbered, sent and acked; a reject is nacked", "[feed]") {
  Bench bench;
  Client client(bench.io, options_of(bench));
  Told told(client);
  CHECK_FALSE(client.send(unnumbered()));  // before Welcome
  client.start();
  bench.until([&] { return !told.welcomes.empty(); });
  CHECK(client.next_seq() == 1);
  REQUIRE(client.send(unnumbered()));
  v1::Signal bad = unnumbered();
  bad.set_kind(9);
  REQUIRE(client.send(bad));
  bench.until([&] { return told.acked == 2; });
  REQUIRE(told.nacks.size() == 1);
  CHECK(told.nacks[0].seq() == 2);
  CHECK(told.nacks[0].reason() == "unknown_kind");
  CHECK(bench.ingress.accepted() == 1);
  client.stop();
}

TEST_CASE("client: a fence is final, for two senders must not fight over a stream", "[feed]") {
  Bench bench;
  Client client(bench.io, options_of(bench));
  Told told(client);
  client.start();
  bench.until([&] { return !told.welcomes.empty(); });
  Peer newer(bench);
  newer.welcome();
  bench.until([&] { return told.failure.has_value(); });
  CHECK(told.failure == Client::Failure::kRefused);
  CHECK_THAT(told.message, Contains("newer connection"));
}

TEST_CASE("client: a restarted server gets what it has not, each once and in order", "[feed]") {
  auto first = std::make_unique<Bench>();
  first->ingress.commit_at_once = false;
  boost::asio::io_context io;  // the client outlives the first server
  Client client(io, options_of(*first));
  Told told(client);
  const auto run_both = [&](Bench& bench, auto done) {
    while (!done()) {
      io.restart();
      io.run_one_for(std::chrono::milliseconds(1));
      bench.settle();
    }
  };
  client.start();
  run_both(*first, [&] { return !told.welcomes.empty(); });
  for (int i = 1; i <= 10; ++i) REQUIRE(client.send(unnumbered(std::to_string(i))));
  const auto arrived = [&] {
    uint64_t count = 0;
    for (const auto& batch : first->ingress.waiting) count += batch->count;
    return count;
  };
  run_both(*first, [&] { return arrived() == 10; });
  const uint16_t port = first->port;
  first.reset();  // with ten signals that were never acked

  Bench second({}, port);
  second.ingress.streams["carrier/s"].next_seq = 5;  // four of them were durable
  run_both(second, [&] { return told.acked == 10; });
  CHECK(told.welcomes == std::vector<uint64_t>{1, 5});
  CHECK(told.outages == 1);
  std::vector<std::string> texts;
  for (const auto& batch : second.ingress.committed) {
    for (size_t i = 0; i < batch->accepted; ++i) texts.emplace_back(batch->signals[i].string(Field::kText));
  }
  CHECK(texts == std::vector<std::string>{"5", "6", "7", "8", "9", "10"});
  client.stop();
  io.restart();
  io.run();
}

TEST_CASE("client: a server that forgot what it had acked is data loss", "[feed]") {
  Bench bench;
  bench.ingress.streams["carrier/s"].next_seq = 5;
  ClientOptions options = options_of(bench);
  options.acked = 7;
  Client client(bench.io, options);
  Told told(client);
  client.start();
  bench.until([&] { return told.failure.has_value(); });
  CHECK(told.failure == Client::Failure::kDataLoss);
  CHECK_THAT(told.message, Contains("expects 5") && Contains("acked up to 7"));
}

TEST_CASE("client: a refused token is final and says why", "[feed]") {
  Bench bench;
  ClientOptions options = options_of(bench);
  options.token = "wrong";
  Client client(bench.io, options);
  Told told(client);
  client.start();
  bench.until([&] { return told.failure.has_value(); });
  CHECK(told.failure == Client::Failure::kRefused);
  CHECK_THAT(told.message, Contains("token is unknown"));
}

TEST_CASE("client: no server within its patience is told with the address", "[feed]") {
  uint16_t port = 0;
  {
    Bench bench;
    port = bench.port;
  }
  boost::asio::io_context io;
  ClientOptions options;
  options.host = "127.0.0.1";
  options.port = std::to_string(port);
  options.first_patience = std::chrono::milliseconds(0);
  Client client(io, options);
  Told told(client);
  client.start();
  io.run();
  CHECK(told.failure == Client::Failure::kUnreachable);
  CHECK_THAT(told.message, Contains("127.0.0.1:" + std::to_string(port)) && Contains("gave up"));
}

TEST_CASE("client: a full window takes nothing and says when there is room", "[feed]") {
  Bench bench;
  bench.ingress.commit_at_once = false;
  ClientOptions options = options_of(bench);
  options.window = 200;
  Client client(bench.io, options);
  Told told(client);
  client.start();
  bench.until([&] { return !told.welcomes.empty(); });
  uint64_t taken = 0;
  while (client.send(unnumbered())) ++taken;
  CHECK(taken > 0);
  CHECK(client.next_seq() == taken + 1);
  bench.until([&] {
    bench.ingress.commit();
    return told.room == 1;
  });
  CHECK(client.send(unnumbered()));
  client.stop();
}

TEST_CASE("client: an answer that is no feed server's ends it", "[feed]") {
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor acceptor(io, {boost::asio::ip::address_v4::loopback(), 0});
  boost::asio::ip::tcp::socket socket(io);
  acceptor.async_accept(socket, [&](const boost::system::error_code&) {
    boost::asio::write(
        socket, boost::asio::buffer(std::string_view("HTTP/1.1 400 Bad Request\r\n\r\n" + std::string(100, ' '))));
  });
  ClientOptions options;
  options.host = "127.0.0.1";
  options.port = std::to_string(acceptor.local_endpoint().port());
  Client client(io, options);
  Told told(client);
  client.start();
  while (!told.failure && io.run_one_for(std::chrono::seconds(20)) > 0) {
  }
  REQUIRE(told.failure == Client::Failure::kRefused);
  CHECK_THAT(told.message, Contains("no feed server"));
}

namespace {

// send_rows() runs an io_context of its own, so the server gets a thread.
class Served {
 public:
  explicit Served(Bench& bench)
      : bench_(bench), work_(bench.io.get_executor()), thread_([&bench] { bench.io.run(); }) {}
  ~Served() { stop(); }
  void stop() {
    if (!thread_.joinable()) return;
    bench_.io.stop();
    thread_.join();
  }

 private:
  Bench& bench_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::thread thread_;
};

constexpr const char* kRows =
    "{\"kind\":\"sms\",\"resident.number\":\"13900001111\",\"text\":\"one\"}\n"
    "not json\n"
    "{\"kind\":\"sms\",\"resident.number\":\"13900001111\",\"text\":\"three\"}\n";

SendReport send_text(const std::string& text, const SendOptions& options) {
  std::istringstream in(text);
  Result<RowReader> rows = RowReader::open(in, {});
  REQUIRE(rows);
  return send_rows(*rows, options);
}

}  // namespace

TEST_CASE("send: every row is acked under its own number, a broken one as a named reject", "[feed]") {
  Bench bench;
  SendOptions options;
  options.client = options_of(bench);
  std::ostringstream log;
  options.acked_log = &log;
  std::vector<std::string> said;
  options.say = [&](const std::string& line) { said.push_back(line); };
  Served served(bench);
  const SendReport report = send_text(kRows, options);
  served.stop();
  CHECK_FALSE(report.failure);
  CHECK(report.rows == 3);
  CHECK(report.sent == 3);
  CHECK(report.acked == 3);
  CHECK(report.rejected == 1);
  REQUIRE(said.size() == 1);
  CHECK_THAT(said[0], Contains("row 2") && Contains("unreadable") && Contains("line 2"));
  CHECK_THAT(log.str(), Catch::EndsWith("s 3\n"));
  CHECK(bench.ingress.accepted() == 2);
}

TEST_CASE("send: a second run of the same file sends nothing, a cut one goes on where it stopped", "[feed]") {
  Bench bench;
  bench.ingress.streams["carrier/s"].next_seq = 4;
  bench.ingress.streams["carrier/half"].next_seq = 3;
  SendOptions options;
  options.client = options_of(bench);
  SendOptions half = options;
  half.client.stream = "half";
  Served served(bench);
  const SendReport again = send_text(kRows, options);
  const SendReport rest = send_text(kRows, half);
  served.stop();
  CHECK(again.sent == 0);
  CHECK(again.acked == 3);
  CHECK(rest.sent == 1);
  CHECK(rest.acked == 3);
}

TEST_CASE("send: an empty file is done at once", "[feed]") {
  Bench bench;
  SendOptions options;
  options.client = options_of(bench);
  Served served(bench);
  const SendReport report = send_text("", options);
  CHECK_FALSE(report.failure);
  CHECK(report.acked == 0);
}

TEST_CASE("send: the acked log tells a later run what must still be there", "[feed]") {
  const std::string path = "feed_client_test.acked";
  std::ofstream(path) << "s 1\nother 9\ns 3\ns 2\n";
  CHECK(last_acked(path, "s") == 3);
  CHECK(last_acked(path, "none") == 0);
  std::remove(path.c_str());
  CHECK(last_acked(path, "s") == 0);
}
