// The sentences of a story that expect something.
#include <algorithm>

#include "engine/measures.h"
#include "tests/golden/story.h"

namespace quanzu::tests {
namespace {

const std::string kNumber = "(\\+?[0-9]+)";
const std::string kTask = "([a-z_]+(?: [0-9]+(?:min|h|d))?)";
const std::string kCase = "then the case of (\\+?[0-9]+) ";

Sentence sentence(const std::string& pattern, std::function<void(Story&, const std::smatch&)> act) {
  return {std::regex(pattern), std::move(act)};
}

void expect(const std::string& is, const std::string& expected) {
  if (is != expected) throw Mismatch{"it is " + is};
}

void expect_count(size_t is, const std::string& expected) {
  expect(std::to_string(is), expected);
}

std::string clock_of(Instant at) {
  return format_rfc3339(at + std::chrono::hours(8)).substr(0, 16);
}

Sentence case_is() {  // its state, its level, or both
  return sentence(kCase + "is (?:(open|closed|following_up|settled))?(?: and )?(?:(low|medium|high|critical))?",
                  [](Story& story, const std::smatch& m) {
                    const Case& of = story.latest_case(m[1]);
                    if (m[2].matched) expect(std::string(case_state_name(of.state)), m[2]);
                    if (m[3].matched) expect(std::string(level_name(of.level)), m[3]);
                  });
}

Sentence case_points() {
  return sentence(kCase + "has (\\d+) points: (.*)", [](Story& story, const std::smatch& m) {
    const Case& of = story.latest_case(m[1]);
    std::string pieces;
    int32_t sum = 0;
    for (const Reason& reason : of.reasons) {
      if (!reason.rule) continue;
      sum += reason.points;
      pieces += (pieces.empty() ? "" : ", ") + story.script.engine().find_rule(reason.rule)->id + " " +
                std::to_string(reason.points);
    }
    if (sum != of.score) throw Mismatch{"the pieces add up to " + std::to_string(sum)};
    expect(std::to_string(of.score) + " points: " + pieces, std::string(m[2]) + " points: " + std::string(m[3]));
  });
}

Sentence case_reason() {
  return sentence(kCase + "says \"(.*)\"", [](Story& story, const std::smatch& m) {
    std::string labels;
    for (const Reason& reason : story.latest_case(m[1]).reasons) {
      if (reason.label == m[2]) return;
      if (!reason.label.empty()) labels += (labels.empty() ? "" : ", ") + reason.label;
    }
    throw Mismatch{"it says " + labels};
  });
}

Sentence case_reopened() {
  return sentence(kCase + "was reopened (\\d+) times?",
                  [](Story& story, const std::smatch& m) { expect_count(story.latest_case(m[1]).reopened, m[2]); });
}

Sentence case_count() {
  return sentence("then " + kNumber + " has (\\d+) cases?", [](Story& story, const std::smatch& m) {
    const Resident* of = story.script.engine().find_resident(parse_resident_number(std::string(m[1])).value());
    expect_count(of == nullptr ? 0 : of->cases.size(), m[2]);
  });
}

Sentence case_truth() {
  return sentence("then the truth of " + kNumber + " is (confirmed|refuted|undetermined|open)",
                  [](Story& story, const std::smatch& m) {
                    const Truth truth = story.latest_case(m[1]).settled_truth();
                    expect(truth == Truth::kUnlabelled ? "open" : std::string(truth_name(truth)), m[2]);
                  });
}

Sentence case_loss() {
  return sentence("then " + kNumber + " lost (nothing|money at ((?:day \\d+ )?\\d\\d:\\d\\d))",
                  [](Story& story, const std::smatch& m) {
                    const auto lost_at = story.latest_case(m[1]).lost_at;
                    const auto expected = m[3].matched ? std::optional(story.at(m[3])) : std::nullopt;
                    if (lost_at != expected)
                      throw Mismatch{lost_at ? "it was at " + clock_of(*lost_at) : "nothing was lost"};
                  });
}

Sentence task_is() {
  return sentence(
      "then the " + kTask + " of " + kNumber + " is (waiting|claimed|under_way|done|cancelled)(?: by ([A-Z][a-z]+))?",
      [](Story& story, const std::smatch& m) {
        const Task& task = story.latest_task(m[2], m[1]);
        expect(std::string(task_state_name(task.state)), m[3]);
        const User* owner = story.script.engine().find_user(task.owner);
        if (m[4].matched) expect(owner == nullptr ? "nobody's" : owner->name, m[4]);
      });
}

Sentence task_due() {
  return sentence("then the " + kTask + " of " + kNumber + " is due (?:at )?((?:day \\d+ )?\\d\\d:\\d\\d)",
                  [](Story& story, const std::smatch& m) {
                    expect(clock_of(story.latest_task(m[2], m[1]).due_at), clock_of(story.at(m[3])));
                  });
}

Sentence no_task() {
  return sentence("then the case of " + kNumber + " has no " + kTask, [](Story& story, const std::smatch& m) {
    for (const Task& task : story.latest_case(m[1]).tasks) {
      if (task_type_name(task.type) == std::string(m[2])) throw Mismatch{"it has one"};
    }
  });
}

Sentence queue_is() {
  return sentence("then the queue is: (.*)", [](Story& story, const std::smatch& m) {
    const Engine& engine = story.script.engine();
    std::string order;
    std::vector<TaskId> seen;
    const auto unseen = [&](TaskId id) { return std::find(seen.begin(), seen.end(), id) == seen.end(); };
    while (const auto next = engine.queue().first({}, unseen)) {
      const Case& of = *engine.case_of(*next);
      const Task& task = *of.find_task(*next);
      seen.push_back(*next);
      order += (order.empty() ? "" : ", ") + std::string(task_type_name(task.type)) +
               (task.point.empty() ? "" : " " + task.point) + " of " +
               std::string(engine.find_resident(of.resident)->number.view().substr(2));
    }
    expect(order.empty() ? "empty" : order, m[1]);
  });
}

Sentence outreach() {
  return sentence(
      "then the (supervisor|message) channel has had (\\d+) messages?", [](Story& story, const std::smatch& m) {
        const auto& sent = story.script.effects().outreach;
        expect_count(static_cast<size_t>(std::count_if(sent.begin(), sent.end(),
                                                       [&](const OutreachDue& each) { return each.channel == m[1]; })),
                     m[2]);
      });
}

Sentence instruction_is() {
  return sentence(
      "then instruction (\\S+) is (received|signed|in_hand|fed_back|returned|overdue)(, too late|, in time)?",
      [](Story& story, const std::smatch& m) {
        const Instruction& of = *story.script.engine().find_instruction(story.instruction(m[1]));
        expect(std::string(instruction_state_name(of.state)), m[2]);
        if (m[3].matched) expect(of.overdue ? ", too late" : ", in time", m[3]);
      });
}

Sentence measure_is() {
  return sentence("then on day (\\d+) ([a-z_]+) is (\\d+)/(\\d+)", [](Story& story, const std::smatch& m) {
    const Engine& engine = story.script.engine();
    std::vector<Exposure> exposures;
    for (size_t i = 1; i <= engine.case_count(); ++i) {
      exposures.push_back(exposure_of(*engine.find_case(CaseId(i)), "", engine.playbook()));
    }
    std::vector<ClosedLoop> loops;
    for (size_t i = 1; i <= engine.instruction_count(); ++i) {
      loops.push_back(closed_loop_of(*engine.find_instruction(InstructionId(i)), ""));
    }
    MeasureQuery query;
    query.names = {m[2]};
    query.as_of = story.at(std::stoi(m[1]), "00", "00");
    query.horizon = engine.playbook().horizon;
    const auto measured = measure(exposures, loops, query);
    if (!measured) throw Mismatch{measured.error().message};
    expect(std::to_string(measured->front().numerator) + "/" + std::to_string(measured->front().denominator),
           std::string(m[3]) + "/" + std::string(m[4]));
  });
}

}  // namespace

const std::vector<Sentence>& sentences_that_expect() {
  static const std::vector<Sentence> kSentences = {
      case_is(), case_points(), case_reason(), case_reopened(), case_count(), case_truth(),     case_loss(),
      task_is(), task_due(),    no_task(),     queue_is(),      outreach(),   instruction_is(), measure_is(),
  };
  return kSentences;
}

}  // namespace quanzu::tests
