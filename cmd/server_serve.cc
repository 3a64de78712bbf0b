// quanzud serve: the core with its sockets: the feed, HTTP, admin.sock, the spool folder. What starts first ends last.
#include <spdlog/sinks/stdout_sinks.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstring>
#include <future>
#include <iostream>

#include "adapters/api/http_server.h"
#include "adapters/feed/push.h"
#include "adapters/feed/server.h"
#include "adapters/feed/spool.h"
#include "adapters/runtime/server.h"
#include "cmd/server.h"
#include "cmd/server_config.h"

namespace quanzu::cmd {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

// After a failed write, readers may finish for this long.
constexpr std::chrono::seconds kDrain{10};

struct ServeCommand : FolderOptions {
  std::string packs;
  std::string shadow;
  std::string http = "127.0.0.1:8080";
  std::string feed = "127.0.0.1:7400";
  std::string profile = "centre";
  std::string clock = "real";
  double clock_speed = 1;
  uint64_t snapshot_every = runtime::kSnapshotEvery;
  size_t workers = std::max(1U, std::thread::hardware_concurrency());
  std::string log_format = "json";
  std::string log_level = "info";
};

struct Address {
  std::string host;
  uint16_t port = 0;
};

Result<Address> parse_address(const std::string& text, const std::string& option) {
  const size_t colon = text.rfind(':');
  const std::string port = colon == std::string::npos ? std::string() : text.substr(colon + 1);
  const bool digits = !port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == std::string::npos;
  if (colon == 0 || !digits || std::stoi(port) > 65535) {
    return fail(Code::kInvalidArgument,
                "--" + option + " is " + quanzu::quoted(text) + "; it must be HOST:PORT, such as 127.0.0.1:8080",
                option);
  }
  return Address{text.substr(0, colon), static_cast<uint16_t>(std::stoi(port))};
}

// Before anything is opened: a wrong command line leaves no trace.
Result<void> check_addresses(const ServeCommand& command) {
  for (const auto& [text, option] : {std::pair(command.http, "http"), std::pair(command.feed, "feed")}) {
    if (const Result<Address> address = parse_address(text, option); !address) return Failure(address.error());
  }
  return {};
}

void set_up_log(const ServeCommand& command) {
  auto log = std::make_shared<spdlog::logger>("quanzud", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  log->set_level(spdlog::level::from_str(command.log_level));
  log->flush_on(spdlog::level::info);
  // Messages of ours hold no quotes and no personal data, so the line is sound JSON.
  log->set_pattern(
      command.log_format == "json" ? R"({"at":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","message":"%v"})" : "%H:%M:%S %l %v",
      command.log_format == "json" ? spdlog::pattern_time_type::utc : spdlog::pattern_time_type::local);
  spdlog::set_default_logger(log);
}

// A message inside the JSON line.
std::string escaped(const std::string& text) {
  const std::string quoted_text = json::serialize(json::value(text));
  return quoted_text.substr(1, quoted_text.size() - 2);
}

// Threads that run one io_context each, from construction to stop().
class IoThread {
 public:
  explicit IoThread(const char* name)
      : work_(asio::make_work_guard(io_)), thread_([this, name] {
          pthread_setname_np(pthread_self(), name);
          io_.run();
        }) {}
  ~IoThread() { finish(); }
  asio::io_context& io() { return io_; }
  // Returns once what was under way is done.
  void finish() {
    work_.reset();
    if (thread_.joinable()) thread_.join();
  }

 private:
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::thread thread_;
};

// Why the server ends: asked to (exit 0), or its store failed (exit 3). Any thread.
class Ending {
 public:
  void ask(int exit) {
    int none = -1;
    if (exit_.compare_exchange_strong(none, exit)) promise_.set_value();
  }
  int wait() {
    promise_.get_future().wait();
    return exit_;
  }

 private:
  std::atomic<int> exit_{-1};
  std::promise<void> promise_;
};

// SIGTERM and SIGINT end, SIGHUP reloads the packs.
class Signals {
 public:
  Signals(asio::io_context& io, Ending& ending, runtime::Server& core)
      : set_(io, SIGTERM, SIGINT, SIGHUP), ending_(ending), core_(core) {
    wait();
  }

 private:
  void wait() {
    set_.async_wait([this](const boost::system::error_code& error, int number) {
      if (error) return;
      if (number != SIGHUP) return ending_.ask(kOk);
      core_.packs(api::PackRequest::kReload, [](const Result<std::string>& done) {
        if (done) return spdlog::info("packs reloaded: {}", escaped(*done));
        spdlog::error("packs not reloaded, the live ones go on: {}", escaped(done.error().message));
      });
      wait();
    });
  }

  asio::signal_set set_;
  Ending& ending_;
  runtime::Server& core_;
};

// Feed/Push of the API through the feed's own path.
api::Push push_through(feed::Push& push) {
  return [&push](const User& caller, const std::string& key, json::array signals, api::Reply reply) {
    const std::string body = json::serialize(json::object{{"signals", std::move(signals)}});
    push.push(caller.name, key, body, [reply = std::move(reply)](const Result<feed::PushReply>& done) {
      if (!done) return reply(Failure(done.error()));
      reply(feed::to_json(*done));
    });
  };
}

struct Listening {
  uint16_t http = 0;
  uint16_t feed = 0;
};

class Serving {
 public:
  Serving(const ServeCommand& command, prometheus::Registry& registry, runtime::Server& core)
      : command_(command),
        feed_metrics_(registry),
        limits_(limits_of(command)),
        environment_{core, [&core] { return core.directory(); }, limits_, feed_metrics_},
        push_(core, limits_, feed_metrics_),
        service_(core, registry, push_through(push_)),
        feed_({&feed_thread_.io()}, environment_),
        spool_(feed_thread_.io(), core, feed_metrics_, spool_options(command, limits_)) {}

  Result<Listening> start() {
    const Result<Address> http = parse_address(command_.http, "http");
    if (!http) return Failure(http.error());
    const Result<Address> feed = parse_address(command_.feed, "feed");
    if (!feed) return Failure(feed.error());
    api::HttpOptions options;
    options.address = http->host;
    options.port = http->port;
    Result<std::unique_ptr<api::HttpServer>> started = api::HttpServer::start(http_thread_.io(), service_, options);
    if (!started) return Failure(started.error());
    http_ = std::move(*started);
    Result<void> local = http_->listen_local((std::filesystem::path(command_.data) / "admin.sock").string());
    if (!local) return Failure(local.error());
    const Result<uint16_t> feed_port = feed_.listen(feed->host, feed->port);
    if (!feed_port) return Failure(feed_port.error());
    Result<void> spooling = on_feed_thread([this] { return spool_.start(); });
    if (!spooling) return Failure(spooling.error());
    return Listening{http_->port(), *feed_port};
  }

  void stop_feeds(const std::string& reason) {
    feed_.stop(reason);
    on_feed_thread([this] { return spool_.stop(), Result<void>(); });
  }
  void stop_http() {
    if (http_ != nullptr) http_->stop();
  }
  ~Serving() {
    stop_feeds("the server is stopping");
    stop_http();
    feed_thread_.finish();
    http_thread_.finish();
  }

 private:
  static feed::Limits limits_of(const ServeCommand& command) {
    feed::Limits limits;
    limits.profile = command.profile == "street" ? feed::Profile::kStreet : feed::Profile::kCentre;
    return limits;
  }
  static feed::SpoolOptions spool_options(const ServeCommand& command, const feed::Limits& limits) {
    feed::SpoolOptions options;
    options.folder = (std::filesystem::path(command.data) / "spool").string();
    options.limits = limits;
    options.say = [](const std::string& line) { spdlog::info("{}", escaped(line)); };
    return options;
  }
  Result<void> on_feed_thread(const std::function<Result<void>()>& what) {
    std::promise<Result<void>> done;
    asio::post(feed_thread_.io(), [&] { done.set_value(what()); });
    return done.get_future().get();
  }

  const ServeCommand& command_;
  feed::Metrics feed_metrics_;
  const feed::Limits limits_;
  const feed::Environment environment_;
  feed::Push push_;
  api::Service service_;
  IoThread feed_thread_{"feed"};
  IoThread http_thread_{"http"};
  feed::Server feed_;
  feed::Spool spool_;
  std::unique_ptr<api::HttpServer> http_;
};

Result<runtime::ServerOptions> core_options(const ServeCommand& command, Ending& ending) {
  runtime::ServerOptions options;
  options.data = command.folder();
  options.packs = command.packs;
  options.shadow = command.shadow;
  options.workers = command.workers;
  options.snapshot_every = command.snapshot_every;
  Result<std::unique_ptr<runtime::Clock>> clock = runtime::parse_clock(command.clock, command.clock_speed);
  if (!clock) return Failure(clock.error());
  options.clock = std::move(*clock);
  options.on_failed = [&ending](const Error& error) {
    spdlog::critical("a write failed, nothing more is taken: {}", escaped(error.message));
    ending.ask(kState);
  };
  return options;
}

// To systemd, where it started us (Type=notify; sd_notify(3) tells the protocol). Nobody waits for an answer.
void tell_manager(const std::string& what) {
  const char* const to = std::getenv("NOTIFY_SOCKET");
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  const size_t size = to == nullptr ? 0 : std::strlen(to);
  if (size == 0 || size >= sizeof address.sun_path) return;
  std::memcpy(address.sun_path, to, size);
  if (address.sun_path[0] == '@') address.sun_path[0] = '\0';
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return;
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + size);
  if (::sendto(socket, what.data(), what.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address), length) <
      0) {
    spdlog::warn("NOTIFY_SOCKET takes nothing: {}", std::strerror(errno));
  }
  ::close(socket);
}

void say_ready(const Listening& at, const runtime::Server& core) {
  const auto& recovered = core.recovered();
  for (const std::string& why : recovered.passed_over) spdlog::warn("a snapshot is no good: {}", escaped(why));
  const std::string begin = recovered.snapshot == 0 ? std::string("the journal's begin")
                                                    : "the snapshot after block " + std::to_string(recovered.snapshot);
  spdlog::info("serving with {} rules; replayed {} events, {} signals from {} in {:.2f} s", recovered.rules,
               recovered.events, recovered.signals, begin, recovered.seconds);
  if (recovered.rules == 0) spdlog::warn("no rules: start with --packs DIR, or no signal raises an alert");
  std::cout << json::serialize(json::object{{"ready", true},
                                            {"http", "127.0.0.1:" + std::to_string(at.http)},
                                            {"feed", "127.0.0.1:" + std::to_string(at.feed)}})
            << std::endl;
  tell_manager("READY=1");
}

int serve(const ServeCommand& command) {
  set_up_log(command);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGHUP, SIG_IGN);  // until the packs are read, which a reload could only read again
  if (const Result<void> sound = check_addresses(command); !sound) return report(sound.error()), kUsage;
  Ending ending;
  Result<runtime::ServerOptions> options = core_options(command, ending);
  if (!options) return report(options.error()), kUsage;
  prometheus::Registry registry;
  Result<std::unique_ptr<runtime::Server>> core = runtime::Server::open(std::move(*options), registry);
  if (!core) return report(core.error());
  int exit = kOk;
  {
    Serving serving(command, registry, **core);
    const Result<Listening> listening = serving.start();
    if (!listening) return report(listening.error()), listening.error().code == Code::kUnavailable ? kState : kUsage;
    IoThread signal_thread("signals");
    Signals signals(signal_thread.io(), ending, **core);
    say_ready(*listening, **core);
    exit = ending.wait();
    (*core)->end_backup();
    signal_thread.io().stop();
    if (exit != kOk) {
      serving.stop_feeds("the server's disk failed: keep what is not acked and send it again later");
      std::this_thread::sleep_for(kDrain);
    }
  }
  core->reset();
  spdlog::info("stopped");
  return exit;
}

}  // namespace

void add_serve(CLI::App& app, int& exit_code) {
  CLI::App* sub = app.add_subcommand(
      "serve",
      "Take signals and serve operators; prints one line when it does. SIGTERM stops, SIGHUP reloads the packs.\n"
      "Exits: 0 stopped; 1 the packs or the folder are at fault; 2 wrong usage; 3 the folder is locked, a port is "
      "taken, the disk failed");
  auto command = std::make_shared<ServeCommand>();
  add_folder_options(*sub, *command, "The data folder; made where it is missing");
  sub->add_option("--packs", command->packs, "A folder whose subfolders are rule packs, such as rules/packs");
  sub->add_option("--shadow", command->shadow,
                  "A folder of packs that match beside the live ones and are counted, and open nothing");
  sub->add_option("--http", command->http, "Where operators and tools call, HOST:PORT; port 0 is any")
      ->capture_default_str();
  sub->add_option("--feed", command->feed, "Where feeds connect, HOST:PORT")->capture_default_str();
  sub->add_option("--profile", command->profile,
                  "centre takes every kind of signal; street takes no content of messages, calls, pages and apps")
      ->check(CLI::IsMember({"centre", "street"}))
      ->capture_default_str();
  sub->add_option("--clock", command->clock, "real, or manual:RFC3339, which moves by Admin/AdvanceClock alone")
      ->capture_default_str();
  sub->add_option("--clock-speed", command->clock_speed, "Server seconds a real second")
      ->check(CLI::Range(0.001, 100000.0))
      ->capture_default_str();
  sub->add_option("--workers", command->workers, "Match workers")->check(CLI::Range(1, 256))->capture_default_str();
  sub->add_option("--snapshot-every", command->snapshot_every,
                  "Events between two snapshots of the state, which make a restart short; 0: none")
      ->capture_default_str();
  sub->add_option("--log-format", command->log_format, "json, or text for people")
      ->check(CLI::IsMember({"json", "text"}))
      ->capture_default_str();
  sub->add_option("--log-level", command->log_level, "debug, info, warning, error")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}))
      ->capture_default_str();
  auto config = std::make_shared<ConfigFile>(*sub);
  sub->add_option_function<std::string>(
         "--config", [config](const std::string& file) { config->read(file); },
         "A file of these options (TOML: name = value); the command line goes first")
      ->trigger_on_parse();
  sub->callback([command, config, &exit_code] {
    config->once();
    exit_code = serve(*command);
  });
}

}  // namespace quanzu::cmd
