#include "rules/text/compose.h"

#include <algorithm>

#include "rules/text/tables.h"

namespace quanzu::rules {

void append_decomposed(char32_t c, std::u32string& out) {
  char32_t first;
  char32_t second;
  if (!tables::decompose(c, first, second)) {
    out.push_back(c);
    return;
  }
  append_decomposed(first, out);
  out.push_back(second);
}

namespace {

void order(std::u32string& text) {
  for (size_t i = 0; i < text.size();) {
    size_t j = i;
    while (j < text.size() && tables::combining_class(text[j]) != 0) ++j;
    std::stable_sort(text.begin() + static_cast<ptrdiff_t>(i), text.begin() + static_cast<ptrdiff_t>(j),
                     [](char32_t a, char32_t b) { return tables::combining_class(a) < tables::combining_class(b); });
    i = j + 1;
  }
}

void compose(std::u32string& text) {
  size_t starter = std::u32string::npos;
  size_t written = 0;
  int last_class = -1;  // of what stands between the starter and here; -1: nothing does
  for (char32_t c : text) {
    const int combining = tables::combining_class(c);
    if (starter != std::u32string::npos && last_class < combining) {
      const char32_t composed = tables::compose(text[starter], c);
      if (composed != 0) {
        text[starter] = composed;
        continue;
      }
    }
    if (combining == 0) {
      starter = written;
      last_class = -1;
    } else {
      last_class = combining;
    }
    text[written++] = c;
  }
  text.resize(written);
}

}  // namespace

void compose_canonically(std::u32string& decomposed) {
  order(decomposed);
  compose(decomposed);
}

}  // namespace quanzu::rules
