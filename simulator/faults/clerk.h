// People at the queue while the server fails: each asks for one thing at a time, under a key, and asks again under the same key
// where no answer came. Held together against what was told: a case that was told is there once, a repeated command gets
// the first answer, and no task is two people's at one time. One thread.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/api/ports.h"
#include "simulator/faults/judge.h"
#include "simulator/random.h"

namespace quanzu::simulator {

// Who was told that which task is theirs, from when to when.
class ClaimBook {
 public:
  explicit ClaimBook(Judge& judge) : judge_(judge) {}
  void claimed(const std::string& task, size_t clerk, Instant from, Instant until);
  void prolonged(const std::string& task, size_t clerk, Instant until);
  void given_up(const std::string& task, size_t clerk);  // perhaps: from now on it may be anybody's
  void forget() { claims_.clear(); }

 private:
  struct Claim {
    size_t clerk = 0;
    Instant from{};
    Instant until{};
    bool given_up = false;
  };
  std::map<std::string, std::vector<Claim>> claims_;
  Judge& judge_;
};

class Clerk {
 public:
  // Gives a command to the server; false where there is none.
  using Ask = std::function<bool(Command command, api::Reply reply)>;

  Clerk(size_t number, UserId user, Random random, ClaimBook& book, Judge& judge);

  void act(const Ask& ask);
  // The server is gone: no answer will come.
  void no_answer() { asked_ = false; }
  // The disk lied: what it was told of may be gone.
  void forget() {
    told_cases_.clear();
    last_.reset();
    if (request_) request_->answer.reset();
  }

  const std::map<std::string, std::string>& told_cases() const { return told_cases_; }  // id by place
  uint64_t answers() const { return answers_; }

 private:
  struct Request {
    Command command;
    std::optional<std::string> answer;  // of an earlier time
  };
  struct Held {
    std::string task;
    bool call = false;
  };
  Command think();
  Command about_held();
  void take(Result<std::string> answer);
  void take_task(const std::string& answer, bool claim);

  const size_t number_;
  const UserId user_;
  Random random_;
  ClaimBook& book_;
  Judge& judge_;
  uint64_t keys_ = 0;
  std::optional<Request> request_;  // until it is answered
  bool asked_ = false;              // and the answer may still come
  std::optional<Request> last_;     // answered
  std::optional<Held> held_;
  std::map<std::string, std::string> told_cases_;
  uint64_t answers_ = 0;
};

}  // namespace quanzu::simulator
