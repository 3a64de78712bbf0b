// A feed connection from Hello to Goodbye, over loopback against a fake engine.
#include "tests/adapters/feed_peer.h"

using namespace quanzu;
using namespace quanzu::feed;
using namespace quanzu::feed::test;
using Catch::Contains;

TEST_CASE("feed: a Hello with a good token is welcomed with the next number", "[feed]") {
  Bench bench;
  bench.ingress.streams["carrier/s"].next_seq = 42;
  Peer peer(bench);
  peer.hello();
  const v1::ServerFrame frame = peer.next();
  REQUIRE(frame.has_welcome());
  CHECK(frame.welcome().next_seq() == 42);
  CHECK(frame.welcome().max_frame() == 64 * 1024);
  CHECK(frame.welcome().schema() == 1);
  CHECK(bench.server.connections() == 1);
}

TEST_CASE("feed: a Hello that can't be served is told why", "[feed]") {
  Bench bench;
  const auto refused = [&](const std::string& stream, const std::string& token, uint32_t version) {
    Peer peer(bench);
    peer.hello(stream, token, version);
    const std::string reason = peer.goodbye();
    CHECK(peer.code == "refused");
    return reason;
  };
  CHECK_THAT(refused("s", "wrong", 1), Contains("token is unknown") && Contains("quanzud user add"));
  CHECK_THAT(refused("s", "police", 1), Contains("role operator") && Contains("role feed"));
  CHECK_THAT(refused("s", "secret", 2), Contains("version is 2") && Contains("version 1"));
  CHECK_THAT(refused("", "secret", 1), Contains("Hello.stream"));
  CHECK_THAT(refused("a b", "secret", 1), Contains("Hello.stream"));
  CHECK(bench.ingress.opened == 0);
}

TEST_CASE("feed: a Hello for another account's feed is refused", "[feed]") {
  Bench bench;
  Peer peer(bench);
  v1::ClientFrame frame;
  frame.mutable_hello()->set_feed("bank");
  frame.mutable_hello()->set_stream("s");
  frame.mutable_hello()->set_token("secret");
  frame.mutable_hello()->set_version(1);
  peer.send(frame);
  CHECK_THAT(peer.goodbye(), Contains("Hello.feed"));
}

TEST_CASE("feed: what the engine refuses to open is said to the client", "[feed]") {
  Bench bench;
  bench.ingress.refuse = Error{Code::kUnavailable, "the server is starting", {}, {}, 0};
  Peer peer(bench);
  peer.hello();
  CHECK(peer.goodbye() == "the server is starting");
  CHECK(peer.code == "unavailable");
}

TEST_CASE("feed: signals reach the engine as one batch with typed fields, and are acked after the commit", "[feed]") {
  Bench bench;
  bench.ingress.commit_at_once = false;
  Peer peer(bench);
  REQUIRE(peer.welcome() == 1);
  peer.write(framed(sms(1)) + framed(sms(2)) + framed(sms(3)));
  bench.until([&] { return !bench.ingress.waiting.empty(); });
  REQUIRE(bench.ingress.waiting.size() == 1);
  const Batch& batch = *bench.ingress.waiting.front();
  CHECK(batch.first_seq == 1);
  CHECK(batch.count == 3);
  REQUIRE(batch.accepted == 3);
  CHECK(batch.seqs == std::vector<uint64_t>{1, 2, 3});
  CHECK(batch.signals[2].resident.view() == "8613900001111");
  CHECK(batch.signals[2].peer.view() == "85261234567");
  CHECK(batch.signals[2].string(Field::kText) == "您的快递丢失，请联系客服退款");
  CHECK(batch.latest_at == kNow);
  CHECK(batch.received_at == kNow);
  CHECK(peer.quiet());
  bench.ingress.commit();
  const v1::ServerFrame frame = peer.next();
  REQUIRE(frame.has_ack());
  CHECK(frame.ack().up_to_seq() == 3);
  CHECK(frame.ack().accepted() == 3);
  CHECK(frame.ack().rejected() == 0);
  CHECK(bench.counter("quanzu_feed_signals_total") == 3);
}

TEST_CASE("feed: a batch takes at most 256 signals and never waits to fill", "[feed]") {
  Bench bench;
  Peer peer(bench);
  peer.welcome();
  std::string bytes;
  for (uint64_t seq = 1; seq <= 300; ++seq) bytes += framed(sms(seq));
  peer.write(bytes);
  peer.until_ack(300);
  for (const auto& batch : bench.ingress.committed) CHECK(batch->count <= Batch::kMaxSignals);
  CHECK(bench.ingress.accepted() == 300);
}

TEST_CASE("feed: a signal that can't be used is nacked before the ack that covers it", "[feed]") {
  Bench bench;
  Peer peer(bench);
  peer.welcome();
  v1::Signal bad = sms(2);
  bad.set_resident_number("12x");
  peer.write(framed(sms(1)) + framed(bad) + framed(sms(3)));
  v1::ServerFrame frame = peer.next();
  while (frame.has_ack() && frame.ack().up_to_seq() < 2) frame = peer.next();
  REQUIRE(frame.has_nack());
  CHECK(frame.nack().seq() == 2);
  CHECK(frame.nack().reason() == "bad_number");
  CHECK_THAT(frame.nack().detail(), Contains("resident.number"));
  do {
    frame = peer.next();
    REQUIRE(frame.has_ack());
  } while (frame.ack().up_to_seq() < 3);
  CHECK(frame.ack().accepted() == 2);
  CHECK(frame.ack().rejected() == 1);
  CHECK(bench.counter("quanzu_feed_rejects_total") == 1);
}

TEST_CASE("feed: a gap is refused with the number expected, and what came before it is kept", "[feed]") {
  Bench bench;
  Peer peer(bench);
  peer.welcome();
  peer.write(framed(sms(1)) + framed(sms(2)) + framed(sms(4)));
  v1::ServerFrame frame = peer.next();
  while (!frame.has_goodbye()) frame = peer.next();
  CHECK_THAT(frame.goodbye().reason(), Contains("seq 4") && Contains("stream s") && Contains("expected 3"));
  CHECK(frame.goodbye().code() == "gap");
  CHECK(bench.ingress.accepted() == 2);
  CHECK(bench.ingress.closed == 1);
}

TEST_CASE("feed: a signal without a number is a gap", "[feed]") {
  Bench bench;
  Peer peer(bench);
  peer.welcome();
  peer.write(framed(sms(0)));
  CHECK_THAT(peer.goodbye(), Contains("seq is missing") && Contains("expected 1"));
}

TEST_CASE("feed: a repeat of what is durable is dropped, counted and acked again", "[feed]") {
  Bench bench;
  bench.ingress.streams["carrier/s"].next_seq = 6;
  Peer peer(bench);
  REQUIRE(peer.welcome() == 6);
  peer.write(framed(sms(5)));
  CHECK(peer.ack() == 5);
  CHECK(bench.ingress.committed.empty());
  CHECK(bench.counter("quanzu_feed_duplicates_total") == 1);
}

TEST_CASE("feed: a repeat of what is under way is acked only by the commit of the original", "[feed]") {
  Bench bench;
  bench.ingress.commit_at_once = false;
  Peer peer(bench);
  peer.welcome();
  peer.write(framed(sms(1)) + framed(sms(1)));
  bench.until([&] { return bench.counter("quanzu_feed_duplicates_total") == 1; });
  CHECK(peer.quiet());
  bench.ingress.commit();
  CHECK(peer.ack() == 1);
  CHECK(bench.ingress.accepted() == 1);
}

TEST_CASE("feed: a newer connection of a stream fences the older", "[feed]") {
  Bench bench;
  Peer older(bench);
  older.welcome();
  Peer newer(bench);
  REQUIRE(newer.welcome() == 1);
  CHECK_THAT(older.goodbye(), Contains("newer connection"));
  CHECK(older.code == "fenced");
  newer.write(framed(sms(1)));
  CHECK(newer.ack() == 1);
}

TEST_CASE("feed: a connection cut in the middle of a frame keeps the whole frames and says so", "[feed]") {
  Bench bench;
  Peer peer(bench);
  peer.welcome();
  const std::string second = framed(sms(2));
  peer.write(framed(sms(1)) + second.substr(0, second.size() / 2));
  peer.shut();
  CHECK(peer.ack() == 1);
  CHECK_THAT(peer.goodbye(), Contains("middle of a frame"));
  CHECK(peer.code == "cut_frame");
  CHECK(bench.ingress.accepted() == 1);
}

TEST_CASE("feed: a peer that closes its side still gets the acks that it waits for", "[feed]") {
  Bench bench;
  bench.ingress.commit_at_once = false;
  Peer peer(bench);
  peer.welcome();
  peer.write(framed(sms(1)));
  peer.shut();
  bench.until([&] { return !bench.ingress.waiting.empty(); });
  CHECK(peer.quiet());
  bench.ingress.commit();
  CHECK(peer.ack() == 1);
  CHECK_THAT(peer.goodbye(), Contains("durable"));
}

TEST_CASE("feed: the client's Goodbye is answered once all is durable", "[feed]") {
  Bench bench;
  Peer peer(bench);
  peer.welcome();
  v1::ClientFrame leave;
  leave.mutable_goodbye()->set_reason("no more");
  peer.write(framed(sms(1)));
  peer.send(leave);
  CHECK(peer.ack() == 1);
  CHECK_THAT(peer.goodbye(), Contains("durable"));
  CHECK(peer.code == "done");
}

TEST_CASE("feed: framing errors end the connection with the reason", "[feed]") {
  Bench bench;
  const auto answer = [&](const std::string& bytes) {
    Peer peer(bench);
    peer.welcome();
    peer.write(bytes);
    const std::string reason = peer.goodbye();
    CHECK(peer.code == "bad_frame");
    return reason;
  };
  std::string oversize;
  append_varint(oversize, 64 * 1024 + 1);
  CHECK_THAT(answer(oversize), Contains("65537 bytes") && Contains("65536"));
  CHECK_THAT(answer("\xFF\xFF\xFF\xFF\xFF\xFF"), Contains("varint"));
  CHECK_THAT(answer(std::string("\x04\x0A\x02\x62\x09", 5)), Contains("expected as seq 1") && Contains("protobuf"));
  CHECK_THAT(answer(std::string("\x01\x07", 2)), Contains("no ClientFrame"));
  CHECK_THAT(answer(std::string("\x00", 1)), Contains("doesn't know"));
  CHECK_THAT(answer(std::string("\x02\x12\x00", 3)), Contains("second Hello"));
  CHECK(bench.ingress.accepted() == 0);
}

TEST_CASE("feed: the first frame must be a Hello", "[feed]") {
  Bench bench;
  Peer peer(bench);
  peer.write(framed(sms(1)));
  CHECK_THAT(peer.goodbye(), Contains("must be a Hello"));
}

TEST_CASE("feed: a signal in an unusual but legal encoding is taken too", "[feed]") {
  Bench bench;
  Peer peer(bench);
  peer.welcome();
  // ClientFrame.signal in two pieces, which protobuf merges.
  const std::string head("\x0A\x02\x08\x01", 4);
  v1::Signal rest = sms(1);
  rest.clear_seq();
  std::string body = head + "\x0A";
  append_varint(body, rest.ByteSizeLong());
  rest.AppendToString(&body);
  std::string frame;
  append_varint(frame, body.size());
  peer.write(frame + body);
  CHECK(peer.ack() == 1);
  CHECK(bench.ingress.accepted() == 1);
}

TEST_CASE("feed: nothing follows the Goodbye, an ack that is due stands before it", "[feed]") {
  Bench bench;
  bench.ingress.streams["carrier/s"].next_seq = 6;
  Peer peer(bench);
  peer.welcome();
  peer.write(framed(sms(5)) + framed(sms(9)));  // a repeat, then a gap
  CHECK(peer.ack() == 5);
  CHECK_THAT(peer.goodbye(), Contains("expected 6"));
  CHECK(peer.quiet());
}
