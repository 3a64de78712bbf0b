// What going over to another pack would mean, before anybody does: which rules come, go and change, whose windows begin
// empty, and what a signal costs. And a sample of the texts of late to measure that on. The sample is filled by the match
// workers and read by whoever previews; it never leaves memory.
#pragma once
#include <mutex>
#include <string>
#include <vector>

#include "adapters/runtime/packs.h"
#include "engine/signal.h"

namespace quanzu::runtime {

class TextSample {
 public:
  struct Text {
    Kind kind = Kind::kSms;
    std::string text;
  };
  // Takes the signal's text in the place of the oldest, or leaves it where somebody reads just now.
  void offer(const Signal& signal);
  std::vector<Text> texts() const;

 private:
  static constexpr size_t kSize = 1024;
  mutable std::mutex mutex_;
  std::vector<Text> texts_;
  size_t next_ = 0;
};

// A JSON object (docs/api.md, Rules/Preview); `compile_seconds` is what `next` took.
std::string preview(const CompiledPacks& live, const CompiledPacks& next, double compile_seconds,
                    const std::vector<TextSample::Text>& texts);

}  // namespace quanzu::runtime
