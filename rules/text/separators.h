// Marks that senders put between Chinese characters to tear words apart: 转*账, 安🔥全, 贷-款. Those that say nothing there
// themselves (asterisks, bars, dots in the middle, arrows, shapes, emoji), and those that part words of a list or hang on to
// one (full stops of Latin script, hyphens, slashes, plus signs, 、): 转账/汇款 is found as 转账汇款 as well. Commas, 。 and
// quotation marks are left alone, since they part sentences. Pure; any thread.
#pragma once
#include <cstdint>

namespace quanzu::rules {

constexpr bool is_separator(char32_t c) {
  if (c < 0x80) {
    return c == '*' || c == '^' || c == '_' || c == '`' || c == '|' || c == '~' ||  //
           c == '.' || c == '-' || c == '/' || c == '+';
  }
  if (c < 0x2190) return c == 0xB7 || c == 0x2022 || c == 0x203B;  // middle dot, bullet, reference mark
  return (c <= 0x21FF) ||                                          // arrows
         (c >= 0x2300 && c <= 0x23FF) ||                           // technical signs, clocks among them
         (c >= 0x2500 && c <= 0x2775) ||                           // lines, blocks, shapes, weather, dingbats
         (c >= 0x2794 && c <= 0x27BF) ||                           // dingbats behind the numbers in circles
         (c >= 0x2B00 && c <= 0x2BFF) ||                           // more arrows and stars
         c == 0x3001 || c == 0x30FB ||                             // the comma of lists, the middle dot of kana
         (c >= 0x1F000 && c <= 0x1F0FF) ||                         // tiles and cards
         (c >= 0x1F300 && c <= 0x1FAFF);                           // emoji
}

}  // namespace quanzu::rules
