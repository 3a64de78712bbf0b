// From rule files to a pack: every rule, every problem. The one way into this folder for those who only want rules.
// Any thread; reads the files once and keeps nothing.
#pragma once
#include <filesystem>

#include "rules/lang/rule.h"

namespace quanzu::rules {

struct LoadOptions {
  bool any_schema = false;         // rules for other events: field names and types are not checked
  bool keep_placeholders = false;  // what no list resolves stays a Placeholder instead of an error
  std::optional<Instant> now{};    // entries of lists whose last day is over are left out; without it none is
};

// All rule files under a folder (or one file), in path order; problems of all files at once.
Pack load_pack(const std::filesystem::path& path, const LoadOptions& options = {});

}  // namespace quanzu::rules
