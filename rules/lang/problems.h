// Collects what is wrong with one file, so that an author sees every problem at once. Owned by the loader of that file;
// one thread.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "rules/lang/rule.h"

namespace quanzu::rules {

class Problems {
 public:
  Problems(std::string file, std::vector<Problem>& out) : file_(std::move(file)), out_(out) {}

  // text: the offending text; reason: a sentence without a full stop; suggestion: the nearest correct form, if any.
  void error(Mark mark, std::string_view text, std::string reason, std::string suggestion = {});
  void warn(Mark mark, std::string_view text, std::string reason, std::string suggestion = {});
  size_t errors() const { return errors_; }
  const std::string& file() const { return file_; }

 private:
  void add(Severity severity, Mark mark, std::string_view text, std::string reason, std::string suggestion);

  std::string file_;
  std::vector<Problem>& out_;
  size_t errors_ = 0;
  size_t reported_ = 0;
};

// "error", "warning"
const char* severity_name(Severity severity);

// "file:line:column: error: 'text': reason; suggestion"
std::string describe(const Problem& problem);

// The candidate that was most likely meant; empty where none is near.
std::string nearest(std::string_view word, const std::vector<std::string_view>& candidates);

// "one, two or three"
std::string one_of(const std::vector<std::string_view>& words);

}  // namespace quanzu::rules
