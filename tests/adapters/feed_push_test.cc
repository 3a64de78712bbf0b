// Feed/Push and the spool: the other two ways in, through the same intake.
#include "adapters/feed/push.h"

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "adapters/feed/spool.h"
#include "tests/adapters/feed_peer.h"

using namespace quanzu;
using namespace quanzu::feed;
using namespace quanzu::feed::test;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

struct PushBench {
  PushBench() { ingress.commit_at_once = false; }
  ~PushBench() { ingress.streams.clear(); }

  // Pushes; the answer comes with the next commit().
  void push(const std::string& key, const std::string& body, const std::string& account = "carrier") {
    push_to.push(account, key, body, [this](Result<PushReply> reply) { replies.push_back(std::move(reply)); });
  }

  FakeIngress ingress;
  prometheus::Registry registry;
  Metrics metrics{registry};
  Push push_to{ingress, Limits(), metrics};
  std::vector<Result<PushReply>> replies;
};

constexpr const char* kThree =
    R"({"signals":[{"kind":"sms","resident.number":"13900001111","text":"a"},{"kind":"sms","resident.number":"x"},{"kind":"letter"}]})";

std::string key_stream(const PushBench& bench) {
  REQUIRE(bench.ingress.streams.size() == 1);
  return bench.ingress.streams.begin()->first;
}

}  // namespace

TEST_CASE("push: signals are answered after their commit, rejects by their index", "[feed]") {
  PushBench bench;
  bench.push("", kThree);
  CHECK(bench.replies.empty());
  bench.ingress.commit();
  REQUIRE(bench.replies.size() == 1);
  REQUIRE(bench.replies[0]);
  CHECK(bench.replies[0]->accepted == 1);
  REQUIRE(bench.replies[0]->rejected.size() == 2);
  CHECK(bench.replies[0]->rejected[0].index == 1);
  CHECK_THAT(bench.replies[0]->rejected[0].reason, Contains("bad_number: resident.number"));
  CHECK(bench.replies[0]->rejected[1].index == 2);
  CHECK_THAT(bench.replies[0]->rejected[1].reason, Contains("unreadable: kind is \"letter\""));
  CHECK_THAT(to_json(*bench.replies[0]), Catch::StartsWith("{\"accepted\":1,\"rejected\":[{\"index\":1,\"reason\":"));
  CHECK(bench.ingress.streams.at("carrier/push").next_seq == 4);
}

TEST_CASE("push: several pushes of an account share a stream and are answered in order", "[feed]") {
  PushBench bench;
  bench.push("", kThree);
  bench.push("", R"({"signals":[{"kind":"sms","resident.number":"13900001111"}]})");
  bench.ingress.commit();
  REQUIRE(bench.replies.size() == 2);
  CHECK(bench.replies[1]->accepted == 1);
  CHECK(bench.ingress.streams.at("carrier/push").next_seq == 5);
  CHECK(bench.ingress.opened == 1);
}

TEST_CASE("push: over 256 signals make several batches and one answer", "[feed]") {
  PushBench bench;
  boost::json::array signals;
  for (int i = 0; i < 600; ++i)
    signals.push_back({{"kind", "sms"}, {"resident.number", i == 599 ? "x" : "13900001111"}});
  bench.push("", boost::json::serialize(boost::json::object{{"signals", signals}}));
  CHECK(bench.ingress.waiting.size() == 3);
  bench.ingress.commit();
  REQUIRE(bench.replies.size() == 1);
  CHECK(bench.replies[0]->accepted == 599);
  CHECK(bench.replies[0]->rejected[0].index == 599);
}

TEST_CASE("push: a repeat with the same key takes nothing twice and gets the same answer", "[feed]") {
  PushBench bench;
  bench.push("k1", kThree);
  bench.ingress.commit();
  const std::string stream = key_stream(bench);
  CHECK(bench.ingress.streams.at(stream).next_seq == 4);
  bench.push("k1", kThree);
  bench.ingress.commit();
  REQUIRE(bench.replies.size() == 2);
  CHECK(to_json(*bench.replies[0]) == to_json(*bench.replies[1]));
  CHECK(bench.ingress.streams.at(stream).next_seq == 4);
  CHECK(bench.ingress.accepted() == 1);
}

TEST_CASE("push: a repeat after a crash in the middle takes the rest", "[feed]") {
  std::string stream;
  {
    PushBench before;
    before.push("k1", kThree);
    stream = key_stream(before);
    before.ingress.waiting.clear();
  }
  PushBench after;
  after.ingress.streams[stream].next_seq = 3;  // two of three were durable
  after.push("k1", kThree);
  after.ingress.commit();
  REQUIRE(after.replies.size() == 1);
  CHECK(after.replies[0]->accepted == 1);
  CHECK(after.replies[0]->rejected.size() == 2);
  CHECK(after.ingress.streams.at(stream).next_seq == 4);
}

TEST_CASE("push: a key that comes with another body is refused", "[feed]") {
  PushBench bench;
  bench.push("k1", kThree);
  bench.ingress.commit();
  bench.push("k1", R"({"signals":[{"kind":"sms","resident.number":"13900001111"}]})");
  REQUIRE(bench.replies.size() == 2);
  REQUIRE_FALSE(bench.replies[1]);
  CHECK(bench.replies[1].error().code == Code::kAlreadyExists);
  bench.push("k1", R"({"signals":[{"kind":"sms","resident.number":"13900001111"}]})",
             "bank");  // a key is its account's
  bench.ingress.commit();
  REQUIRE(bench.replies.size() == 3);
  CHECK(bench.replies[2]);
}

TEST_CASE("push: a body that is no list of signals is an invalid argument", "[feed]") {
  PushBench bench;
  for (const char* body : {"", "[]", "{}", R"({"signals":{}})", "{\"signals\":[", "nonsense"}) {
    bench.push("", body);
    REQUIRE_FALSE(bench.replies.back());
    CHECK(bench.replies.back().error().code == Code::kInvalidArgument);
    CHECK_THAT(bench.replies.back().error().message, Contains("signals"));
  }
  boost::json::array many(Push::kMaxSignals + 1, boost::json::object());
  bench.push("", boost::json::serialize(boost::json::object{{"signals", many}}));
  CHECK_THAT(bench.replies.back().error().message, Contains("10001 elements") && Contains("at most 10000"));
  CHECK(bench.ingress.opened == 0);
}

TEST_CASE("push: no signals are answered at once", "[feed]") {
  PushBench bench;
  bench.push("k", R"({"signals":[]})");
  REQUIRE(bench.replies.size() == 1);
  CHECK(bench.replies[0]->accepted == 0);
}

TEST_CASE("push: a server that takes no writes answers unavailable, and a later push opens the stream again",
          "[feed]") {
  PushBench bench;
  bench.push("", kThree);
  const auto sink = bench.ingress.streams.at("carrier/push").sink;
  bench.ingress.waiting.clear();
  bench.ingress.streams.at("carrier/push").sink.reset();
  sink->on_fenced("disk full");
  REQUIRE(bench.replies.size() == 1);
  CHECK(bench.replies[0].error().code == Code::kUnavailable);
  CHECK_THAT(bench.replies[0].error().message, Contains("disk full"));
  bench.push("", kThree);
  bench.ingress.commit();
  REQUIRE(bench.replies.size() == 2);
  CHECK(bench.replies[1]);
}

namespace {

class SpoolBench {
 public:
  SpoolBench() : folder(fs::temp_directory_path() / ("spool-test-" + std::to_string(getpid()))) {
    fs::remove_all(folder);
  }
  ~SpoolBench() {
    bench.ingress.streams.clear();
    fs::remove_all(folder);
  }
  void start() {
    SpoolOptions options;
    options.folder = folder.string();
    options.poll = std::chrono::milliseconds(1);
    options.say = [this](const std::string& line) { said.push_back(line); };
    spool = std::make_unique<Spool>(bench.io, bench.ingress, bench.metrics, options);
    REQUIRE(spool->start());
  }
  void stop() {
    spool->stop();
    bench.settle();
    spool.reset();
  }
  void put(const std::string& name, const std::string& text) {
    std::ofstream(folder / ("." + name)) << text;
    fs::rename(folder / ("." + name), folder / name);
  }
  boost::json::object report(const std::string& name) {
    const fs::path path = folder / "done" / (name + ".report");
    bench.until([&] { return fs::exists(path) && !fs::exists(folder / name); });
    std::ifstream in(path);
    std::string line;
    std::getline(in, line);
    return boost::json::parse(line).as_object();
  }

  Bench bench;
  fs::path folder;
  std::vector<std::string> said;
  std::unique_ptr<Spool> spool;
};

constexpr const char* kTable = "kind,resident.number,text\nsms,13900001111,one\nsms,oops,two\nsms,13900001111\n";

}  // namespace

TEST_CASE("spool: a file is taken, moved to done and reported with its broken rows", "[feed]") {
  SpoolBench spool;
  spool.start();
  spool.put("a.csv", kTable);
  const boost::json::object report = spool.report("a.csv");
  CHECK(report.at("accepted") == 1);
  CHECK(report.at("rejected") == 2);
  const boost::json::array& rejects = report.at("rejects").as_array();
  REQUIRE(rejects.size() == 2);
  CHECK(rejects[0].at("line") == 3);
  CHECK(rejects[0].at("reason") == "bad_number");
  CHECK(rejects[1].at("line") == 4);
  CHECK(rejects[1].at("reason") == "unreadable");
  CHECK(fs::exists(spool.folder / "done" / "a.csv"));
  CHECK(spool.bench.ingress.accepted() == 1);
  CHECK(spool.bench.ingress.closed == 1);
  spool.stop();
}

TEST_CASE("spool: other files and unfinished copies are left alone", "[feed]") {
  SpoolBench spool;
  spool.start();
  spool.bench.settle();
  std::ofstream(spool.folder / ".b.csv") << kTable;
  std::ofstream(spool.folder / "notes.txt") << "x";
  spool.put("a.jsonl", "{\"kind\":\"sms\",\"resident.number\":\"13900001111\"}\n");
  spool.report("a.jsonl");
  spool.bench.settle();
  CHECK(fs::exists(spool.folder / ".b.csv"));
  CHECK(fs::exists(spool.folder / "notes.txt"));
  spool.stop();
}

TEST_CASE("spool: a file that can't be read is reported with the reason", "[feed]") {
  SpoolBench spool;
  spool.start();
  spool.put("bad.csv", "colour\nred\n");
  CHECK_THAT(std::string(spool.report("bad.csv").at("error").as_string()), Contains("\"colour\" is no field"));
  spool.stop();
}

TEST_CASE("spool: the same content under another name is taken once", "[feed]") {
  SpoolBench spool;
  spool.start();
  spool.put("a.csv", kTable);
  spool.report("a.csv");
  spool.put("b.csv", kTable);
  const boost::json::object report = spool.report("b.csv");
  CHECK(report.at("taken_before") == 3);
  CHECK(report.at("accepted") == 0);
  CHECK(spool.bench.ingress.accepted() == 1);
  spool.stop();
}

TEST_CASE("spool: a name that was used before overwrites nothing in done", "[feed]") {
  SpoolBench spool;
  spool.start();
  spool.put("a.csv", kTable);
  spool.report("a.csv");
  spool.put("a.csv", "kind,resident.number\nsms,13900001111\n");
  spool.bench.until([&] { return spool.said.size() == 2; });
  size_t files = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(spool.folder / "done")) ++files;
  CHECK(files == 4);
  CHECK(spool.bench.ingress.accepted() == 2);
  spool.stop();
}

TEST_CASE("spool: a file cut by a crash goes on where the stream stopped", "[feed]") {
  SpoolBench spool;
  spool.bench.ingress.commit_at_once = false;
  spool.start();
  spool.put("a.csv", kTable);
  spool.bench.until([&] { return !spool.bench.ingress.waiting.empty(); });
  spool.bench.ingress.waiting.clear();  // the server is killed before the commit of its last two rows
  spool.stop();
  CHECK(fs::exists(spool.folder / "a.csv"));
  for (auto& [name, stream] : spool.bench.ingress.streams) stream.next_seq = 2;
  spool.bench.ingress.commit_at_once = true;
  spool.start();
  const boost::json::object report = spool.report("a.csv");
  CHECK(report.at("taken_before") == 1);
  CHECK(report.at("rejected") == 2);
  CHECK(spool.bench.ingress.accepted() == 0);
  spool.stop();
}

TEST_CASE("spool: while the server takes no writes a file waits", "[feed]") {
  SpoolBench spool;
  spool.bench.ingress.refuse = Error{Code::kUnavailable, "no writes", {}, {}, 0};
  spool.start();
  spool.put("a.csv", kTable);
  spool.bench.until([&] { return spool.said.size() >= 2; });
  CHECK_THAT(spool.said[0], Contains("a.csv waits: no writes"));
  CHECK(fs::exists(spool.folder / "a.csv"));
  spool.bench.ingress.refuse.reset();
  CHECK(spool.report("a.csv").at("accepted") == 1);
  spool.stop();
}
