// NFKC_CF as Unicode has it (UAX #31, toNFKC_Casefold) and nothing of ours: no simplifying, no dropped space. For authors
// who compare with other tools; what rules see is rules/text/normalize.h's. Pure, any thread.
#pragma once
#include <string>
#include <string_view>

namespace quanzu::rules {

// Ill-formed sequences become U+FFFD.
std::string nfkc_casefold(std::string_view text);

}  // namespace quanzu::rules
