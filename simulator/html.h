// What the simulator's reports have in common: one page that needs no network, its style, cells and numbers.
// Pure; any thread.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace quanzu::simulator {

std::string grouped(uint64_t number);        // "1,234,567"
std::string escaped(std::string_view text);  // for text and attributes
std::string cell(std::string_view text, std::string_view tag = "td");
std::string page_head(std::string_view title);  // up to and with the heading
std::string page_end();

}  // namespace quanzu::simulator
