#include "tests/golden/story.h"

#include <sstream>

namespace quanzu::tests {
namespace {

constexpr Instant kMidnight = kMorning - std::chrono::hours(10);  // of day 1

bool try_sentences(const std::vector<Sentence>& sentences, Story& story, const std::string& line) {
  for (const Sentence& sentence : sentences) {
    std::smatch match;
    if (!std::regex_match(line, match, sentence.pattern)) continue;
    sentence.act(story, match);
    return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> items;
  for (size_t begin = 0; begin < list.size();) {
    const size_t end = std::min(list.find(", ", begin), list.size());
    items.push_back(list.substr(begin, end - begin));
    begin = end + 2;
  }
  return items;
}

Story::Story() : script(Playbook::defaults(), kMidnight) {}

Instant Story::at(int of_day, const std::string& hour, const std::string& minute) const {
  return kMidnight + std::chrono::days(of_day - 1) + std::chrono::hours(std::stoi(hour)) +
         std::chrono::minutes(std::stoi(minute));
}

Instant Story::at(const std::string& clock) const {
  static const std::regex pattern("(?:day (\\d+) )?(\\d\\d):(\\d\\d)");
  std::smatch match;
  if (!std::regex_match(clock, match, pattern)) throw Mismatch{"\"" + clock + "\" is no time"};
  return at(match[1].matched ? std::stoi(match[1]) : day, match[2], match[3]);
}

UserId Story::user(const std::string& name) const {
  const User* found = script.engine().find_user(name);
  if (found == nullptr) throw Mismatch{"nobody said who " + name + " is"};
  return found->id;
}

const Resident& Story::resident(const std::string& number) const {
  const Resident* found = script.engine().find_resident(parse_resident_number(number).value());
  if (found == nullptr) throw Mismatch{"the engine knows nobody with " + number};
  return *found;
}

const Case& Story::latest_case(const std::string& number) const {
  const Resident& of = resident(number);
  if (of.cases.empty()) throw Mismatch{number + " has no case"};
  return *script.engine().find_case(of.cases.back());
}

const Task& Story::latest_task(const std::string& number, const std::string& type) const {
  const Case& of = latest_case(number);
  const size_t space = type.find(' ');
  const auto wanted = find_task_type(type.substr(0, space));
  if (!wanted) throw Mismatch{"\"" + type + "\" is no task"};
  for (auto task = of.tasks.rbegin(); task != of.tasks.rend(); ++task) {
    if (task->type == *wanted && (space == std::string::npos || task->point == type.substr(space + 1))) return *task;
  }
  throw Mismatch{"the case of " + number + " has no " + type};
}

InstructionId Story::instruction(const std::string& upstream_id) const {
  for (size_t i = 1; i <= script.engine().instruction_count(); ++i) {
    if (script.engine().find_instruction(InstructionId(i))->upstream_id == upstream_id) return InstructionId(i);
  }
  throw Mismatch{"there is no instruction " + upstream_id};
}

void Story::go_live() {
  if (live_) return;
  live_ = true;
  ENSURE(script.apply(PackLive{PackVersion(1), "story", rules, {}, {}}), "a first pack");
}

void Story::command(const std::string& who, CommandBody body) {
  const std::string before = script.engine().state_digest();
  const Result<Applied> applied = script.as(user(who), std::move(body));
  if (applied) return;
  refused = applied.error();
  if (script.engine().state_digest() != before) throw Mismatch{"a refused command changed the state"};
}

void Story::run_line(std::string_view view) {
  const std::string line(view);
  if (line.rfind("refused: ", 0) == 0) {
    const std::string words = line.substr(9);
    if (!refused) throw Mismatch{"it was not refused"};
    const std::string message = refused->message;
    refused.reset();
    if (message.find(words) == std::string::npos) throw Mismatch{"it was refused with \"" + message + "\""};
    return;
  }
  if (refused) {
    const std::string message = refused->message;
    refused.reset();
    throw Mismatch{"the line before was refused: " + message};
  }
  static const std::regex timed("(?:day (\\d+) )?(\\d\\d):(\\d\\d) (.*)");
  std::smatch match;
  if (std::regex_match(line, match, timed)) {
    if (match[1].matched) day = std::stoi(match[1]);
    script.move_to(at(day, match[2], match[3]));
    if (try_sentences(sentences_that_happen(), *this, match[4])) return;
  } else if (try_sentences(sentences_that_expect(), *this, line) ||
             try_sentences(sentences_that_describe(), *this, line)) {
    return;
  }
  throw Mismatch{"this is no sentence of a story (tests/golden/README.md)"};
}

StoryResult run_story(std::string_view text) {
  StoryResult result;
  Story story;
  std::istringstream lines{std::string(text)};
  std::string line;
  size_t number = 0;
  const auto note = [&](const std::string& what) {
    result.failures.push_back("line " + std::to_string(number) + ": " + line + "\n  " + what);
  };
  while (std::getline(lines, line)) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    if (line.rfind("then ", 0) == 0 || line.rfind("refused: ", 0) == 0) ++result.expectations;
    try {
      story.run_line(line);
    } catch (const Mismatch& mismatch) {
      note(mismatch.what);
    }
  }
  if (story.refused) note("was refused: " + story.refused->message);
  if (story.script.replayed_digest() != story.script.engine().state_digest()) note("a replay gives another state");
  return result;
}

}  // namespace quanzu::tests
