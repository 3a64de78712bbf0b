// A golden story: plain text that a police-liaison officer can read, run against the engine line by line. README.md has
// the grammar; story_happens.cc the sentences that do something, story_then.cc those that expect something.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "tests/engine/script.h"

namespace quanzu::tests {

struct StoryResult {
  size_t expectations = 0;            // `then` and `refused` lines that were checked
  std::vector<std::string> failures;  // "line 12: then ...: it is closed"
};
StoryResult run_story(std::string_view text);

// The state of a running story. Sentences throw Mismatch where the story and the engine differ.
struct Mismatch {
  std::string what;
};

class Story {
 public:
  Story();

  Script script;
  std::vector<RuleInfo> rules;
  std::optional<Error> refused;  // of the last sentence, until a `refused:` line has taken it
  int day = 1;

  void run_line(std::string_view line);
  Instant at(int of_day, const std::string& hour, const std::string& minute) const;
  Instant at(const std::string& clock) const;  // "10:00" of today, "day 2 10:00"

  UserId user(const std::string& name) const;
  const Resident& resident(const std::string& number) const;
  const Case& latest_case(const std::string& number) const;
  const Task& latest_task(const std::string& number, const std::string& type) const;  // "follow_up 24h" names a point
  InstructionId instruction(const std::string& upstream_id) const;
  void go_live();  // the rules, once
  // Keeps the error where the command is refused.
  void command(const std::string& who, CommandBody body);

 private:
  bool live_ = false;
};

struct Sentence {
  std::regex pattern;
  std::function<void(Story&, const std::smatch&)> act;
};
const std::vector<Sentence>& sentences_that_describe();
const std::vector<Sentence>& sentences_that_happen();
const std::vector<Sentence>& sentences_that_expect();

std::vector<std::string> split(const std::string& list);  // at ", "

}  // namespace quanzu::tests
