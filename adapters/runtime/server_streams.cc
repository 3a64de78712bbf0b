// Who owns a stream. A newcomer fences the older owner: batches that it sent before are discarded where they have not been
// applied, so next_seq is the first not sequenced, and whoever has it is told after the commit that makes it true.
#include "adapters/runtime/server.h"

namespace quanzu::runtime {

void Server::open_stream(const std::string& feed, const std::string& stream,
                         const std::shared_ptr<feed::StreamSink>& sink) {
  const Result<Applied> opened = apply(StreamOpened{feed, stream});
  if (!opened) {
    block_.add_release([sink, error = opened.error()](const Result<void>&) { sink->on_refused(error); });
    return;
  }
  const Stream& found = *pipeline_.engine().find_stream(feed, stream);
  if (owners_.size() < found.id.value()) owners_.resize(found.id.value());
  Owner& owner = owners_[found.id.value() - 1];
  if (owner.sink != nullptr) {
    block_.add_release([older = owner.sink](const Result<void>&) {
      older->on_fenced("a newer connection has this stream; two senders must not share one");
    });
  }
  owner.sink = sink;
  ++owner.epoch;
  const feed::StreamBinding binding{found.id, owner.epoch, sink, feed};
  block_.add_release([binding, next_seq = found.next_seq](const Result<void>& committed) {
    if (!committed) return binding.sink->on_refused(committed.error());
    binding.sink->on_open(binding, next_seq);
  });
}

void Server::close_stream(const feed::StreamBinding& binding) {
  if (owns(binding)) owners_[binding.stream.value() - 1].sink.reset();
}

// False for a batch of an earlier connection.
bool Server::owns(const feed::StreamBinding& binding) const {
  return binding.epoch == owners_[binding.stream.value() - 1].epoch;
}

}  // namespace quanzu::runtime
