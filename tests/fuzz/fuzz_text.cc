// Messages on hostile bytes: normalising ends in valid UTF-8, changes nothing the second time, and knows where each byte
// came from; folding and sounds keep their promises too.
#include "engine/result.h"
#include "rules/text/nfkc_cf.h"
#include "rules/text/normalize.h"
#include "rules/text/pinyin.h"
#include "rules/text/utf8.h"

using namespace quanzu;
using namespace quanzu::rules;

namespace {

void normalize(std::string_view text) {
  Normalizer normalizer;
  const std::string once(normalizer.normalize(text));
  ENSURE(find_invalid_utf8(once) == std::string_view::npos, "a normal form is valid");
  ENSURE((normalizer.repaired() > 0) == (find_invalid_utf8(text) != std::string_view::npos), "repairs are counted");
  ENSURE(normalizer.normalize(once) == once, "a normal form is its own");
  std::vector<uint32_t> origins;
  ENSURE(normalizer.normalize(text, origins) == once, "with its origins it is the same");
  ENSURE(origins.size() == once.size() + 1 && origins.back() == text.size(), "each byte has an origin");
  for (size_t i = 1; i < origins.size(); ++i) ENSURE(origins[i - 1] <= origins[i], "origins ascend");
  std::string sounds;
  to_sounds(once, sounds);
  ENSURE(sounds.size() == once.size() && find_invalid_utf8(sounds) == std::string_view::npos, "sounds are as long");
}

void fold(std::string_view text) {
  std::string folded, again, repaired;
  fold_case(text, folded);
  ENSURE(find_invalid_utf8(folded) == std::string_view::npos, "a folded text is valid");
  fold_case(folded, again);
  ENSURE(folded == again, "folding twice is folding once");
  repair_utf8(text, repaired);
  ENSURE(count_code_points(folded) == count_code_points(repaired), "folding is one to one");
  ENSURE(find_invalid_utf8(nfkc_casefold(repaired)) == std::string_view::npos, "the standard's form is valid");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  normalize(text);
  fold(text);
  return 0;
}
