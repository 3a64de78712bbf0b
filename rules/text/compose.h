// Canonical decomposition, ordering and composition (UAX #15) of code points in a row: the slow half of normalising, for
// what has combining marks. Pure functions, any thread.
#pragma once
#include <string>

namespace quanzu::rules {

// The full canonical decomposition of one code point.
void append_decomposed(char32_t c, std::u32string& out);

// Orders the marks of what is decomposed and composes it: NFC.
void compose_canonically(std::u32string& decomposed);

}  // namespace quanzu::rules
