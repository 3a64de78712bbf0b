// Simulated people at the desk: operators who claim tasks, call, persuade, close and follow up, and a supervisor who decides
// truth. They know what the API tells them and nothing of the town, so what they do is what any client could do.
// Each person is a thread; the probabilities stand in StaffOptions and docs/simulator.md.
#pragma once
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "simulator/api_client.h"
#include "simulator/random.h"

namespace quanzu::simulator {

struct StaffOptions {
  std::string http;                          // of the server
  std::vector<std::string> operator_tokens;  // an operator each
  std::string supervisor_token;              // empty: nobody decides truth
  double speed = 1;                          // server seconds a real second
  uint64_t seed = 1;
  uint32_t answers_per_mille = 450;          // of calls are answered by the resident; assumed
  uint32_t persuaded_per_mille = 600;        // of those reached end the contact (about 40% refuse); assumed
  uint32_t false_alarm_per_mille = 100;      // of those reached turn out to be lawful; assumed
  uint32_t home_per_mille = 700;             // of visits meet the resident; assumed
};

class Staff {
 public:
  explicit Staff(const StaffOptions& options);
  ~Staff();  // everybody finishes the call at hand and goes home

  uint64_t attempts() const { return attempts_; }
  uint64_t closed() const { return closed_; }
  std::string last_error() const;

 private:
  void work_as_operator(size_t index);
  void work_as_supervisor();
  bool work_once(ApiClient& api, Random& random);
  void attempt(ApiClient& api, Random& random, const boost::json::object& of, const boost::json::object& task);
  void close(ApiClient& api, Random& random, const boost::json::object& of);
  void feed_back(ApiClient& api, const boost::json::object& of);
  void follow_up(ApiClient& api, Random& random, const boost::json::object& of, const boost::json::object& task);
  void decide(ApiClient& api, Random& random);
  Result<boost::json::object> ask(ApiClient& api, const std::string& method, const boost::json::object& body);
  void pause(double server_seconds);

  StaffOptions options_;
  std::atomic<bool> stopping_{false};
  std::atomic<uint64_t> attempts_{0};
  std::atomic<uint64_t> closed_{0};
  mutable std::mutex error_mutex_;
  std::string last_error_;
  std::condition_variable stop_;
  std::mutex stop_mutex_;
  std::vector<std::thread> people_;
};

}  // namespace quanzu::simulator
