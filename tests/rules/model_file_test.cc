#include "rules/learn/model_file.h"

#include "rules/lang/sha256.h"
#include "rules/learn/model.h"
#include "rules/text/normalize.h"
#include "tests/catch.h"

namespace quanzu::rules {
namespace {

ModelFile small() {
  ModelFile file;
  file.normaliser = kNormalizerVersion;
  file.made = "2026-11-27";
  file.corpus_sha256 = std::string(64, 'a');
  file.rows = 10;
  file.options = "kind=sms positive=a\tb";
  file.folds = 5;
  file.seed = 1;
  file.clusters = 9;
  file.outputs.push_back({"fraud, or\nwhat",
                          -1'000'000,
                          -2'000'000,
                          500'000,
                          4,
                          1,
                          0,
                          5,
                          {{"安全账户", 3'000'000}, {" \n\\", -1}, {"转", 1'500'000}}});
  return file;
}

std::string refusal(std::string_view bytes) {
  const Result<ModelFile> file = parse_model(bytes);
  return file ? "read" : file.error().message;
}
// The body with another line, and a checksum that fits.
std::string changed(const std::string& from, const std::string& to) {
  std::string bytes = print_model(small());
  bytes.erase(bytes.rfind("sha256 "));
  const size_t at = bytes.find(from);
  REQUIRE(at != std::string::npos);
  bytes.replace(at, from.size(), to);
  return bytes + "sha256 " + sha256_of(bytes) + "\n";
}

TEST_CASE("a model is read as it was written", "[learn]") {
  const std::string bytes = print_model(small());
  const Result<ModelFile> file = parse_model(bytes);
  REQUIRE(file.has_value());
  CHECK(print_model(*file) == bytes);
  CHECK(file->outputs[0].label == "fraud, or\nwhat");
  CHECK(file->outputs[0].grams[1].text == " \n\\");
  CHECK(file->options == "kind=sms positive=a\tb");
}

TEST_CASE("a model that was cut, wherever, is refused", "[learn]") {
  const std::string bytes = print_model(small());
  for (size_t size = 0; size < bytes.size(); ++size) CHECK(refusal(bytes.substr(0, size)) != "read");
  CHECK(refusal(bytes.substr(0, 100)).find("was cut: copy it again") != std::string::npos);
}

TEST_CASE("a model of which a byte was changed is refused", "[learn]") {
  const std::string bytes = print_model(small());
  for (size_t at = 0; at < bytes.size(); ++at) {
    std::string other = bytes;
    other[at] = static_cast<char>(other[at] ^ 1);
    CHECK(refusal(other) != "read");
  }
}

TEST_CASE("a model that this program can't use says why and what to do", "[learn]") {
  CHECK(refusal("title: a rule\n").find("this is no model") == 0);
  CHECK(refusal(changed("quanzu-model 1", "quanzu-model 2")) ==
        "the model is of format \"2\", this program reads 1: train it again, or use the program that made it");
  CHECK(refusal(changed("normaliser " + std::to_string(kNormalizerVersion), "normaliser 99")).find("normalised in another way (99") != std::string::npos);
  CHECK(refusal(changed("field text", "field peer.number")) ==
        "line 2 of the model is not `field text|url`: train it again");
  CHECK(refusal(changed("grams 4", "grams 9")).find("line 3 ") == 0);
  CHECK(refusal(changed("gram 1500000 转", "gram 1500000 安全账户")).find("line 12 ") == 0);  // twice
  CHECK(refusal(changed("gram 1500000 转", "gram 1500000000 转")).find("line 12 ") == 0);     // too heavy for the sum
  CHECK(refusal(changed("output -1000000 -2000000", "output -1000000 2000000")).find("line 9 ") == 0);
}

TEST_CASE("a score adds up the n-grams that a text has, each once", "[learn]") {
  const Model model(small());
  ModelScores scores;
  CHECK(scores.score(model, "你好")[0] == -1'000'000);
  CHECK(scores.score(model, "转")[0] == 500'000);
  CHECK(scores.score(model, "转转转")[0] == 500'000);
  // (3,000,000 + 1,500,000) / sqrt(2) - 1,000,000
  CHECK(scores.score(model, "转到安全账户")[0] == Approx(2'181'980).margin(10));
  CHECK(scores.score(model, "")[0] == -1'000'000);
}

TEST_CASE("a probability and its score belong together", "[learn]") {
  const Model model(small());
  for (const double p : {0.01, 0.5, 0.98}) {
    CHECK(model.probability(0, std::llround(model.score_at(0, p))) == Approx(p).epsilon(1e-4));
  }
  CHECK(model.probability(0, 1'000'000) > model.probability(0, 0));
}

}  // namespace
}  // namespace quanzu::rules
