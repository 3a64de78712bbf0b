#include "adapters/feed/outbox.h"

namespace quanzu::feed {

void Outbox::add(const v1::ServerFrame& frame) {
  append_varint(pending_, frame.ByteSizeLong());
  frame.AppendToString(&pending_);
}

void Outbox::commit(uint64_t up_to_seq, uint64_t accepted, uint64_t rejected, const std::vector<NackNotice>& nacks) {
  committed_ = up_to_seq;
  accepted_ += accepted;
  rejected_ += rejected;
  ack_due_ = true;
  for (const NackNotice& notice : nacks) {
    v1::ServerFrame frame;
    frame.mutable_nack()->set_seq(notice.seq);
    frame.mutable_nack()->set_reason(notice.reason);
    frame.mutable_nack()->set_detail(notice.detail);
    add(frame);
  }
}

void Outbox::add_due_ack() {
  if (!std::exchange(ack_due_, false)) return;
  v1::ServerFrame frame;
  frame.mutable_ack()->set_up_to_seq(committed_);
  frame.mutable_ack()->set_accepted(accepted_);
  frame.mutable_ack()->set_rejected(rejected_);
  add(frame);
}

void Outbox::add_last(const v1::ServerFrame& goodbye) {
  add_due_ack();
  add(goodbye);
}

bool Outbox::next() {
  add_due_ack();
  std::swap(pending_, writing_);
  return !writing_.empty();
}

}  // namespace quanzu::feed
