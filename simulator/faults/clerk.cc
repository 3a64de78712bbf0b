#include "simulator/faults/clerk.h"

#include <boost/json.hpp>

#include "adapters/api/ids.h"
#include "engine/playbook.h"

namespace quanzu::simulator {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& object, std::string_view field) {
  return std::string(object.at(field).as_string());
}

}  // namespace

void ClaimBook::claimed(const std::string& task, size_t clerk, Instant from, Instant until) {
  std::vector<Claim>& claims = claims_[task];
  for (const Claim& each : claims) {
    if (each.clerk != clerk && !each.given_up && from < each.until && each.from < until) {
      judge_.wrong("task " + task + " is told to be clerk " + std::to_string(clerk) + "'s from " +
                   format_rfc3339(from) + ", and clerk " + std::to_string(each.clerk) + "'s until " +
                   format_rfc3339(each.until));
    }
  }
  claims.push_back({clerk, from, until, false});
}

void ClaimBook::prolonged(const std::string& task, size_t clerk, Instant until) {
  for (Claim& each : claims_[task]) {
    if (each.clerk == clerk && !each.given_up) each.until = std::max(each.until, until);
  }
}

void ClaimBook::given_up(const std::string& task, size_t clerk) {
  for (Claim& each : claims_[task]) each.given_up |= each.clerk == clerk;
}

Clerk::Clerk(size_t number, UserId user, Random random, ClaimBook& book, Judge& judge)
    : number_(number), user_(user), random_(random), book_(book), judge_(judge) {}

void Clerk::act(const Ask& ask) {
  if (asked_) return;
  if (!request_) {
    if (last_ && random_.chance(100)) {
      request_ = last_;  // the answer was lost on its way, say
    } else {
      request_ = Request{think(), std::nullopt};
    }
  }
  asked_ = ask(request_->command, [this](Result<std::string> answer) { take(std::move(answer)); });
}

Command Clerk::think() {
  Command command;
  if (held_ && random_.chance(700)) {
    command = about_held();
  } else if (random_.chance(400)) {
    OpenCase open;
    open.place = "hall " + std::to_string(number_) + "-" + std::to_string(keys_);
    open.level = static_cast<Level>(1 + random_.below(4));
    command.body = std::move(open);
  } else {
    command.body = ClaimNext{};
  }
  command.user = user_;
  command.idempotency_key = std::to_string(number_) + "-" + std::to_string(keys_++);
  command.body_hash = command.idempotency_key;
  return command;
}

Command Clerk::about_held() {
  Command command;
  const TaskId task = *api::parse_id<TaskId>(held_->task);
  switch (random_.below(4)) {
    case 0:
      command.body = RenewLease{task};
      return command;
    case 1:
      command.body = ReleaseTask{task};
      break;
    default: {
      RecordAttempt attempt;
      attempt.task = task;
      attempt.result = held_->call ? "no_answer" : "no_one";
      command.body = std::move(attempt);
    }
  }
  book_.given_up(held_->task, number_);
  held_.reset();
  return command;
}

void Clerk::take(Result<std::string> answer) {
  asked_ = false;
  ++answers_;
  Request request = std::move(*request_);
  if (!answer && answer.error().code == Code::kUnavailable) {
    request_ = std::move(request);  // the outcome is unknown: again, under the same key
    return;
  }
  request_.reset();
  if (!answer) {
    const bool renewal = std::holds_alternative<RenewLease>(request.command.body);
    if (renewal) held_.reset();  // it was too late
    if (request.answer)
      judge_.wrong("command " + request.command.idempotency_key + " was answered, and is refused now");
    return;
  }
  if (request.answer && *request.answer != *answer) {
    judge_.wrong("command " + request.command.idempotency_key + " has two answers");
  }
  const bool fresh = !request.answer;
  if (const auto* open = std::get_if<OpenCase>(&request.command.body); open != nullptr && fresh) {
    const json::object said = json::parse(*answer).as_object();
    told_cases_[open->place] = text_of(said.at("case").as_object(), "case_id");
  } else if (fresh) {
    take_task(*answer, std::holds_alternative<ClaimNext>(request.command.body));
  }
  request.answer = std::move(*answer);
  last_ = request.answer == "{}" ? std::nullopt : std::optional(std::move(request));
}

// A claim or a renewal: the task that the answer names is ours until then.
void Clerk::take_task(const std::string& answer, bool claim) {
  const json::object said = json::parse(answer).as_object();
  if (!said.contains("task")) return;
  const json::object& task = said.at("task").as_object();
  if (task.at("lease_until").is_null()) return;
  const Instant until = parse_rfc3339(std::string_view(task.at("lease_until").as_string())).value();
  const std::string id = text_of(task, "task_id");
  if (!claim) return book_.prolonged(id, number_, until);
  book_.claimed(id, number_, until - Playbook::defaults().lease, until);
  if (held_) book_.given_up(held_->task, number_);
  const std::string type = text_of(task, "type");
  held_.reset();
  if (type == "call" || type == "visit") held_ = Held{id, type == "call"};
}

}  // namespace quanzu::simulator
