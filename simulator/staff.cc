#include "simulator/staff.h"

#include <chrono>

namespace quanzu::simulator {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

std::string text(const object& of, std::string_view key) {
  const value* found = of.if_contains(key);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

}  // namespace

Staff::Staff(const StaffOptions& options) : options_(options) {
  for (size_t i = 0; i < options_.operator_tokens.size(); ++i) {
    people_.emplace_back([this, i] { work_as_operator(i); });
  }
  if (!options_.supervisor_token.empty()) people_.emplace_back([this] { work_as_supervisor(); });
}

Staff::~Staff() {
  {
    const std::scoped_lock lock(stop_mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  for (std::thread& person : people_) person.join();
}

std::string Staff::last_error() const {
  const std::scoped_lock lock(error_mutex_);
  return last_error_;
}

void Staff::pause(double server_seconds) {
  std::unique_lock lock(stop_mutex_);
  stop_.wait_for(lock, std::chrono::duration<double>(server_seconds / options_.speed), [this] { return stopping_.load(); });
}

Result<object> Staff::ask(ApiClient& api, const std::string& method, const object& body) {
  Result<object> answer = api.call(method, body);
  if (!answer) {
    const std::scoped_lock lock(error_mutex_);
    last_error_ = method + ": " + answer.error().message;
  }
  return answer;
}

void Staff::work_as_operator(size_t index) {
  ApiClient api(options_.http, options_.operator_tokens[index]);
  Random random(options_.seed * 1000 + index);
  while (!stopping_) {
    if (!work_once(api, random)) pause(30);
  }
}

bool Staff::work_once(ApiClient& api, Random& random) {
  const Result<object> claimed = ask(api, "Cases/ClaimNext", {});
  if (!claimed || !claimed->contains("task")) return false;
  const object& of = claimed->at("case").as_object();
  const object& task = claimed->at("task").as_object();
  const std::string type = text(task, "type");
  pause(static_cast<double>(random.between(15, 60)));  // reading, dialling, talking: inside the lease
  if (type == "call" || type == "visit") {
    attempt(api, random, of, task);
  } else if (type == "feedback") {
    feed_back(api, of);
  } else if (type == "follow_up") {
    follow_up(api, random, of, task);
  } else {
    ask(api, "Cases/Release", {{"task_id", text(task, "task_id")}});
    return false;
  }
  return true;
}

void Staff::attempt(ApiClient& api, Random& random, const object& of, const object& task) {
  const bool visit = text(task, "type") == "visit";
  const bool reached = random.chance(visit ? options_.home_per_mille : options_.answers_per_mille);
  const bool persuaded = reached && random.chance(options_.persuaded_per_mille);
  object body{{"task_id", text(task, "task_id")}, {"version", of.at("version")}};
  if (!reached) {
    body["result"] = visit ? "no_one" : "no_answer";
  } else if (!persuaded) {
    body["result"] = visit ? "door_refused" : "disbelieves";
  } else {
    body["result"] = visit ? "met" : "reached";
    body["identity"] = visit ? "face_to_face" : "called_back";
    body["line_cut"] = true;
    body["stopped_by"] = visit ? "visitor" : "operator";
  }
  const Result<object> recorded = ask(api, "Cases/RecordAttempt", body);
  if (!recorded) return;
  ++attempts_;
  if (persuaded) close(api, random, recorded->at("case").as_object());
}

void Staff::close(ApiClient& api, Random& random, const object& of) {
  object body{{"case_id", text(of, "case_id")}, {"version", of.at("version")}};
  const bool light = text(of, "level") == "low" || text(of, "level") == "medium";
  if (light && random.chance(options_.false_alarm_per_mille)) {
    body["reason"] = "false_alarm";
    body["proof"] = "the sender is known to the resident and confirmed it";
  } else {
    body["reason"] = "dissuaded";
  }
  if (ask(api, "Cases/Close", body)) ++closed_;
}

void Staff::feed_back(ApiClient& api, const object& of) {
  const value* instructions = of.if_contains("instructions");
  if (instructions == nullptr || !instructions->is_array()) return;
  for (const value& id : instructions->get_array()) {
    ask(api, "Instructions/Sign", {{"instruction_id", id}});
    ask(api, "Instructions/FeedBack",
        {{"instruction_id", id}, {"action", "contacted"}, {"text", "contacted by telephone and advised"}});
  }
}

void Staff::follow_up(ApiClient& api, Random& random, const object& of, const object& task) {
  const bool lost = random.chance(80);
  object body{{"case_id", text(of, "case_id")}, {"version", of.at("version")}, {"point", text(task, "point")},
              {"verdict", lost ? "loss" : "no_loss"}, {"source", lost ? "police_report" : "resident"}};
  if (lost) body["loss_fen"] = random.between(10, 500) * 10000;
  const Result<object> recorded = api.call("Cases/FollowUp", body);
  // The one who closed may not follow up: back into the queue for somebody else.
  if (!recorded) ask(api, "Cases/Release", {{"task_id", text(task, "task_id")}});
}

void Staff::work_as_supervisor() {
  ApiClient api(options_.http, options_.supervisor_token);
  Random random(options_.seed * 1000 + 999);
  while (!stopping_) {
    decide(api, random);
    pause(600);
  }
}

void Staff::decide(ApiClient& api, Random& random) {
  for (int decided = 0; decided < 20 && !stopping_; ++decided) {
    const Result<object> next = ask(api, "Truth/Next", {});
    if (!next || !next->contains("case")) return;
    const object& of = next->at("case").as_object();
    const bool refuted = random.chance(options_.false_alarm_per_mille);
    object body{{"case_id", text(of, "case_id")}, {"truth", refuted ? "refuted" : "confirmed"}};
    body["criteria"] = refuted ? array{"named_proof_of_false"} : array{"content_confirmed_by_resident", "independent_proof"};
    if (!ask(api, "Truth/Decide", body)) return;
  }
}

}  // namespace quanzu::simulator
