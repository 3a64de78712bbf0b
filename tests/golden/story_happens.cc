// The sentences of a story that do something: signals, and what people ask for.
#include "tests/golden/story.h"

namespace quanzu::tests {
namespace {

const std::string kNumber = "(\\+?[0-9]+)";
const std::string kMatched = "(?:; matched ([a-z_, ]+))?";
const std::string kName = "([A-Z][a-z]+)";
const std::string kTask = "([a-z_]+(?: [0-9]+(?:min|h|d))?)";

Sentence sentence(const std::string& pattern, std::function<void(Story&, const std::smatch&)> act) {
  return {std::regex(pattern), std::move(act)};
}

std::vector<RuleIndex> rules_named(const Story& story, const std::string& list) {
  std::vector<RuleIndex> indices;
  for (const std::string& name : split(list)) {
    const auto found =
        std::find_if(story.rules.begin(), story.rules.end(), [&](const RuleInfo& rule) { return rule.id == name; });
    if (found == story.rules.end()) throw Mismatch{"no line describes the rule " + name};
    indices.push_back(static_cast<RuleIndex>(found - story.rules.begin()));
  }
  return indices;
}

SentSignal signal(Story& story, Kind kind, const std::string& resident, const std::string& matched) {
  story.go_live();
  SentSignal sent;
  sent.kind = kind;
  sent.resident = parse_resident_number(resident).value();
  sent.rules = rules_named(story, matched);
  return sent;
}

void send(Story& story, SentSignal sent) {
  const Result<Applied> applied = story.script.send(std::move(sent));
  if (!applied) throw Mismatch{applied.error().message};
}

template <class Enum>
Enum known(const std::optional<Enum>& found, const std::string& word) {
  if (!found) throw Mismatch{"\"" + word + "\" is not known"};
  return *found;
}

FraudType type_of(const std::string& word) {
  return known(find_fraud_type(word), word);
}

Sentence describe_person() {
  return sentence(kName + " is an? ([a-z_]+)", [](Story& story, const std::smatch& m) {
    story.script.add_user(m[1], known(find_role(std::string(m[2])), m[2]));
  });
}

Sentence describe_rule() {
  return sentence("rule ([a-z_]+): ([a-z_]+), ([a-z]+), (\\d+) points, half-life (\\d+) (hours|days)",
                  [](Story& story, const std::smatch& m) {
                    const int hours = std::stoi(m[5]) * (m[6] == "days" ? 24 : 1);
                    RuleInfo rule;
                    rule.id = m[1];
                    rule.version = "1";
                    rule.title = m[1];
                    rule.fraud_type = type_of(m[2]);
                    rule.stage = known(find_stage(std::string(m[3])), m[3]);
                    rule.weight = Millipoints(std::stoi(m[4]) * 1000);
                    rule.half_life = std::chrono::hours(hours);
                    story.rules.push_back(std::move(rule));
                  });
}

Sentence message_or_call() {
  return sentence("an? (SMS|call|visit) from " + kNumber + " to " + kNumber + "(?: says \"(.*)\")?" + kMatched,
                  [](Story& story, const std::smatch& m) {
                    const Kind kind = m[1] == "SMS" ? Kind::kSms : Kind::kCall;
                    SentSignal sent = signal(story, kind, m[3], m[5]);
                    sent.peer = peer_number(std::string(m[2]));
                    if (m[4].matched) sent.strings.emplace_back(Field::kText, m[4]);
                    send(story, std::move(sent));
                  });
}

Sentence app_or_page() {
  return sentence(kNumber + " (opens|shares the screen with) (\\S+?)" + kMatched,
                  [](Story& story, const std::smatch& m) {
                    const bool url = m[2] == "opens";
                    SentSignal sent = signal(story, url ? Kind::kUrl : Kind::kApp, m[1], m[4]);
                    sent.strings.emplace_back(url ? Field::kUrl : Field::kAppPackage, m[3]);
                    send(story, std::move(sent));
                  });
}

Sentence transfer() {
  return sentence(kNumber +
                      " (tries to transfer|asks the bank about a transfer of|has transferred) (\\d+) yuan to "
                      "(account )?([0-9]+)" +
                      kMatched,
                  [](Story& story, const std::smatch& m) {
                    SentSignal sent = signal(story, Kind::kTransfer, m[1], m[6]);
                    const std::string state = m[2] == "has transferred"     ? "done"
                                              : m[2] == "tries to transfer" ? "attempt"
                                                                            : "inquiry";
                    sent.strings.emplace_back(Field::kTransferState, state);
                    if (m[4].matched) {
                      sent.strings.emplace_back(Field::kPeerAccount, m[5]);
                    } else {
                      sent.peer = peer_number(std::string(m[5]));
                    }
                    sent.numbers.emplace_back(Field::kAmountFen, std::stoll(m[3]) * 100);
                    send(story, std::move(sent));
                  });
}

Sentence report() {
  return sentence("a report about " + kNumber + " says \"(.*)\"" + kMatched, [](Story& story, const std::smatch& m) {
    SentSignal sent = signal(story, Kind::kReport, m[1], m[3]);
    sent.strings.emplace_back(Field::kText, m[2]);
    send(story, std::move(sent));
  });
}

Sentence instruction() {
  return sentence("instruction (\\S+) comes from the ([a-z ]+) for " + kNumber +
                      ": ([a-z]+) ([a-z_]+), issued ((?:day \\d+ )?\\d\\d:\\d\\d), \"(.*)\"",
                  [](Story& story, const std::smatch& m) {
                    SentSignal sent = signal(story, Kind::kInstruction, m[3], "");
                    sent.strings = {{Field::kInstructionId, m[1]},
                                    {Field::kInstructionUnit, m[2]},
                                    {Field::kLevel, m[4]},
                                    {Field::kFraudType, m[5]},
                                    {Field::kText, m[7]}};
                    sent.numbers.emplace_back(Field::kIssuedAt, to_ms(story.at(m[6])));
                    send(story, std::move(sent));
                  });
}

Sentence claim_next() {
  return sentence(kName + " claims the next task",
                  [](Story& story, const std::smatch& m) { story.command(m[1], ClaimNext{}); });
}

Sentence claim() {
  return sentence(kName + " claims the " + kTask + " of " + kNumber + "(?:, having seen version (\\d+))?",
                  [](Story& story, const std::smatch& m) {
                    ClaimTask claim{story.latest_task(m[3], m[2]).id, m[4].matched ? std::stoull(m[4]) : 0};
                    story.command(m[1], claim);
                  });
}

Sentence renew_or_release() {
  return sentence(kName + " (renews|releases) the " + kTask + " of " + kNumber, [](Story& story, const std::smatch& m) {
    const TaskId task = story.latest_task(m[4], m[3]).id;
    story.command(m[1], m[2] == "renews" ? CommandBody(RenewLease{task}) : ReleaseTask{task});
  });
}

Sentence record() {
  return sentence(kName +
                      " records ([a-z_]+)(?:, (question|called_back|face_to_face))?(, line cut)?"
                      "(?:, stopped by ([a-z]+))? on the " +
                      kTask + " of " + kNumber,
                  [](Story& story, const std::smatch& m) {
                    RecordAttempt attempt;
                    attempt.task = story.latest_task(m[7], m[6]).id;
                    attempt.result = m[2];
                    attempt.identity = find_identity(std::string(m[3])).value_or(Identity::kNone);
                    attempt.line_cut = m[4].matched;
                    attempt.stopped_by = m[5];
                    story.command(m[1], attempt);
                  });
}

Sentence close() {
  return sentence(
      kName + " closes the case of " + kNumber + " as ([a-z_]+)(?:, proof \"(.*)\")?(?:, with ([A-Z][a-z]+))?",
      [](Story& story, const std::smatch& m) {
        CloseCase request;
        request.case_id = story.latest_case(m[2]).id;
        request.version = story.latest_case(m[2]).version;
        request.reason = m[3];
        request.proof = m[4];
        request.second_person = m[5];
        story.command(m[1], request);
      });
}

Sentence follow_up() {
  return sentence(kName + " follows up " + kNumber +
                      " after ([0-9a-z]+): (no_loss|loss|unknown)(?: of (\\d+) yuan)?"
                      "(?: at ((?:day \\d+ )?\\d\\d:\\d\\d))?(?:, said by ([a-z_]+))?",
                  [](Story& story, const std::smatch& m) {
                    RecordFollowUp request;
                    request.case_id = story.latest_case(m[2]).id;
                    request.point = m[3];
                    request.verdict = *find_verdict(std::string(m[4]));
                    if (m[5].matched) request.loss = Fen(std::stoll(m[5]) * 100);
                    if (m[6].matched) request.lost_at = story.at(m[6]);
                    request.source = m[7];
                    story.command(m[1], request);
                  });
}

Sentence decide() {
  return sentence(
      kName + " decides that the case of " + kNumber + " is (confirmed|refuted|undetermined) by ([a-z_, ]+)",
      [](Story& story, const std::smatch& m) {
        story.command(m[1], DecideTruth{story.latest_case(m[2]).id, *find_truth(std::string(m[3])), split(m[4])});
      });
}

Sentence correct() {
  return sentence(kName + " corrects ([a-z_.]+) of the case of " + kNumber + " to \"(.*)\" because \"(.*)\"",
                  [](Story& story, const std::smatch& m) {
                    story.command(m[1], CorrectCase{story.latest_case(m[3]).id, m[2], m[4], m[5]});
                  });
}

Sentence open() {
  return sentence(kName + " opens an? ([a-z]+) ([a-z_]+) case for " + kNumber + ": \"(.*)\"",
                  [](Story& story, const std::smatch& m) {
                    OpenCase request;
                    request.number = parse_resident_number(std::string(m[4])).value();
                    request.level = known(find_level(std::string(m[2])), m[2]);
                    request.fraud_type = type_of(m[3]);
                    request.text = m[5];
                    story.command(m[1], request);
                  });
}

Sentence sign() {
  return sentence(kName + " signs instruction (\\S+)", [](Story& story, const std::smatch& m) {
    story.command(m[1], SignInstruction{story.instruction(m[2])});
  });
}

Sentence feed_back() {
  return sentence(kName + " feeds back on instruction (\\S+): (signed|contacted|met|returned), \"(.*)\"",
                  [](Story& story, const std::smatch& m) {
                    story.command(m[1], FeedBackInstruction{story.instruction(m[2]), m[4], m[3]});
                  });
}

}  // namespace

const std::vector<Sentence>& sentences_that_describe() {
  static const std::vector<Sentence> kSentences = {describe_person(), describe_rule()};
  return kSentences;
}

const std::vector<Sentence>& sentences_that_happen() {
  static const std::vector<Sentence> kSentences = {
      message_or_call(),
      app_or_page(),
      transfer(),
      report(),
      instruction(),
      claim_next(),
      claim(),
      renew_or_release(),
      record(),
      close(),
      follow_up(),
      decide(),
      correct(),
      open(),
      sign(),
      feed_back(),
      sentence("nothing happens", [](Story&, const std::smatch&) {}),
  };
  return kSentences;
}

}  // namespace quanzu::tests
