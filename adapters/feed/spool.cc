#include "adapters/feed/spool.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "adapters/feed/content_hash.h"
#include "adapters/feed/rows.h"
#include "adapters/feed/wire.h"

namespace quanzu::feed {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr size_t kRejectsListed = 1000;

// The first regular file by name that is one of ours; hidden ones are somebody's unfinished copy.
std::optional<fs::path> next_file(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    std::error_code ignored;
    if (entry.symlink_status(ignored).type() == fs::file_type::regular && name[0] != '.' && find_format(name)) {
      files.push_back(entry.path());
    }
  }
  if (files.empty()) return std::nullopt;
  return *std::min_element(files.begin(), files.end());
}

}  // namespace

// One file under way. What the committer's thread says is posted to the spool's own.
class Spool::File final : public StreamSink, public std::enable_shared_from_this<Spool::File> {
 public:
  File(Spool& spool, fs::path path)
      : spool_(spool), path_(std::move(path)), intake_(spool.ingress_, spool.options_.limits, spool.metrics_) {}

  void start() {
    Result<std::string> stream = stream_of_file("spool", path_.string());
    if (!stream) return finish(stream.error().message);
    stream_ = std::move(*stream);
    in_.open(path_, std::ios::binary);
    RowOptions options;
    options.format = *find_format(path_.filename().string());
    Result<RowReader> reader = RowReader::open(in_, options);
    if (!reader) return finish(reader.error().message);
    reader_ = std::move(*reader);
    spool_.ingress_.open("spool", stream_, shared_from_this());
  }

  // Lets go of the stream without a report: the next start goes on.
  void abandon() {
    if (std::exchange(over_, true)) return;
    if (open_) spool_.ingress_.close(intake_.binding());
    intake_.unbind();
  }

  void on_open(StreamBinding binding, uint64_t next_seq) override {
    post([binding = std::move(binding), next_seq](File& file) mutable {
      file.open_ = true;
      file.intake_.bind(std::move(binding), next_seq);
      file.committed_ = next_seq - 1;
      for (file.earlier_ = 0; file.earlier_ + 1 < next_seq && file.reader_->next(); ++file.earlier_) {
      }
      file.pump();
    });
  }
  void on_refused(Error error) override {
    post([error = std::move(error)](File& file) { file.give_up(error.message); });
  }
  void on_committed(uint64_t up_to_seq, uint64_t accepted, uint64_t rejected, std::vector<NackNotice>) override {
    post([up_to_seq, accepted, rejected](File& file) {
      file.committed_ = up_to_seq;
      file.accepted_ += accepted;
      file.rejected_ += rejected;
      file.pump();
    });
  }
  void on_fenced(std::string reason) override {
    post([reason = std::move(reason)](File& file) { file.give_up(reason); });
  }
  void on_room() override {
    post([](File& file) {
      file.await_room_ = false;
      file.pump();
    });
  }

 private:
  template <class F>
  void post(F handler) {
    boost::asio::post(spool_.io_, [self = shared_from_this(), handler = std::move(handler)]() mutable {
      if (!self->over_) handler(*self);
    });
  }

  uint64_t in_flight() const { return intake_.next_seq() - 1 - committed_; }

  void pump() {
    while (!ended_ && !await_room_ && in_flight() < spool_.options_.limits.in_flight) submit_some();
    if (ended_ && in_flight() == 0) finish({});
  }

  void submit_some() {
    std::string messages;
    std::vector<size_t> ends;
    std::vector<uint64_t> lines;
    uint64_t seq = intake_.next_seq();
    while (lines.size() < Batch::kMaxSignals) {
      const std::optional<Row> row = reader_->next();
      if (!row) {
        ended_ = true;
        break;
      }
      append_sized_signal(messages, seq++, row->fields);
      ends.push_back(messages.size());
      lines.push_back(row->line);
    }
    if (lines.empty()) return;
    const uint64_t first = intake_.next_seq();
    intake_.begin(messages.size());
    for (size_t i = 0, begin = 0; i < ends.size(); begin = ends[i++]) {
      const Intake::Taken taken = intake_.add(std::string_view(messages).substr(begin, ends[i] - begin));
      ENSURE(taken == Intake::Taken::kYes, "our own message, our own number");
    }
    for (const Reject& reject : intake_.rejects()) {
      if (rejects_.size() == kRejectsListed) break;
      rejects_.push_back({{"line", lines[reject.seq - first]}, {"reason", reject.reason}, {"detail", reject.detail}});
    }
    if (!intake_.submit()) await_room_ = true;
  }

  // The server takes no writes, say: the file stays for the next look.
  void give_up(const std::string& why) {
    spool_.options_.say(path_.filename().string() + " waits: " + why);
    abandon();
    spool_.done_with(false);
  }

  void finish(const std::string& error) {
    const fs::path target = place_in_done();
    const fs::path report = target.string() + ".report";
    // Ours is there already where a crash came between it and the move below; it tells more than a second one could.
    if (earlier_ == 0 || !mentions_stream(report)) write_report(report, error);
    std::error_code failed;
    fs::rename(path_, target, failed);
    spool_.options_.say(path_.filename().string() + ": " + std::to_string(accepted_) + " accepted, " +
                        std::to_string(rejected_) + " rejected" +
                        (failed ? "; it can't be moved to done/, so the spool stops: " + failed.message() : ""));
    if (failed) spool_.stopped_ = true;  // else it would be taken again and again
    abandon();
    spool_.done_with(true);
  }

  // A name that was used before gets the content's beside it: nothing in done/ is overwritten.
  fs::path place_in_done() const {
    const fs::path done = path_.parent_path() / "done";
    const fs::path plain = done / path_.filename();
    return fs::exists(plain) ? done / (path_.filename().string() + "." + stream_) : plain;
  }

  bool mentions_stream(const fs::path& report) const {
    std::ifstream in(report);
    std::string line;
    return std::getline(in, line) && line.find(stream_) != std::string::npos;
  }

  void write_report(const fs::path& report, const std::string& error) {
    json::object body{{"file", path_.filename().string()},
                      {"stream", stream_},
                      {"accepted", accepted_},
                      {"rejected", rejected_},
                      {"taken_before", earlier_},
                      {"rejects", std::move(rejects_)}};
    if (!error.empty()) body["error"] = error;
    const fs::path unfinished = report.string() + ".tmp";
    std::ofstream(unfinished) << json::serialize(body) << '\n';
    std::error_code ignored;
    fs::rename(unfinished, report, ignored);
  }

  Spool& spool_;
  const fs::path path_;
  std::string stream_;
  std::ifstream in_;
  std::optional<RowReader> reader_;
  Intake intake_;
  uint64_t committed_ = 0;
  uint64_t accepted_ = 0;
  uint64_t rejected_ = 0;
  uint64_t earlier_ = 0;  // rows that a run before took
  json::array rejects_;
  bool open_ = false;
  bool ended_ = false;
  bool await_room_ = false;
  bool over_ = false;
};

Spool::Spool(boost::asio::io_context& io, Ingress& ingress, Metrics& metrics, SpoolOptions options)
    : io_(io), ingress_(ingress), metrics_(metrics), options_(std::move(options)), timer_(io) {}

Spool::~Spool() {
  if (file_) file_->abandon();
}

Result<void> Spool::start() {
  std::error_code error;
  fs::create_directories(fs::path(options_.folder) / "done", error);
  if (error) return fail(Code::kUnavailable, "spool folder " + options_.folder + ": " + error.message());
  boost::asio::post(io_, [this] { look(); });
  return {};
}

void Spool::stop() {
  boost::asio::post(io_, [this] {
    stopped_ = true;
    timer_.cancel();
    if (file_) file_->abandon();
    file_.reset();
  });
}

void Spool::look() {
  if (stopped_ || file_) return;
  const std::optional<fs::path> path = next_file(options_.folder);
  if (!path) return wait();
  file_ = std::make_shared<File>(*this, *path);
  file_->start();
}

void Spool::wait() {
  timer_.expires_after(options_.poll);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) look();
  });
}

// Called by the file itself, which must not go before it has returned. A file that was put off is tried after a pause.
void Spool::done_with(bool moved) {
  boost::asio::post(io_, [this, moved, file = std::move(file_)] {
    if (stopped_) return;
    if (moved) {
      look();
    } else {
      wait();
    }
  });
}

}  // namespace quanzu::feed
