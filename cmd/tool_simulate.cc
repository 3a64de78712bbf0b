// quanzu simulate: --scenario plays a world in virtual time (tool_world.cc); --realtime lets a seeded town live beside a
// running server, its traffic through the feed, its staff over the API; what it shows, any client could do. With --faults the
// server is in the program, and fails by a seed.
#include <boost/asio/signal_set.hpp>
#include <boost/json.hpp>
#include <iostream>
#include <memory>

#include "cmd/tool_faults.h"
#include "cmd/tool_feed.h"
#include "cmd/tool_world.h"
#include "simulator/player.h"
#include "simulator/staff.h"

namespace quanzu::tool {
namespace {

struct SimulateCommand {
  WorldCommand world;
  FeedOptions feed;
  bool realtime = false;
  std::optional<uint64_t> faults;
  uint64_t count = 1;
  double seconds = 0;  // 0: until it is stopped
  simulator::PlayerOptions player;
  simulator::StaffOptions staff;
};

// The server's clock, which may be elsewhere than ours; the town's signals are to bear its time.
Result<Instant> server_clock(const SimulateCommand& command) {
  simulator::ApiClient api(command.staff.http, command.staff.operator_tokens.front());
  const Result<boost::json::object> me = api.call("Auth/Me", {});
  if (!me) return Failure(me.error());
  if (me->at("manual_clock").as_bool()) {
    return fail(Code::kFailedPrecondition,
                "the server's clock is manual and stands still: start it with --clock-speed instead");
  }
  return parse_rfc3339(std::string_view(me->at("now").as_string()));
}

void print(const SimulateCommand& command, const simulator::PlayerReport& report, uint64_t attempts, uint64_t closed) {
  if (command.feed.json) {
    std::cout << boost::json::serialize(boost::json::object{{"sent", report.sent},
                                                            {"acked", report.acked},
                                                            {"rejected", report.rejected},
                                                            {"attempts", attempts},
                                                            {"closed", closed}})
              << '\n';
  } else {
    std::cout << report.sent << " signals sent, " << report.acked << " acked, " << report.rejected << " rejected; "
              << attempts << " attempts recorded, " << closed << " cases closed\n";
  }
}

// Until a signal, the given time or a failure.
simulator::PlayerReport play(SimulateCommand& command) {
  boost::asio::io_context io(1);
  command.player.on_failed = [&io] { io.stop(); };
  simulator::Player player(io, command.player);
  boost::asio::signal_set signals(io, SIGINT, SIGTERM);
  signals.async_wait([&io](const boost::system::error_code&, int) { io.stop(); });
  boost::asio::steady_timer end(io);
  if (command.seconds > 0) {
    end.expires_after(std::chrono::milliseconds(static_cast<int64_t>(command.seconds * 1000)));
    end.async_wait([&io](const boost::system::error_code&) { io.stop(); });
  }
  player.start();
  io.run();
  player.stop();
  return player.report();
}

Exit simulate(SimulateCommand& command) {
  if (command.faults) return simulate_faults(*command.faults, command.count, command.feed.json);
  if (!command.realtime) {
    say("quanzu: say --scenario FILE for a world of its own, --realtime to play into a running server, or --faults "
        "SEED for one "
        "that fails");
    return Exit::kUsage;
  }
  if (command.feed.feed.empty() || command.staff.http.empty() || command.staff.operator_tokens.empty()) {
    say("quanzu: --realtime needs --feed, --http and --operator-token: the server's addresses and who works its queue");
    return Exit::kUsage;
  }
  const Exit ready = client_options(command.feed, command.player.client);
  if (ready != Exit::kOk) return ready;
  const Result<Instant> now = server_clock(command);
  if (!now) {
    say("quanzu: --http " + command.staff.http + ": " + now.error().message);
    return now.error().code == Code::kUnavailable ? Exit::kState : Exit::kFailed;
  }
  command.player.town.start = *now;
  command.player.client.stream = command.feed.stream.empty() ? "town-" + std::to_string(command.player.town.seed) +
                                                                   "-" + std::to_string(to_ms(*now))
                                                             : command.feed.stream;
  command.player.say = say;
  command.staff.seed = command.player.town.seed;
  command.staff.speed = command.player.speed;
  simulator::PlayerReport report;
  uint64_t attempts = 0;
  uint64_t closed = 0;
  std::string trouble;
  {
    const simulator::Staff staff(command.staff);
    report = play(command);
    attempts = staff.attempts();
    closed = staff.closed();
    trouble = staff.last_error();
  }
  if (!trouble.empty()) say("quanzu: the staff's last refused call: " + trouble);
  print(command, report, attempts, closed);
  if (!report.failure) return Exit::kOk;
  say("quanzu: " + report.message);
  return exit_of(*report.failure);
}

void add_scenario_options(CLI::App& sub, SimulateCommand& command) {
  WorldCommand& world = command.world;
  sub.add_option("--scenario", world.scenario, "A scenario's YAML file, such as simulator/scenarios/quiet_month.yml");
  sub.add_option("--rules", world.rules, "The packs that the world's signals meet")->capture_default_str();
  sub.add_option("--days", world.days, "Instead of the scenario's")->check(CLI::Range(1, 366));
  sub.add_option("--workers", world.workers, "Threads that make and match the lawful traffic")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
  auto* seeds =
      sub.add_option("--seeds", world.seeds, "Play so many seeds and hold the measures to what the worlds know")
          ->check(CLI::Range(1, 100'000));
  sub.add_option("--staffing", world.staffing, "Seats that a promise needs, such as \"90% of high in 60s\"")
      ->excludes(seeds);
  sub.add_option("--report", world.report, "Also write an HTML file, which needs no network");
}

}  // namespace

void add_simulate(CLI::App& app) {
  CLI::App* sub = app.add_subcommand(
      "simulate",
      "Play a scenario in virtual time and say what came of it; or let a seeded town live beside a "
      "server: its traffic through the feed, its staff over the API (docs/simulator.md).\n"
      "Or let the whole system run under faults by a seed, all in this program: --faults.\n"
      "Exits: 0 it is over, was stopped, or all seeds passed; 1 the scenario, the rules or a token are "
      "at fault, or a seed fails; 3 a file or the server can't be reached");
  auto command = std::make_shared<SimulateCommand>();
  add_scenario_options(*sub, *command);
  add_feed_options(*sub, command->feed);
  sub->get_option("--feed")->required(false);
  sub->add_option("--faults", command->faults,
                  "A seed: disk, network, clock and processes fail as it says, and every promise is checked");
  sub->add_option("--count", command->count, "With --faults: so many seeds from that one on")
      ->check(CLI::Range(uint64_t{1}, uint64_t{1'000'000}))
      ->capture_default_str();
  sub->add_flag("--realtime", command->realtime, "Play into a server as its clock goes");
  sub->add_option("--http", command->staff.http, "The server's HTTP address, HOST:PORT");
  sub->add_option("--operator-token", command->staff.operator_tokens, "An operator each; more than one by commas")
      ->envname("QUANZU_OPERATOR_TOKENS")
      ->delimiter(',');
  sub->add_option("--supervisor-token", command->staff.supervisor_token, "Who decides truth; without: nobody")
      ->envname("QUANZU_SUPERVISOR_TOKEN");
  sub->add_option("--speed", command->player.speed, "Server seconds a real second, as its --clock-speed")
      ->check(CLI::Range(0.001, 10'000.0))
      ->capture_default_str();
  sub->add_option("--seconds", command->seconds, "Real seconds, then stop; without: until a signal")
      ->check(CLI::PositiveNumber);
  auto* seed = sub->add_option("--seed", command->player.town.seed, "Of the world, or of the town and its staff");
  auto* residents = sub->add_option("--residents", command->player.town.residents, "Instead of the scenario's")
                        ->check(CLI::Range(10, 10'000'000));
  on_chosen(sub, [command, seed, residents] {
    if (command->world.scenario.empty()) return simulate(*command);
    if (seed->count() > 0) command->world.seed = command->player.town.seed;
    if (residents->count() > 0) command->world.residents = command->player.town.residents;
    command->world.json = command->feed.json;
    return run_scenario(command->world);
  });
}

}  // namespace quanzu::tool
