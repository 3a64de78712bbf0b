#include "adapters/feed/push.h"

#include <boost/json.hpp>
#include <deque>

#include "adapters/feed/content_hash.h"
#include "adapters/feed/json.h"
#include "adapters/feed/validate.h"
#include "adapters/feed/wire.h"

namespace quanzu::feed {

namespace json = boost::json;

namespace {

constexpr std::string_view kSharedStream = "push";

// The fields of each signal of the request; what is no signal says so in its place.
Result<std::vector<std::string>> read_request(std::string_view body) {
  json::parse_options options;
  options.allow_invalid_utf8 = true;
  boost::system::error_code error;
  const json::value value = json::parse(body, error, {}, options);
  const json::value* signals = !error && value.is_object() ? value.get_object().if_contains("signals") : nullptr;
  if (signals == nullptr || !signals->is_array()) {
    return fail(Code::kInvalidArgument, "signals is missing: send {\"signals\":[{\"kind\":\"sms\",...}]}", "signals");
  }
  if (signals->get_array().size() > Push::kMaxSignals) {
    return fail(Code::kInvalidArgument,
                "signals has " + std::to_string(signals->get_array().size()) + " elements; send at most " +
                    std::to_string(Push::kMaxSignals) + " a request",
                "signals");
  }
  std::vector<std::string> messages;
  EventFields fields;
  for (const json::value& element : signals->get_array()) {
    fields.clear();
    const Result<void> read = read_json_event(element, fields);
    if (read) {
      messages.push_back(fields.bytes());
    } else {
      SignalWriter(messages.emplace_back()).unreadable(read.error().message, json::serialize(element).substr(0, 2048));
    }
  }
  return messages;
}

}  // namespace

struct Push::Request {
  std::vector<std::string> messages;  // fields without seq
  Done done;
  PushReply reply;
  uint64_t first_seq = 0;
  uint64_t last_seq = 0;
};

// One stream of an account: opens it, puts requests on it in order, answers each when its last signal is durable.
// All under mutex_; answers are given after it is let go.
class Push::Stream final : public StreamSink, public std::enable_shared_from_this<Push::Stream> {
 public:
  Stream(Ingress& ingress, const Limits& limits, Metrics& metrics, std::string account, std::string name, bool keyed)
      : ingress_(ingress),
        limits_(limits),
        intake_(ingress, limits_, metrics),
        account_(std::move(account)),
        name_(std::move(name)),
        keyed_(keyed) {}

  void add(Request request) {
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(request));
      if (state_ == State::kOpen) return submit_waiting();
      if (std::exchange(state_, State::kOpening) == State::kOpening) return;
    }
    ingress_.open(account_, name_, shared_from_this());
  }

  // The binding holds this stream as its sink: without letting go of it, neither would ever go.
  void close() {
    const std::lock_guard lock(mutex_);
    if (state_ == State::kOpen) let_go();
  }

  void on_open(StreamBinding binding, uint64_t next_seq) override {
    std::vector<std::function<void()>> answers;
    {
      const std::lock_guard lock(mutex_);
      state_ = State::kOpen;
      intake_.bind(std::move(binding), next_seq);
      submit_waiting();
      answer_up_to(next_seq - 1, answers);
    }
    for (const auto& answer : answers) answer();
  }
  void on_refused(Error error) override { fail_all(std::move(error)); }
  void on_committed(uint64_t up_to_seq, uint64_t, uint64_t, std::vector<NackNotice>) override {
    std::vector<std::function<void()>> answers;
    {
      const std::lock_guard lock(mutex_);
      answer_up_to(up_to_seq, answers);
    }
    for (const auto& answer : answers) answer();
  }
  void on_fenced(std::string reason) override {
    fail_all({Code::kUnavailable,
              "the push stream was closed: " + reason + "; send again with the same Idempotency-Key",
              {},
              {},
              0});
  }
  void on_room() override {}  // an HTTP request is in whole; the API bounds how many there are

 private:
  enum class State : uint8_t { kClosed, kOpening, kOpen };

  void submit_waiting() {
    for (; !waiting_.empty(); waiting_.pop_front()) {
      Request& request = waiting_.front();
      // A keyed stream holds this request alone: its signals are 1 .. n, and those below next_seq are durable already.
      request.first_seq = keyed_ ? 1 : intake_.next_seq();
      request.last_seq = request.first_seq + request.messages.size() - 1;
      submit(request);
      submitted_.push_back(std::move(request));
    }
  }

  void submit(Request& request) {
    uint64_t seq = request.first_seq;
    std::string sized;
    for (size_t at = 0; at < request.messages.size();) {
      const size_t end = std::min(at + Batch::kMaxSignals, request.messages.size());
      size_t bytes = 0;
      for (size_t i = at; i < end; ++i) bytes += request.messages[i].size() + 24;  // seq, its tag, the length
      intake_.begin(bytes);
      for (; at < end; ++at, ++seq) {
        sized.clear();
        append_sized_signal(sized, seq, request.messages[at]);
        const Intake::Taken taken = intake_.add(sized);
        ENSURE(taken == Intake::Taken::kYes || taken == Intake::Taken::kDuplicate, "our own message, our own number");
        // What an earlier try put there is judged again, so that the answer is the same.
        if (taken == Intake::Taken::kDuplicate) judge_again(sized, request, seq);
      }
      for (const Reject& reject : intake_.rejects()) {
        request.reply.rejected.push_back(
            {reject.seq - request.first_seq, std::string(reject.reason) + ": " + reject.detail});
      }
      intake_.submit();
    }
    request.reply.accepted = request.messages.size() - request.reply.rejected.size();
    request.messages.clear();
  }

  void judge_again(std::string_view sized, Request& request, uint64_t seq) {
    Signal signal;
    SignalHead head;
    if (!decode_signal(unsized(sized), head, signal)) return;
    if (const std::optional<Refusal> refusal = validate(head, ingress_.now(), limits_, signal)) {
      request.reply.rejected.push_back(
          {seq - request.first_seq, std::string(refusal->reason) + ": " + refusal->detail});
    }
  }

  void answer_up_to(uint64_t durable, std::vector<std::function<void()>>& answers) {
    while (!submitted_.empty() && submitted_.front().last_seq <= durable) {
      Request& request = submitted_.front();
      answers.emplace_back([done = std::move(request.done), reply = std::move(request.reply)] { done(reply); });
      submitted_.pop_front();
    }
    if (keyed_ && submitted_.empty() && waiting_.empty()) let_go();
  }

  void let_go() {
    ingress_.close(intake_.binding());
    intake_.unbind();
    state_ = State::kClosed;
  }

  void fail_all(Error error) {
    std::deque<Request> failed;
    {
      const std::lock_guard lock(mutex_);
      state_ = State::kClosed;
      intake_.unbind();
      failed = std::move(submitted_);
      std::move(waiting_.begin(), waiting_.end(), std::back_inserter(failed));
      submitted_.clear();
      waiting_.clear();
    }
    for (const Request& request : failed) request.done(Failure(error));
  }

  Ingress& ingress_;
  const Limits limits_;
  std::mutex mutex_;
  Intake intake_;
  const std::string account_;
  const std::string name_;
  const bool keyed_;
  State state_ = State::kClosed;
  std::deque<Request> waiting_;    // for the stream to open
  std::deque<Request> submitted_;  // for their commit
};

Push::Push(Ingress& ingress, const Limits& limits, Metrics& metrics)
    : ingress_(ingress), limits_(limits), metrics_(metrics) {}
Push::~Push() {
  for (const auto& [account, stream] : shared_) stream->close();
  for (const std::weak_ptr<Stream>& weak : keyed_) {
    if (const std::shared_ptr<Stream> stream = weak.lock()) stream->close();
  }
}

Result<void> Push::remember_key(const std::string& account, const std::string& key, const std::string& body_hash) {
  const std::string full = account + '\n' + key;
  const std::lock_guard lock(mutex_);
  const auto [at, is_new] = body_of_key_.emplace(full, body_hash);
  if (!is_new && at->second != body_hash) {
    return fail(Code::kAlreadyExists, "Idempotency-Key was used for another body; use a new key for each request");
  }
  if (!is_new) return {};
  key_order_.push_back(full);
  if (key_order_.size() > kMaxKeys) {
    body_of_key_.erase(key_order_.front());
    key_order_.pop_front();
  }
  return {};
}

std::shared_ptr<Push::Stream> Push::stream_of(const std::string& account, const std::string& name) {
  const std::lock_guard lock(mutex_);
  if (name != kSharedStream) {
    std::erase_if(keyed_, [](const std::weak_ptr<Stream>& weak) { return weak.expired(); });
    auto stream = std::make_shared<Stream>(ingress_, limits_, metrics_, account, name, true);
    keyed_.push_back(stream);
    return stream;
  }
  std::shared_ptr<Stream>& stream = shared_[account];
  if (!stream) stream = std::make_shared<Stream>(ingress_, limits_, metrics_, account, name, false);
  return stream;
}

void Push::push(const std::string& account, const std::string& idempotency_key, std::string_view body, Done done) {
  Result<std::vector<std::string>> messages = read_request(body);
  if (!messages) return done(Failure(messages.error()));
  if (messages->empty()) return done(PushReply());
  std::string name(kSharedStream);
  if (!idempotency_key.empty()) {
    const std::string body_hash = sha256(body);
    if (const Result<void> known = remember_key(account, idempotency_key, body_hash); !known) {
      return done(Failure(known.error()));
    }
    name += "-" + sha256(idempotency_key + '\n' + body_hash).substr(0, 32);
  }
  Request request;
  request.messages = std::move(*messages);
  request.done = std::move(done);
  stream_of(account, name)->add(std::move(request));
}

std::string to_json(const PushReply& reply) {
  json::array rejected;
  for (const PushReject& reject : reply.rejected) {
    rejected.push_back({{"index", reject.index}, {"reason", reject.reason}});
  }
  return json::serialize(json::object{{"accepted", reply.accepted}, {"rejected", std::move(rejected)}});
}

}  // namespace quanzu::feed
