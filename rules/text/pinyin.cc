#include "rules/text/pinyin.h"

#include "rules/text/utf8.h"

namespace quanzu::rules {

using tables::kHanBegin;
using tables::kHanEnd;

#include "rules/text/pinyin_data.inc"

void to_sounds(std::string_view text, std::string& out) {
  out.clear();
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const Decoded decoded = decode_utf8(text.data() + at, text.data() + text.size());
    append_utf8(sound_of(decoded.code_point), out);
    at += decoded.size;
  }
}

}  // namespace quanzu::rules
