#include "rules/playbook/read.h"

#include <algorithm>
#include <cmath>

#include "rules/lang/scalar.h"
#include "rules/playbook/keys.h"

namespace quanzu::rules {
namespace {

constexpr std::string_view kAssumed = " assumed";

class PlaybookReader {
 public:
  PlaybookReader(PlaybookFile& out, Problems& problems) : out_(out), playbook_(out.playbook), problems_(problems) {}

  void read(const YamlNode& root) {
    out_.marks.document = root.mark;
    walk(root, "a playbook",
         {{"kind", [&](const YamlNode& node) { read_kind(node); }},
          {"version", [&](const YamlNode& node) { read_version(node); }},
          {"title", [&](const YamlNode& node) { out_.title = words_in(node, "title", problems_); }},
          {"levels", [&](const YamlNode& node) { read_levels(node); }},
          {"lowered_below", [&](const YamlNode& node) { read_points(node, "lowered_below", playbook_.lowered_below); }},
          {"opens_from",
           [&](const YamlNode& node) { take(level_of(node, "opens_from", problems_), playbook_.opens_from); }},
          {"times", [&](const YamlNode& node) { read_times(node); }},
          {"ladder", [&](const YamlNode& node) { read_ladder(node, out_, problems_); }},
          {"closing", [&](const YamlNode& node) { read_closing(node, out_, problems_); }},
          {"follow_ups", [&](const YamlNode& node) { read_follow_ups(node); }},
          {"stopped_by",
           [&](const YamlNode& node) { take(texts_of(node, "stopped_by", problems_), playbook_.stoppers); }},
          {"strong_identity", [&](const YamlNode& node) { read_strong_identity(node); }},
          {"truth", [&](const YamlNode& node) { read_truth(node); }},
          {"tests", [&](const YamlNode& node) { read_timelines(node, out_, problems_); }}},
         problems_);
    for (const std::string_view key : {"kind", "version", "title", "levels", "times", "ladder", "closing"}) {
      if (root.find(key) == nullptr) problems_.error(root.mark, key, "a playbook must have " + std::string(key));
    }
  }

 private:
  template <class T>
  static void take(std::optional<T> value, T& out) {
    if (value) out = std::move(*value);
  }

  void read_kind(const YamlNode& node) {
    const std::optional<std::string> kind = text_of(node, "kind", problems_);
    if (!kind) return;
    playbook_.kind = *kind;
    const bool word =
        std::all_of(kind->begin(), kind->end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
    if (!word) problems_.error(node.mark, *kind, "the kind is a word of small letters", "incident");
  }

  void read_version(const YamlNode& node) {
    take(count_of(node, "version", 1, 1'000'000, problems_), playbook_.version);
  }

  void read_points(const YamlNode& node, std::string_view key, Millipoints& out) {
    constexpr double kMostPoints = 1000;
    const std::optional<double> points = number_of(node, key, problems_);
    if (!points) return;
    if (*points < 0 || *points > kMostPoints) {
      problems_.error(node.mark, node.text, "the " + std::string(key) + " is in points, from 0 to 1000");
      return;
    }
    out = Millipoints(static_cast<int32_t>(std::lround(*points * 1000)));
  }

  // "15m", or "15m assumed" where a place must confirm it.
  std::optional<Duration> clock_of(const YamlNode& node, std::string_view key) {
    YamlNode plain = node;
    if (node.is(YamlType::kScalar) && node.text.ends_with(kAssumed)) {
      plain.text.resize(node.text.size() - kAssumed.size());
      out_.marks.assumed.push_back(node.mark);
    }
    return positive_span(plain, key, problems_);
  }

  void read_levels(const YamlNode& node) {
    walk_names(
        node, "levels",
        [&](const YamlNode& name, const YamlNode& value) {
          if (const std::optional<Level> level = level_of(name, "level", problems_)) {
            read_level(static_cast<size_t>(*level), name, value);
          }
        },
        problems_);
  }

  void read_level(size_t level, const YamlNode& name, const YamlNode& node) {
    out_.marks.levels[level] = name.mark;
    walk(node, "a level",
         {{"from", [&](const YamlNode& value) { read_points(value, "from", playbook_.level_from[level]); }},
          {"tasks",
           [&](const YamlNode& value) {
             for (const YamlNode* item : items_of(value)) {
               if (const std::optional<TaskType> task = task_of(*item, "task", problems_)) {
                 playbook_.tasks[level].push_back(*task);
               }
             }
           }},
          {"clocks", [&](const YamlNode& value) { read_clocks(level, value); }},
          {"head_start",
           [&](const YamlNode& value) { take(clock_of(value, "head_start"), playbook_.head_start[level]); }}},
         problems_);
  }

  void read_clocks(size_t level, const YamlNode& node) {
    walk_names(
        node, "clocks",
        [&](const YamlNode& name, const YamlNode& value) {
          if (name.text == "sign") return take(clock_of(value, "sign"), playbook_.clocks[level].sign);
          const std::optional<TaskType> task = task_of(name, "clock", problems_);
          if (!task) return;
          Duration* const clock = clock_for(level, *task);
          if (clock == nullptr) {
            problems_.error(name.mark, name.text, "the clocks are sign, call, visit, message and feedback", "call");
            return;
          }
          out_.marks.clocks[{level, *task}] = value.mark;
          take(clock_of(value, name.text), *clock);
        },
        problems_);
  }

  void read_times(const YamlNode& node) {
    const auto time = [this](std::string_view name, Duration& out) {
      return Key{name, [this, name, &out](const YamlNode& value) { take(clock_of(value, name), out); }};
    };
    walk(node, "times",
         {time("lease", playbook_.lease), time("talk", playbook_.talk), time("repeat_window", playbook_.repeat_window),
          time("suppressed", playbook_.suppressed), time("horizon", playbook_.horizon)},
         problems_);
    for (const std::string_view key : {"lease", "talk", "suppressed", "repeat_window", "horizon"}) {
      if (node.is(YamlType::kMap) && node.find(key) == nullptr) {
        problems_.error(node.mark, key, "the times must have " + std::string(key), std::string(key) + ": 90s");
      }
    }
  }

  void read_follow_ups(const YamlNode& node) {
    walk_names(
        node, "follow_ups",
        [&](const YamlNode& name, const YamlNode& value) {
          FollowUpPoint point;
          point.name = name.text;
          walk(value, "a follow-up",
               {{"after", [&](const YamlNode& each) { take(clock_of(each, "after"), point.after); }},
                {"from", [&](const YamlNode& each) { take(level_of(each, "from", problems_), point.from); }}},
               problems_);
          if (value.find("after") == nullptr) {
            problems_.error(name.mark, name.text, "how long after the closing is missing", "{after: 24h}");
          }
          playbook_.follow_ups.push_back(std::move(point));
          out_.marks.follow_ups.push_back(name.mark);
        },
        problems_);
  }

  void read_strong_identity(const YamlNode& node) {
    walk(node, "strong_identity",
         {{"from",
           [&](const YamlNode& value) { take(level_of(value, "from", problems_), playbook_.strong_identity_from); }},
          {"types",
           [&](const YamlNode& value) {
             for (const YamlNode* item : items_of(value)) {
               if (const auto type = fraud_type_of(*item, "type", problems_)) {
                 playbook_.strong_identity_types.push_back(*type);
               }
             }
           }},
          {"stage",
           [&](const YamlNode& value) {
             constexpr size_t kStages = static_cast<size_t>(Stage::kTransfer) + 1;
             take(word_of<Stage>(value, "stage", kStages, stage_name, find_stage, problems_),
                  playbook_.strong_identity_stage);
           }}},
         problems_);
  }

  void read_truth(const YamlNode& node) {
    walk(node, "truth",
         {{"criteria",
           [&](const YamlNode& value) { take(texts_of(value, "criteria", problems_), playbook_.truth_criteria); }}},
         problems_);
  }

  // The clocks that the engine runs.
  Duration* clock_for(size_t level, TaskType task) {
    Clocks& clocks = playbook_.clocks[level];
    switch (task) {
      case TaskType::kCall:
        return &clocks.call;
      case TaskType::kVisit:
        return &clocks.visit;
      case TaskType::kMessage:
        return &clocks.message;
      case TaskType::kFeedback:
        return &clocks.feedback;
      default:
        return nullptr;
    }
  }

  PlaybookFile& out_;
  Playbook& playbook_;
  Problems& problems_;
};

}  // namespace

std::optional<PlaybookFile> read_playbook(std::string_view bytes, Problems& problems) {
  const std::vector<YamlDocument> documents = parse_yaml(bytes, problems);
  if (documents.empty()) {
    if (problems.errors() == 0) problems.error({1, 1}, "", "the file holds no playbook", "kind: incident");
    return std::nullopt;
  }
  if (documents.size() > 1) {
    problems.error(documents[1].root->mark, "---", "one playbook a file: put this one into another");
  }
  const YamlNode& root = *documents.front().root;
  if (!root.is(YamlType::kMap)) {
    problems.error(root.mark, root.text, "a playbook is a map that begins with its kind", "kind: incident");
    return std::nullopt;
  }
  PlaybookFile out;
  out.file = problems.file();
  out.playbook.idempotency = Playbook::defaults().idempotency;  // of commands, whatever they are about
  PlaybookReader(out, problems).read(root);
  return out;
}

}  // namespace quanzu::rules
