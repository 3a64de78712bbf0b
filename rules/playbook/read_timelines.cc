// The tests beside a playbook: what happens to one case, and what must hold at which moment.
#include <charconv>

#include "rules/lang/scalar.h"
#include "rules/playbook/keys.h"

namespace quanzu::rules {
namespace {

constexpr std::string_view kMorning = "2026-11-24T10:00:00+08:00";  // where a test says nothing

template <class T>
void take(std::optional<T> value, T& out) {
  if (value) out = std::move(*value);
}

// "+2h30m": so long after the start of the test.
std::optional<Duration> offset_of(const YamlNode& node, std::string_view key, Problems& problems) {
  const std::optional<std::string> text = text_of(node, key, problems);
  if (!text) return std::nullopt;
  std::string_view rest = *text;
  if (rest.starts_with('+')) rest.remove_prefix(1);
  Duration sum{};
  while (!rest.empty()) {
    const size_t unit = rest.find_first_not_of("0123456789");
    const size_t size = unit == std::string_view::npos ? rest.size() : unit + 1;
    const Result<Duration> part = parse_timespan(rest.substr(0, size));
    if (!part) {
      problems.error(node.mark, *text, "the " + std::string(key) + " is a time after the start of the test", "+2h30m");
      return std::nullopt;
    }
    sum += *part;
    rest.remove_prefix(size);
  }
  return sum;
}

class TimelineReader {
 public:
  TimelineReader(Timeline& out, Problems& problems) : out_(out), problems_(problems) {}

  void read(const YamlNode& node) {
    out_.mark = node.mark;
    out_.start = *parse_rfc3339(kMorning);
    walk(node, "a test",
         {{"name", [&](const YamlNode& value) { take(text_of(value, "name", problems_), out_.name); }},
          {"start", [&](const YamlNode& value) { read_start(value); }},
          {"opens", [&](const YamlNode& value) { out_.opening = read_opening(value); }},
          {"events",
           [&](const YamlNode& value) {
             for (const YamlNode* item : items_of(value)) out_.events.push_back(read_event(*item));
           }},
          {"expect",
           [&](const YamlNode& value) {
             for (const YamlNode* item : items_of(value)) out_.expect.push_back(read_expectation(*item));
           }}},
         problems_);
    for (const std::string_view key : {"name", "opens", "expect"}) {
      if (node.find(key) == nullptr) problems_.error(node.mark, key, "a test needs " + std::string(key));
    }
    judge_order();
  }

 private:
  void read_start(const YamlNode& node) {
    const std::optional<std::string> text = text_of(node, "start", problems_);
    if (!text) return;
    if (const Result<Instant> start = parse_rfc3339(*text)) {
      out_.start = *start;
    } else {
      problems_.error(node.mark, *text, "the start is a time of RFC 3339", std::string(kMorning));
    }
  }

  TimelineEvent read_opening(const YamlNode& node) {
    TimelineEvent event;
    event.mark = node.mark;
    std::vector<Key> keys;
    keys.push_back({"level", [&](const YamlNode& value) { event.level = level_of(value, "level", problems_); }});
    keys.push_back(
        {"type", [&](const YamlNode& value) { take(fraud_type_of(value, "type", problems_), event.fraud_type); }});
    walk_keys(node, "how the case opens", keys);
    return event;
  }

  void walk_keys(const YamlNode& node, std::string_view where, const std::vector<Key>& keys) {
    walk_names(
        node, where,
        [&](const YamlNode& name, const YamlNode& value) {
          std::vector<std::string_view> known;
          for (const Key& key : keys) {
            if (key.name == name.text) return key.take(value);
            known.push_back(key.name);
          }
          unknown_key(name, where, known, problems_);
        },
        problems_);
  }

  TimelineEvent read_event(const YamlNode& node) {
    TimelineEvent event;
    event.mark = node.mark;
    bool happens = false;
    std::vector<Key> keys;
    const auto word = [&](std::string_view name, TimelineEvent::What what, TaskType task) {
      return Key{name, [this, &event, &happens, name, what, task](const YamlNode& value) {
                   event.what = what;
                   event.task = task;
                   happens = true;
                   take(text_of(value, name, problems_), event.word);
                 }};
    };
    for (size_t i = 0; i < kTaskTypeCount; ++i) {
      const auto type = static_cast<TaskType>(i);
      keys.push_back(word(task_type_name(type), TimelineEvent::What::kAttempt, type));
    }
    keys.push_back(word("close", TimelineEvent::What::kClose, TaskType::kCall));
    add_particulars(event, keys);
    walk_keys(node, "an event", keys);
    if (!happens) {
      problems_.error(node.mark, "", "an event says what happens: a step and its result, or close",
                      "{at: +1m, call: no_answer}");
    }
    return event;
  }

  void add_particulars(TimelineEvent& event, std::vector<Key>& keys) {
    keys.push_back(
        {"at", [this, &event](const YamlNode& value) { take(offset_of(value, "at", problems_), event.at); }});
    keys.push_back({"identity", [this, &event](const YamlNode& value) {
                      constexpr size_t kIdentities = static_cast<size_t>(Identity::kFaceToFace) + 1;
                      take(word_of<Identity>(value, "identity", kIdentities, identity_name, find_identity, problems_),
                           event.identity);
                    }});
    keys.push_back({"line_cut", [this, &event](const YamlNode& value) {
                      take(boolean_of(value, "line_cut", problems_), event.line_cut);
                    }});
    keys.push_back({"stopped_by", [this, &event](const YamlNode& value) {
                      take(text_of(value, "stopped_by", problems_), event.stopped_by);
                    }});
    keys.push_back(
        {"proof", [this, &event](const YamlNode& value) { take(text_of(value, "proof", problems_), event.proof); }});
    keys.push_back({"second_person", [this, &event](const YamlNode& value) {
                      take(boolean_of(value, "second_person", problems_), event.second_person);
                    }});
    keys.push_back({"by", [this, &event](const YamlNode& value) { event.by = role_of(value, "by", problems_); }});
    keys.push_back(
        {"refused", [this, &event](const YamlNode& value) { event.refused = text_of(value, "refused", problems_); }});
  }

  // "visit", or "follow_up 24h".
  std::optional<TimelineExpect::TaskName> task_name_of(const YamlNode& node, std::string_view key) {
    YamlNode type = node;
    TimelineExpect::TaskName name;
    if (const size_t space = node.text.find(' '); space != std::string::npos) {
      type.text.resize(space);
      name.point = node.text.substr(space + 1);
    }
    const std::optional<TaskType> task = task_of(type, key, problems_);
    if (!task) return std::nullopt;
    name.type = *task;
    return name;
  }

  TimelineExpect read_expectation(const YamlNode& node) {
    TimelineExpect expect;
    expect.mark = node.mark;
    walk(node, "what is expected",
         {Key{"at", [&](const YamlNode& value) { take(offset_of(value, "at", problems_), expect.at); }},
          Key{"level", [&](const YamlNode& value) { expect.level = level_of(value, "level", problems_); }},
          Key{"state",
              [&](const YamlNode& value) {
                expect.state =
                    word_of<CaseState>(value, "state", kCaseStateCount, case_state_name, find_case_state, problems_);
              }},
          Key{"closing", [&](const YamlNode& value) { expect.closing = text_of(value, "closing", problems_); }},
          Key{"waits", [&](const YamlNode& value) { expect.waits = task_name_of(value, "waits"); }},
          Key{"absent", [&](const YamlNode& value) { expect.absent = task_name_of(value, "absent"); }},
          Key{"due", [&](const YamlNode& value) { expect.due = offset_of(value, "due", problems_); }},
          Key{"not_before",
              [&](const YamlNode& value) { expect.not_before = offset_of(value, "not_before", problems_); }},
          Key{"sent", [&](const YamlNode& value) { expect.sent = text_of(value, "sent", problems_); }}},
         problems_);
    if ((expect.due || expect.not_before) && !expect.waits) {
      problems_.error(node.mark, "due", "of which task is missing", "{waits: call, due: +15m}");
    }
    return expect;
  }

  void judge_order() {
    for (size_t i = 1; i < out_.events.size(); ++i) {
      if (out_.events[i].at < out_.events[i - 1].at) {
        problems_.error(out_.events[i].mark, "at", "events come in the order of time");
      }
    }
  }

  Timeline& out_;
  Problems& problems_;
};

}  // namespace

void read_timelines(const YamlNode& tests, PlaybookFile& out, Problems& problems) {
  if (!tests.is(YamlType::kList)) {
    problems.error(tests.mark, "tests", "tests is a list of maps with name, opens, events and expect");
    return;
  }
  for (const YamlNode* item : tests.items) TimelineReader(out.tests.emplace_back(), problems).read(*item);
}

}  // namespace quanzu::rules
