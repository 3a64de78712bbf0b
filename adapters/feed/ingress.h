// The port through which feeds reach the engine thread. Declared here, where it is used; adapters/runtime
// implements it. Any io thread may call; what a stream's owner hears comes after the commit that makes it
// true.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/feed/batch.h"

namespace quanzu::feed {

struct NackNotice {
  uint64_t seq = 0;
  std::string reason;
  std::string detail;
};

// What a stream's owner hears, always after the commit that makes it true. Called on the committer's thread:
// post to your own io_context and return at once.
class StreamSink {
 public:
  virtual ~StreamSink() = default;
  virtual void on_open(StreamBinding binding, uint64_t next_seq) = 0;
  virtual void on_refused(Error error) = 0;  // the stream couldn't be opened
  // Everything up to `up_to_seq` is durable; accepted and rejected count this commit's alone.
  virtual void on_committed(uint64_t up_to_seq, uint64_t accepted, uint64_t rejected,
                            std::vector<NackNotice> nacks) = 0;
  virtual void on_fenced(std::string reason) = 0;  // a newer connection has the stream, or the server takes no writes
  virtual void on_room() = 0;                      // after submit() said full: read on
};

class Ingress {
 public:
  virtual ~Ingress() = default;
  // Ordered with the batches: next_seq is known once every batch of an earlier owner is applied or discarded.
  virtual void open(std::string feed, std::string stream, std::shared_ptr<StreamSink> sink) = 0;
  virtual void close(const StreamBinding& binding) = 0;
  // Takes the batch in any case. False: the inbox is full now, stop reading until on_room().
  virtual bool submit(std::unique_ptr<Batch> batch) = 0;
  virtual std::unique_ptr<Batch> take_batch() = 0;  // an empty one from the pool
  virtual Instant now() const = 0;                  // the server's clock, manual or not
};

}  // namespace quanzu::feed
