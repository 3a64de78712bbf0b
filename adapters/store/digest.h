// JournalDigest: one number for what went into a journal, whatever the batches, blocks and match workers were. It says
// what was said to the server; the state digest says what came of it, and the chain says which bytes were written.
//
// SHA-256 over one record each, in the order of the journal, of
//   an unmatched signal   1, stream, seq
//   a matched signal      2, stream, seq, kind, at, canonical numbers, present fields, pack, its rules
//   a rejected signal     3, stream, seq, reason, detail, payload
//   any other event       its tag, then its fields as in the journal
// and at the end, for each stream, the greatest `at` that its batches named. Numbers are written as in bytes.h.
// Left out, since they differ between runs on the same input or follow from it:
//   sequence numbers and `now` (batching, the wall clock), ticks and outcome marks (they follow from the rest),
//   Genesis (a random name and seed), the credentials in UserAdded and UserReset (random; name, role and state count).
#pragma once
#include <map>
#include <string>

#include "adapters/store/hash.h"
#include "engine/event.h"

namespace quanzu::store {

class JournalDigest {
 public:
  void add(const Event& event);
  std::string hex() const;  // 64 digits; of everything so far, more may follow

 private:
  void add_batch(const SignalBatch& batch);
  void flush();

  Sha256 hash_;
  std::string record_;  // gathered, so that OpenSSL is not called for every few bytes
  std::map<StreamId, Instant> latest_;
};

}  // namespace quanzu::store
