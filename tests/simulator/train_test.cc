#include "simulator/train.h"

#include <cmath>

#include "rules/learn/model.h"
#include "rules/text/normalize.h"
#include "simulator/examples.h"
#include "simulator/linear.h"
#include "simulator/random.h"
#include "tests/catch.h"
#include "tests/shared_data.h"

#include <fstream>

namespace quanzu::simulator {
namespace {

const std::vector<std::string> kNames = {"王", "李", "张", "刘", "陈", "杨", "黄", "赵", "周", "吴"};
const std::vector<std::string> kFrauds = {"把钱转到安全账户", "交保证金才能放款", "点链接领取补贴", "加群导师带你赚钱"};
const std::vector<std::string> kLawful = {"今晚一起吃饭吗", "快递放在门口了", "明天上午开家长会", "你的书到图书馆了"};
const std::vector<std::string> kRests = {"请尽快",     "谢谢",     "不要告诉别人", "有事打我电话",
                                         "下午三点前", "记得带伞", "在楼下等"};

// Rows in which one part in four tells what they are and the rest does not.
Corpus made_corpus(size_t rows, uint64_t seed = 7) {
  Random random(seed);
  Corpus corpus;
  for (size_t i = 0; i < rows; ++i) {
    const bool fraud = random.chance(400);
    std::string text = random.pick(kNames) + random.pick(kNames) + "," + random.pick(kRests);
    text += random.pick(fraud ? kFrauds : kLawful);
    for (int part = 0; part < 3; ++part) text += random.pick(kRests) + random.pick(kNames);
    corpus.rows.push_back({i + 2, fraud ? "fraud" : "ham", text});
  }
  return corpus;
}

TrainOptions binary() {
  return {.positive = {"fraud"}};
}

std::string refusal(const Corpus& corpus, const TrainOptions& options) {
  const Result<Trained> trained = train(corpus, options);
  return trained ? "trained" : trained.error().message;
}

TEST_CASE("a model finds what its rows have in common, on rows that it has not seen", "[learn]") {
  const Result<Trained> trained = train(made_corpus(400), binary());
  REQUIRE(trained.has_value());
  const OutputFigures& figures = trained->validation.outputs.at(0);
  CHECK(figures.at.at(0).rows.f1() > 0.95);
  CHECK(figures.at.at(0).rows.true_positives + figures.at.at(0).rows.false_negatives == figures.rows);
  for (size_t i = 1; i < figures.at.size(); ++i) {  // asking for more certainty finds fewer
    CHECK(figures.at[i].rows.true_positives <= figures.at[i - 1].rows.true_positives);
    CHECK(figures.at[i].rows.false_positives <= figures.at[i - 1].rows.false_positives);
  }
  const rules::Model model(trained->file);
  rules::ModelScores scores;
  const auto probability = [&](std::string_view text) { return model.probability(0, scores.score(model, text)[0]); };
  CHECK(probability("请把钱转到安全账户") > 0.9);
  CHECK(probability("今晚一起吃饭吗谢谢") < 0.1);
}

TEST_CASE("labels that say nothing are not learned", "[learn]") {
  Corpus corpus = made_corpus(400);
  Random random(3);
  for (CorpusRow& row : corpus.rows) row.label = random.chance(500) ? "fraud" : "ham";
  const Result<Trained> trained = train(corpus, binary());
  if (trained) CHECK(trained->validation.accuracy < 0.65);
}

TEST_CASE("the same corpus and seed give the same model, another seed other folds", "[learn]") {
  const Corpus corpus = made_corpus(200);
  const Result<Trained> first = train(corpus, binary());
  const Result<Trained> again = train(corpus, binary());
  REQUIRE(first.has_value());
  REQUIRE(again.has_value());
  CHECK(rules::print_model(first->file) == rules::print_model(again->file));
  TrainOptions other = binary();
  other.seed = 2;
  const Result<Trained> differently = train(corpus, other);
  REQUIRE(differently.has_value());
  CHECK(rules::print_model(first->file) != rules::print_model(differently->file));
}

TEST_CASE("without positive labels each label has an output, and a row is taken for the likeliest", "[learn]") {
  Corpus corpus = made_corpus(400);
  for (CorpusRow& row : corpus.rows) {
    if (row.text.find("快递") != std::string::npos) row.label = "parcel";
  }
  const Result<Trained> trained = train(corpus, {});
  REQUIRE(trained.has_value());
  REQUIRE(trained->validation.outputs.size() == 3);
  CHECK(trained->validation.outputs[2].label == "parcel");
  CHECK(trained->validation.weighted_f1 > 0.95);
  CHECK(trained->validation.accuracy > 0.95);
}

TEST_CASE("n-grams are no more than were asked for", "[learn]") {
  TrainOptions options = binary();
  options.most_grams = 5;
  const Result<Trained> trained = train(made_corpus(300), options);
  REQUIRE(trained.has_value());
  CHECK(trained->file.outputs.at(0).grams.size() <= 5);
}

TEST_CASE("near-duplicates share a fold, so that a copy does not count as found", "[learn]") {
  Corpus corpus = made_corpus(60);
  const size_t originals = corpus.rows.size();
  for (size_t i = 0; i < 5 * originals; ++i) {
    CorpusRow copy = corpus.rows[i % originals];
    copy.text += "！";
    corpus.rows.push_back(copy);
  }
  const rules::Subject text{rules::Source::kText, rules::Form::kExact};
  const Examples examples = make_examples(corpus, text, 4, 1);
  const std::vector<uint32_t> clusters = near_duplicates(examples);
  for (size_t i = 0; i < clusters.size(); ++i) CHECK(clusters[i] == clusters[i % originals]);
  CHECK(*std::max_element(clusters.begin(), clusters.end()) > 40);  // what only shares words stays apart
}

TEST_CASE("more rows teach more, and too few say so", "[learn]") {
  TrainOptions options = binary();
  options.curve = true;
  const Result<Trained> trained = train(made_corpus(600), options);
  REQUIRE(trained.has_value());
  REQUIRE(trained->curve.size() == 3);
  CHECK(trained->curve[0].percent == 10);
  CHECK(trained->curve[0].rows < trained->curve[1].rows);
  CHECK(trained->curve[2].f1 == trained->validation.outputs[0].at[0].rows.f1());
  CHECK(trained->curve[0].f1 <= trained->curve[2].f1);
  Corpus few = made_corpus(20);
  const Result<Trained> little = train(few, options);
  REQUIRE(little.has_value());
  CHECK_FALSE(little->curve[0].possible);
}

TEST_CASE("a corpus that teaches nothing is refused with what to do", "[learn]") {
  Corpus corpus = made_corpus(40);
  CHECK(refusal(corpus, {.positive = {"fruad"}}) == "no row has the label \"fruad\": name some of \"fraud\", \"ham\"");
  CHECK(refusal(corpus, {.positive = {"fraud", "ham"}}).find("add rows that are not positive") != std::string::npos);
  for (CorpusRow& row : corpus.rows) row.label = "fraud";
  CHECK(refusal(corpus, {}).find("all rows are of one class (\"fraud\")") != std::string::npos);
  corpus = made_corpus(40);
  for (CorpusRow& row : corpus.rows) row.label = "ham";
  corpus.rows[3].label = "fraud";
  CHECK(refusal(corpus, binary()).find("too few or too much alike for 5 folds") != std::string::npos);
}

TEST_CASE("a row of which normalisation leaves nothing is left out and told", "[learn]") {
  Corpus corpus = made_corpus(200);
  corpus.rows.push_back({999, "fraud", "\xE2\x80\x8B"});  // a zero-width space
  const Result<Trained> trained = train(corpus, binary());
  REQUIRE(trained.has_value());
  REQUIRE(trained->skipped.size() == 1);
  CHECK(trained->skipped[0].line == 999);
  CHECK(trained->file.rows == 200);
  CHECK(trained->file.skipped == 1);
}

TEST_CASE("a calibrated probability is how often it is right", "[learn]") {
  Random random(5);
  std::vector<double> scores;
  std::vector<bool> positive;
  for (int i = 0; i < 20'000; ++i) {  // truth: p = 1 / (1 + e^(-2s + 1))
    scores.push_back(static_cast<double>(random.between(-3000, 3000)) / 1000);
    const double p = 1 / (1 + std::exp(-2 * scores.back() + 1));
    positive.push_back(static_cast<double>(random.below(1'000'000)) < 1e6 * p);
  }
  const Calibration found = calibrate(scores, positive, std::vector<double>(scores.size(), 1));
  CHECK(found.slope == Approx(-2).margin(0.1));
  CHECK(found.offset == Approx(1).margin(0.1));
}

TEST_CASE("the fixed-point model scores as the one that was tested", "[learn]") {
  // Both of one fit: a single output trained on all rows, asked through the file.
  const Corpus corpus = made_corpus(200);
  const Result<Trained> trained = train(corpus, binary());
  REQUIRE(trained.has_value());
  const rules::ModelFile::Output& output = trained->file.outputs.at(0);
  const rules::Model model(trained->file);
  rules::ModelScores scores;
  rules::Normalizer normalizer;
  for (const CorpusRow& row : corpus.rows) {
    const std::string text(normalizer.normalize(row.text));
    double sum = 0, count = 0;
    for (const rules::ModelFile::Gram& gram : output.grams) {
      if (text.find(gram.text) == std::string::npos) continue;
      sum += static_cast<double>(gram.weight);
      ++count;
    }
    const double expected = static_cast<double>(output.bias) + (count > 0 ? sum / std::sqrt(count) : 0);
    CHECK(std::abs(static_cast<double>(scores.score(model, text)[0]) - expected) < 100);  // millionths
  }
}

TEST_CASE("a model of fake base station messages tells scripts that it has not seen apart", "[.long][learn]") {
  const auto path = tests::shared_data("data/fbs_sms/train.tsv");
  if (!path) return;
  std::ifstream in(*path, std::ios::binary);
  const Result<Corpus> corpus = read_corpus(in, {.label_column = "class4"});
  REQUIRE(corpus.has_value());
  const Result<Trained> fraud = train(*corpus, {.positive = {"FR"}});
  REQUIRE(fraud.has_value());
  CHECK(fraud->validation.outputs[0].distinct.f1() >= 0.95);
  const Result<Trained> classes = train(*corpus, {});
  REQUIRE(classes.has_value());
  CHECK(classes->validation.distinct_f1 >= 0.97);
}

}  // namespace
}  // namespace quanzu::simulator
