// `quanzud verify --deep`: matches the raw part of the journal again, each batch under the pack that matched it (kept in
// DIR/packs/HASH), and compares what the server journaled with what comes out: which signals are spelled out, with which
// rules and which fields. One thread; reads alone.
#pragma once
#include <filesystem>

#include "adapters/store/store.h"

namespace quanzu::runtime {

struct RematchReport {
  uint64_t signals = 0;                  // matched again
  uint64_t left_out = 0;                 // whose raw part was removed, or whose pack is not kept
  std::string why_left_out;              // the first reason
  std::vector<std::string> differences;  // the first kMaxDifferences, each with its block, stream and number
  uint64_t difference_count = 0;

  static constexpr size_t kMaxDifferences = 100;
};

// Errors: those of the reader.
Result<RematchReport> rematch(store::Reader& reader, const std::filesystem::path& data);

}  // namespace quanzu::runtime
