// quanzud packs: what a running server matches with, and going over to what has changed under its folder.
#include <cmath>
#include <iostream>

#include "cmd/server.h"

namespace quanzu::cmd {
namespace {

namespace json = boost::json;

struct PacksCommand {
  std::string data;
  std::string on;  // of shadow
  bool json = false;
};

using Print = void (*)(const json::object& done);

int call(const PacksCommand& command, const std::string& method, const json::object& body, Print print) {
  const auto answered = call_server(command.data, method, body);
  if (!answered) {
    return report(Error{
        Code::kUnavailable, "no server runs on " + command.data + ": it reads its packs when it starts", {}, {}, 0});
  }
  if (!*answered) return report(answered->error());
  if (command.json) {
    std::cout << json::serialize(**answered) << '\n';
  } else {
    print(**answered);
  }
  return kOk;
}

void print_live(const json::object& done) {
  if (done.at("changed").as_bool()) {
    std::cout << "pack version " << done.at("version").as_int64() << " is live with " << done.at("rules").as_int64()
              << " rules\n";
  } else {
    std::cout << "nothing has changed: pack version " << done.at("version").as_int64() << " stays live\n";
  }
}

void print_names(const char* what, const json::value& names) {
  std::cout << what << ": " << names.as_array().size();
  for (const json::value& each : names.as_array()) std::cout << "\n    " << each.as_string().c_str();
  std::cout << '\n';
}

std::string nanoseconds(const json::value& value) {
  return value.is_null() ? "not known, no text has come" : std::to_string(std::llround(value.to_number<double>())) + " ns a signal";
}

void print_preview(const json::object& done) {
  print_names("added", done.at("added"));
  print_names("changed", done.at("changed"));
  print_names("removed", done.at("removed"));
  const json::object& windows = done.at("windows").as_object();
  std::cout << "correlations that keep their windows: " << windows.at("kept").as_int64() << '\n';
  print_names("correlations that begin empty", windows.at("start_empty"));
  const json::object& cost = done.at("ns_per_signal").as_object();
  std::cout << "compiled in " << done.at("compile_seconds").to_number<double>() << " s; "
            << done.at("database_bytes").to_number<int64_t>() / 1024 << " KiB of databases\n"
            << "cost now: " << nanoseconds(cost.at("live")) << "; then: " << nanoseconds(cost.at("next")) << '\n'
            << "`quanzud packs reload` goes over to it\n";
}

void print_shadow(const json::object& done) {
  if (!done.at("on").as_bool()) {
    std::cout << "no pack is in shadow\n";
    return;
  }
  const json::object& alerts = done.at("alerts").as_object();
  const json::object& residents = done.at("residents").as_object();
  std::cout << "in shadow since " << done.at("since").as_string().c_str() << ", "
            << done.at("signals").to_number<int64_t>() << " signals\n"
            << "alerts: " << alerts.at("shadow").to_number<int64_t>() << ", live "
            << alerts.at("live").to_number<int64_t>() << "\nresidents: " << residents.at("shadow").to_number<int64_t>()
            << ", live " << residents.at("live").to_number<int64_t>() << "; gained "
            << residents.at("gained").to_number<int64_t>() << ", lost " << residents.at("lost").to_number<int64_t>()
            << '\n';
  for (const json::value& each : done.at("rules").as_array()) {
    std::cout << "    " << each.at("rule").as_string().c_str() << ": " << each.at("alerts").to_number<int64_t>()
              << '\n';
  }
}

void print_list(const json::object& done) {
  std::cout << "pack version " << done.at("version").as_int64() << '\n';
  for (const json::value& each : done.at("rules").as_array()) {
    const json::object& rule = each.as_object();
    std::cout << "    " << rule.at("rule").as_string().c_str() << " v" << rule.at("version").as_string().c_str();
    if (rule.at("state").as_string() != "on") std::cout << ", off: " << rule.at("why").as_string().c_str();
    if (const json::value* held = rule.if_contains("held_back")) {
      std::cout << ", held back " << held->to_number<int64_t>();
    }
    std::cout << '\n';
  }
}

CLI::App* add(CLI::App& packs, const char* name, const char* what, const std::shared_ptr<PacksCommand>& command) {
  CLI::App* sub = packs.add_subcommand(name, what);
  sub->add_option("--data", command->data, "The server's data folder")->required();
  sub->add_flag("--json", command->json, "Print one JSON object");
  return sub;
}

}  // namespace

void add_packs(CLI::App& app, int& exit_code) {
  CLI::App* packs = app.add_subcommand("packs", "Rule packs of a running server");
  packs->require_subcommand(1);
  const auto command = std::make_shared<PacksCommand>();
  const auto plain = [&](const char* name, const char* what, const char* method, Print print) {
    add(*packs, name, what, command)->callback([command, method, print, &exit_code] {
      exit_code = call(*command, method, {}, print);
    });
  };
  plain("list", "The rules of the live pack, and what was switched off or held back", "Rules/List", print_list);
  plain("preview", "What going over to the packs' folder as it is now would mean: rules, windows, cost",
        "Rules/Preview", print_preview);
  plain("reload", "Compile the packs again and go over to them between two batches; on an error the live pack goes on",
        "Rules/Publish", print_live);
  plain("rollback", "Go back to the pack that was live before this one", "Rules/Rollback", print_live);
  CLI::App* shadow =
      add(*packs, "shadow",
          "What the pack in shadow has counted; with on, begin anew with the folder of --shadow; off ends it", command);
  shadow->add_option("SWITCH", command->on, "on or off")->check(CLI::IsMember({"on", "off"}));
  shadow->callback([command, &exit_code] {
    const json::object body = command->on.empty() ? json::object{} : json::object{{"on", command->on == "on"}};
    exit_code = call(*command, "Rules/Shadow", body, print_shadow);
  });
}

}  // namespace quanzu::cmd
