#include "simulator/corpus.h"

#include <sstream>

#include "simulator/evaluate.h"
#include "tests/catch.h"
#include "tests/rules/make_rule.h"

namespace quanzu::simulator {
namespace {

using Format = CorpusOptions::Format;

Result<Corpus> read(const std::string& bytes, CorpusOptions options) {
  std::istringstream in(bytes);
  return read_corpus(in, options);
}
Result<Corpus> read_tsv(const std::string& bytes) {
  return read(bytes, {.format = Format::kTsv, .label_column = "label"});
}

TEST_CASE("a corpus's rows have their line, label and text") {
  const Result<Corpus> tsv = read_tsv("\xEF\xBB\xBFlabel\tsource\ttext\r\nfraud\ta\t转账,\"快\"\r\nham\tb\t你好\n");
  REQUIRE(tsv.has_value());
  REQUIRE(tsv->rows.size() == 2);
  CHECK(tsv->rows[0].line == 2);
  CHECK(tsv->rows[0].label == "fraud");
  CHECK(tsv->rows[0].text == "转账,\"快\"");
  CHECK(tsv->rows[1].text == "你好");
  CHECK(tsv->skipped.empty());

  const Result<Corpus> csv =
      read("text,label\n\"a, \"\"b\"\"\nc\",x\nd,y\n", {.format = Format::kCsv, .label_column = "label"});
  REQUIRE(csv.has_value());
  REQUIRE(csv->rows.size() == 2);
  CHECK(csv->rows[0].text == "a, \"b\"\nc");
  CHECK(csv->rows[1].line == 4);

  const Result<Corpus> lines = read("one\n\ntwo\tstill two", {.format = Format::kLines});
  REQUIRE(lines.has_value());
  REQUIRE(lines->rows.size() == 2);
  CHECK(lines->rows[1].line == 3);
  CHECK(lines->rows[1].text == "two\tstill two");
}

TEST_CASE("broken rows are left out and told by their line") {
  const Result<Corpus> corpus =
      read_tsv("label\ttext\nfraud\ta\nfraud\nfraud\tb\tc\nfraud\t\n\tb\nfraud\tx\xFFy\nham\tlast\n");
  REQUIRE(corpus.has_value());
  CHECK(corpus->rows.size() == 2);
  REQUIRE(corpus->skipped.size() == 5);
  const std::pair<uint64_t, const char*> expected[] = {{3, "it has 1 cells, the header 2"},
                                                       {4, "it has 3 cells, the header 2"},
                                                       {5, "its text is empty"},
                                                       {6, "its label is empty"},
                                                       {7, "it is not UTF-8"}};
  for (size_t i = 0; i < 5; ++i) {
    CHECK(corpus->skipped[i].line == expected[i].first);
    CHECK(corpus->skipped[i].why == expected[i].second);
  }
}

TEST_CASE("a quote that nobody closes costs its own row and no other") {
  const Result<Corpus> corpus = read("text,label\n\"open,x\nb,y\n", {.format = Format::kCsv, .label_column = "label"});
  REQUIRE(corpus.has_value());
  REQUIRE(corpus->rows.size() == 1);
  CHECK(corpus->rows[0].text == "b");
  REQUIRE(corpus->skipped.size() == 1);
  CHECK(corpus->skipped[0].line == 2);
}

TEST_CASE("another encoding is named, with the command that converts it") {
  const auto error = [](const Result<Corpus>& corpus) { return corpus ? std::string("none") : corpus.error().message; };
  // "label\ttext", then "fraud\t" and the Chinese for account in GB18030.
  CHECK(error(read_tsv("label\ttext\nfraud\t\xD5\xCB\xBB\xA7\n")).find("iconv -f GB18030") != std::string::npos);
  CHECK(error(read_tsv("label\ttext\nfraud\t\x81\x30\x81\x30\xD5\xCB\n")).find("iconv -f GB18030") !=
        std::string::npos);
  CHECK(error(read_tsv(std::string("\xFF\xFEl\0a\0", 6))).find("iconv -f UTF-16") != std::string::npos);
  CHECK(error(read_tsv("")).find("header") != std::string::npos);
  CHECK(error(read_tsv("label\ttext\n")) == "the file has no rows");
  CHECK(error(read_tsv("label\tbody\nx\ty\n"))
            .find("no column \"text\": name one of \"label\", \"body\" with --text-column") != std::string::npos);
  CHECK(error(read_tsv("class\ttext\nx\ty\n")).find("--label-column") != std::string::npos);
  CHECK(error(read_tsv("label\ttext\nbroken\n")).find("line 2: it has 1 cells") != std::string::npos);
}

TEST_CASE("an evaluation counts rows by label and by rule") {
  using namespace rules::testing;
  auto program =
      rules::Program::compile(pack(rule("a", "sms", contains("text", "转账")), rule("b", "", contains("text", "账户")),
                                   rule("url", "url", is("url.host", "*.top"))));
  REQUIRE(program.has_value());
  const Result<Corpus> corpus =
      read_tsv("label\ttext\nfraud\t转账到账户\nfraud\t你好\nham\t账户\nham\t晚安\nad\t贷款\n");
  REQUIRE(corpus.has_value());
  const Evaluation got = evaluate(**program, *corpus, {.kind = Kind::kSms, .positive = {"fraud", "ad"}});
  CHECK(got.true_positives == 1);
  CHECK(got.false_negatives == 2);
  CHECK(got.false_positives == 1);
  CHECK(got.true_negatives == 1);
  CHECK(got.per_label.at("fraud").rows == 2);
  CHECK(got.per_label.at("fraud").alerted == 1);
  CHECK(got.per_label.at("ad").positive);
  CHECK_FALSE(got.per_label.at("ham").positive);
  CHECK(got.per_rule[0].right == 1);
  CHECK(got.per_rule[0].wrong == 0);
  CHECK(got.per_rule[1].right == 1);
  CHECK(got.per_rule[1].wrong == 1);
  CHECK(got.alerts_of[0] == std::vector<RuleIndex>{0, 1});

  const Result<Corpus> urls = read_tsv("label\ttext\nphish\thttp://u@x.top:80/a\nlegit\thttp://x.top.cn/\n");
  REQUIRE(urls.has_value());
  const Evaluation hosts = evaluate(**program, *urls, {.kind = Kind::kUrl, .positive = {"phish"}});
  CHECK(hosts.true_positives == 1);
  CHECK(hosts.true_negatives == 1);
}

TEST_CASE("an address's host is found with or without what may stand around it") {
  CHECK(host_of("https://user:pw@Example.com:8080/a?b@c") == "Example.com");
  CHECK(host_of("example.com/a") == "example.com");
  CHECK(host_of("http://[::1]:80/") == "[::1]");
  CHECK(host_of("http://[::1") == "[::1");
  CHECK(host_of("") == "");
}

}  // namespace
}  // namespace quanzu::simulator
