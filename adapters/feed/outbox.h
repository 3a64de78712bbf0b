// What a connection still has to tell its peer: frames in order, each commit's Nacks, and one Ack for all commits since the
// last write, after their Nacks. Owned by its session, on the session's thread.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "adapters/feed/feed.pb.h"
#include "adapters/feed/ingress.h"
#include "adapters/feed/wire.h"

namespace quanzu::feed {

class Outbox {
 public:
  void open(uint64_t next_seq) { committed_ = next_seq - 1; }
  void add(const v1::ServerFrame& frame);
  void commit(uint64_t up_to_seq, uint64_t accepted, uint64_t rejected, const std::vector<NackNotice>& nacks);
  void add_last(const v1::ServerFrame& goodbye);  // after the Ack that is due
  void ack_again() { ack_due_ = true; }           // for a duplicate of what is durable

  // The last number that is durable.
  uint64_t committed() const { return committed_; }
  size_t size() const { return pending_.size(); }

  // Moves all that waits to writing(); false where there is nothing. Not while writing() is in use.
  bool next();
  const std::string& writing() const { return writing_; }
  bool busy() const { return !writing_.empty(); }
  void written() { writing_.clear(); }

 private:
  void add_due_ack();

  std::string pending_;
  std::string writing_;
  bool ack_due_ = false;
  uint64_t committed_ = 0;
  uint64_t accepted_ = 0;  // since Welcome
  uint64_t rejected_ = 0;
};

}  // namespace quanzu::feed
