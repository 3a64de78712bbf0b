// `model.NAME` in rules: what the loader takes and refuses, what the matcher makes of it, and what an explanation says.
#include "rules/lang/model_field.h"

#include "rules/match/explain.h"
#include "rules/match/program.h"
#include "rules/text/normalize.h"
#include "tests/catch.h"
#include "tests/rules/load_text.h"

namespace quanzu::rules {
namespace {

using testing::all_problems;
using testing::PackFolder;
using testing::with_detection;
using testing::with_item;

// score = -1 + 3 where 安全账户 stands, p = 1 / (1 + e^(-2 * score)): 0.98 with it, 0.12 without.
std::string model(const std::vector<std::string>& labels = {""}) {
  ModelFile file;
  file.normaliser = kNormalizerVersion;
  file.made = "2026-11-27";
  file.corpus_sha256 = std::string(64, '0');
  for (const std::string& label : labels) {
    file.outputs.push_back({label, -1'000'000, -2'000'000, 0, 1, 0, 0, 1, {{"安全账户", 3'000'000}}});
  }
  return print_model(file);
}

struct Matched {
  explicit Matched(Pack pack) {
    INFO(all_problems(pack));
    REQUIRE(pack.ok());
    Result<std::shared_ptr<const Program>> compiled = Program::compile(std::move(pack));
    REQUIRE(compiled.has_value());
    program = *compiled;
  }
  bool holds(std::string_view text, RuleIndex rule = 0) {
    Signal signal;
    signal.set(Field::kText, text);
    std::vector<RuleIndex> out;
    scanner.scan(*program, signal, out);
    return std::find(out.begin(), out.end(), rule) != out.end();
  }
  std::shared_ptr<const Program> program;
  Scanner scanner;
};

Pack pack_with(const std::string& rule, const std::string& bytes = model()) {
  return PackFolder().add("models/scam.model", bytes).add("rule.yml", rule).load();
}

TEST_CASE("a rule asks a model of its pack for a probability", "[learn]") {
  Matched sure(pack_with(with_item("model.scam|gte: 0.98")));
  CHECK(sure.holds("请把钱转到安全账户"));
  CHECK(sure.holds("請轉到安 全 賬 戶"));  // it reads the normalised text
  CHECK_FALSE(sure.holds("今晚吃饭"));
  Matched surer(pack_with(with_item("model.scam|gt: 0.99")));
  CHECK_FALSE(surer.holds("请把钱转到安全账户"));
  Matched not_so(pack_with(with_item("model.scam|lt: 0.2")));
  CHECK(not_so.holds("今晚吃饭"));
  CHECK_FALSE(not_so.holds("请把钱转到安全账户"));
}

TEST_CASE("a signal without a text has no probability", "[learn]") {
  Matched matched(pack_with(with_item("model.scam|lt: 0.99")));
  Signal signal;
  signal.kind = Kind::kCall;
  std::vector<RuleIndex> out;
  matched.scanner.scan(*matched.program, signal, out);
  CHECK(out.empty());
}

TEST_CASE("a model stands beside words in a condition, and two thresholds on one text agree", "[learn]") {
  const std::string rule = with_detection(
      "likely:\n  model.scam|gte: 0.5\nsure:\n  model.scam|gte: 0.98\nwords:\n  text|contains: 转账\n"
      "condition: words and likely and sure or words and not likely and not sure");
  Matched matched(pack_with(rule));
  CHECK(matched.holds("转账到安全账户"));
  CHECK(matched.holds("转账"));
  CHECK_FALSE(matched.holds("安全账户"));
  CHECK_FALSE(matched.holds("你好"));
}

TEST_CASE("a model with several outputs is asked by label", "[learn]") {
  const std::string bytes = model({"fraud", "AD:网络.x"});
  Matched matched(pack_with(with_item("'model.scam.AD:网络.x|gte': 0.9"), bytes));
  CHECK(matched.holds("安全账户"));
}

TEST_CASE("what no model can answer is refused with the nearest form", "[learn]") {
  const auto problems = [](const std::string& item, const std::string& bytes = model()) {
    return all_problems(pack_with(with_item(item), bytes));
  };
  CHECK(problems("model.scan|gte: 0.9").find("no file models/scan.model") != std::string::npos);
  CHECK(problems("model.scan|gte: 0.9").find("model.scam") != std::string::npos);
  CHECK(problems("model.scam.fraud|gte: 0.9").find("one thing only") != std::string::npos);
  CHECK(problems("model.scam|gte: 0.9", model({"fraud", "ham"})).find("something of each label") != std::string::npos);
  CHECK(problems("model.scam|gte: 98").find("between 0 and 1") != std::string::npos);
  CHECK(problems("model.scam|gte: 1").find("between 0 and 1") != std::string::npos);
  CHECK(problems("model.scam: 0.9").find("which is compared") != std::string::npos);
  CHECK(problems("model.scam|contains: a").find("which is compared") != std::string::npos);
}

TEST_CASE("a broken model is a problem of its file", "[learn]") {
  std::string cut = model();
  cut.resize(cut.size() / 2);
  const std::string problems = all_problems(pack_with(with_item("model.scam|gte: 0.9"), cut));
  CHECK(problems.find("models/scam.model: error: ") != std::string::npos);
  CHECK(problems.find("was cut") != std::string::npos);
  PackFolder twice;
  twice.add("models/scam.model", model()).add("sub/models/scam.model", model());
  twice.add("rule.yml", with_item("model.scam|gte: 0.9"));
  CHECK(all_problems(twice.load()).find("has this name") != std::string::npos);
}

TEST_CASE("a rule of which the model changed is another rule", "[learn]") {
  const std::string asks = with_item("model.scam|gte: 0.9"), does_not = with_item("text|contains: a");
  const std::string other = model({"fraud"}) == model() ? "" : model({"fraud"});
  REQUIRE_FALSE(other.empty());
  CHECK(pack_with(asks).rules[0].hash != pack_with(asks, other).rules[0].hash);
  CHECK(pack_with(does_not).rules[0].hash == pack_with(does_not, other).rules[0].hash);
  CHECK(pack_with(does_not).hash != pack_with(does_not, other).hash);
}

TEST_CASE("an explanation says the probability, and which words spoke for it", "[learn]") {
  const Pack pack = pack_with(with_item("model.scam|gte: 0.9"));
  REQUIRE(pack.ok());
  Result<Explainer> explainer = Explainer::make(pack.rules[0]);
  REQUIRE(explainer.has_value());
  Signal signal;
  const std::string text = "转到安 全账户";
  signal.set(Field::kText, text);
  const Explanation yes = explainer->explain(signal);
  CHECK(yes.holds);
  REQUIRE(yes.conditions[0].places.size() == 1);
  CHECK(text.substr(yes.conditions[0].places[0].begin) == "安 全账户");
  CHECK(yes.conditions[0].missing == "0.982");
  signal.set(Field::kText, "你好");
  const Explanation no = explainer->explain(signal);
  CHECK_FALSE(no.holds);
  CHECK(no.conditions[0].missing == "0.119");
}

TEST_CASE("for events of other schemas a model is a field like any other", "[learn]") {
  const Pack pack = testing::load_text(with_item("model.scam|gte: 98"), {.any_schema = true});
  CHECK(pack.ok());
}

}  // namespace
}  // namespace quanzu::rules
