// What a pack says of itself in `pack.yml`: it holds for the folder in which it stands and for those below that have none
// of their own. Made by the loader, read by the parser. One thread.
#pragma once
#include "rules/lang/problems.h"

namespace quanzu::rules {

struct Settings {
  Zone zone;                // time_zone: in which parts of times are read, and in which days of lists end
  bool homophones = false;  // homophones: rules on text see words that were written by sound put right
  std::string hash;         // of the file's bytes
};

Settings parse_settings(std::string_view bytes, Problems& problems);

}  // namespace quanzu::rules
