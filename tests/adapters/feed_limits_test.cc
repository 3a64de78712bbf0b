// What a feed connection does to a peer that is silent, slow, too many or too fast, and how the server stops.
#include "tests/adapters/feed_peer.h"

using namespace quanzu;
using namespace quanzu::feed;
using namespace quanzu::feed::test;
using Catch::Contains;

TEST_CASE("feed: Ping is answered by Pong", "[feed]") {
  Bench bench;
  Peer peer(bench);
  peer.welcome();
  v1::ClientFrame ping;
  ping.mutable_ping()->set_id(7);
  peer.send(ping);
  const v1::ServerFrame frame = peer.next();
  REQUIRE(frame.has_pong());
  CHECK(frame.pong().id() == 7);
}

TEST_CASE("feed: a silent peer is pinged, then told goodbye", "[feed]") {
  Limits limits;
  limits.idle = std::chrono::milliseconds(2);
  Bench bench(limits);
  Peer peer(bench);
  peer.hello();
  v1::ServerFrame frame = peer.next();
  bool pinged = false;
  for (; !frame.has_goodbye(); frame = peer.next()) pinged |= frame.has_ping();
  CHECK(pinged);
  CHECK_THAT(frame.goodbye().reason(), Contains("Pong"));
  CHECK(frame.goodbye().code() == "idle");
}

TEST_CASE("feed: a peer that never says Hello is told goodbye", "[feed]") {
  Limits limits;
  limits.idle = std::chrono::milliseconds(2);
  Bench bench(limits);
  Peer peer(bench);
  peer.goodbye();
  CHECK(peer.code == "idle");
  bench.until([&] { return bench.server.connections() == 0; });
}

TEST_CASE("feed: a full inbox stops reading until there is room", "[feed]") {
  Bench bench;
  bench.ingress.room = false;
  Peer peer(bench);
  peer.welcome();
  peer.write(framed(sms(1)));
  CHECK(peer.ack() == 1);
  peer.write(framed(sms(2)));
  CHECK(peer.quiet());
  CHECK(bench.ingress.accepted() == 1);
  bench.ingress.room = true;
  bench.ingress.streams["carrier/s"].sink->on_room();
  CHECK(peer.ack() == 2);
}

TEST_CASE("feed: signals in flight are bounded per connection", "[feed]") {
  Limits limits;
  limits.in_flight = 2;
  Bench bench(limits);
  bench.ingress.commit_at_once = false;
  Peer peer(bench);
  peer.welcome();
  peer.write(framed(sms(1)) + framed(sms(2)));
  bench.until([&] { return !bench.ingress.waiting.empty(); });
  bench.settle();
  peer.write(framed(sms(3)));
  bench.settle();
  const auto waiting = [&] {
    uint64_t count = 0;
    for (const auto& batch : bench.ingress.waiting) count += batch->count;
    return count;
  };
  CHECK(waiting() == 2);
  bench.ingress.commit();
  bench.until([&] { return waiting() == 1; });
  bench.ingress.commit();
  peer.until_ack(3);
}

TEST_CASE("feed: a reader that takes none of its frames is dropped", "[feed]") {
  Limits limits;
  limits.idle = std::chrono::milliseconds(40);
  limits.write_buffer = 1024;
  Bench bench(limits);
  boost::asio::ip::tcp::socket socket(bench.io);
  socket.open(boost::asio::ip::tcp::v4());
  socket.set_option(boost::asio::socket_base::receive_buffer_size(4096));
  socket.connect({boost::asio::ip::address_v4::loopback(), bench.port});
  v1::ClientFrame hello;
  hello.mutable_hello()->set_stream("s");
  hello.mutable_hello()->set_token("secret");
  hello.mutable_hello()->set_version(1);
  std::string bytes;
  append_varint(bytes, hello.ByteSizeLong());
  hello.AppendToString(&bytes);
  for (uint64_t seq = 1; seq <= 100'000; ++seq) {  // each is answered by a Nack
    v1::Signal bad = sms(seq, "");
    bad.set_kind(99);
    bytes += framed(bad);
  }
  // Written in pieces as the server reads; it stops reading once its own frames pile up.
  boost::asio::async_write(socket, boost::asio::buffer(bytes), [](const boost::system::error_code&, size_t) {});
  bench.until([&] { return bench.server.connections() == 1; });
  bench.until([&] { return bench.server.connections() == 0; });
  CHECK(bench.ingress.accepted() == 0);
  CHECK(bench.counter("quanzu_feed_signals_total") < 100'000);
  bench.settle();
  CHECK(bench.counter("quanzu_feed_connections") == 0);
}

TEST_CASE("feed: one connection over the limit is told so", "[feed]") {
  Limits limits;
  limits.connections = 1;
  Bench bench(limits);
  Peer first(bench);
  first.welcome();
  Peer second(bench);
  CHECK_THAT(second.goodbye(), Contains("1 feed connections already"));
  CHECK(second.code == "full");
  first.write(framed(sms(1)));
  CHECK(first.ack() == 1);
}

TEST_CASE("feed: stop says goodbye to each and takes no more", "[feed]") {
  Limits limits;
  limits.linger = std::chrono::milliseconds(2);
  Bench bench(limits);
  Peer peer(bench);
  peer.welcome();
  bench.server.stop("the server takes no writes: disk full");
  CHECK_THAT(peer.goodbye(), Contains("disk full"));
  CHECK(peer.code == "stopped");
  bench.until([&] { return bench.server.connections() == 0; });
  CHECK(bench.ingress.closed == 1);
}

TEST_CASE("feed: a peer that leaves while its stream opens lets go of it", "[feed]") {
  Bench bench;
  bench.ingress.hold_open = true;
  Peer peer(bench);
  peer.hello();
  bench.until([&] { return bench.ingress.opened == 1; });
  peer.reset();
  bench.until([&] { return bench.server.connections() == 0; });
  CHECK(bench.ingress.closed == 0);
  std::exchange(bench.ingress.held, nullptr)();
  bench.settle();
  CHECK(bench.ingress.closed == 1);
}

TEST_CASE("feed: a peer that sends all and closes its side before Welcome is served", "[feed]") {
  Bench bench;
  bench.ingress.hold_open = true;
  Peer peer(bench);
  peer.hello();
  peer.write(framed(sms(1)));
  peer.shut();
  bench.until([&] { return bench.ingress.opened == 1; });
  bench.settle();
  std::exchange(bench.ingress.held, nullptr)();
  CHECK(peer.next().has_welcome());
  CHECK(peer.ack() == 1);
  peer.goodbye();
  CHECK(peer.code == "done");
}

TEST_CASE("feed: listen names what is wrong with an address", "[feed]") {
  Bench bench;
  Server other({&bench.io}, bench.environment);
  CHECK_THAT(other.listen("localhost", 0).error().message, Contains("no IP address"));
  CHECK_THAT(other.listen("0.0.0.0", 0).error().message, Contains("in clear"));
  CHECK_THAT(other.listen("127.0.0.1", bench.port).error().message, Contains(std::to_string(bench.port)));
}
