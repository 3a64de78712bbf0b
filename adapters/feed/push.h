// Feed/Push: an array of JSON signals becomes signals of the caller's own push stream and is answered after their commit.
// With an idempotency key the stream is named by key and content, so a repeat after a lost reply, even after a restart,
// takes nothing twice. Any thread; answers come on the committer's thread (post to your own and return at once).
#pragma once
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "adapters/feed/intake.h"

namespace quanzu::feed {

struct PushReject {
  uint64_t index = 0;  // in the array, from 0
  std::string reason;  // "bad_number: resident.number ..."
};
struct PushReply {
  uint64_t accepted = 0;
  std::vector<PushReject> rejected;
};
// As 07 names it: {"accepted":n,"rejected":[{"index":i,"reason":"..."}]}
std::string to_json(const PushReply& reply);

class Push {
 public:
  using Done = std::function<void(Result<PushReply>)>;

  // `ingress` and `metrics` outlive it and every answer.
  Push(Ingress& ingress, const Limits& limits, Metrics& metrics);
  ~Push();

  // `body` is the request: {"signals":[...]}. Errors: kInvalidArgument where it is not that or has over kMaxSignals;
  // kAlreadyExists where the key came with another body; kAborted, kUnavailable from the stream.
  void push(const std::string& account, const std::string& idempotency_key, std::string_view body, Done done);

  static constexpr size_t kMaxSignals = 10'000;

 private:
  class Stream;
  struct Request;
  std::shared_ptr<Stream> stream_of(const std::string& account, const std::string& name);
  Result<void> remember_key(const std::string& account, const std::string& key, const std::string& body_hash);

  static constexpr size_t kMaxKeys = 100'000;

  Ingress& ingress_;
  const Limits limits_;
  Metrics& metrics_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<Stream>> shared_;  // push streams without a key, by account
  std::vector<std::weak_ptr<Stream>> keyed_;                         // under way, and some that are over
  std::list<std::string> key_order_;                                 // oldest first
  std::unordered_map<std::string, std::string> body_of_key_;
};

}  // namespace quanzu::feed
