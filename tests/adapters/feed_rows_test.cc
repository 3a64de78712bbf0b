// Files of signals: good rows become fields, broken ones are named by line and reason and keep their number.
#include "adapters/feed/rows.h"

#include <sstream>

#include "adapters/feed/csv.h"
#include "adapters/feed/feed.pb.h"
#include "adapters/feed/json.h"
#include "tests/catch.h"

using namespace quanzu;
using namespace quanzu::feed;
using Catch::Contains;

namespace {

v1::Signal parsed(std::string_view fields) {
  v1::Signal signal;
  REQUIRE(signal.ParseFromArray(fields.data(), static_cast<int>(fields.size())));
  return signal;
}

struct ReadRow {
  uint64_t line;
  v1::Signal signal;
  std::string problem;
};

std::vector<ReadRow> read(const std::string& text, const RowOptions& options) {
  std::istringstream in(text);
  Result<RowReader> reader = RowReader::open(in, options);
  if (!reader) FAIL(reader.error().message);
  std::vector<ReadRow> rows;
  while (const std::optional<Row> row = reader->next()) {
    rows.push_back({row->line, parsed(row->fields), row->problem.value_or("")});
    CHECK(rows.back().signal.has_unreadable() == row->problem.has_value());
  }
  return rows;
}

std::string header_error(const std::string& text, const RowOptions& options) {
  std::istringstream in(text);
  const Result<RowReader> reader = RowReader::open(in, options);
  return reader ? "" : reader.error().message;
}

RowOptions csv() {
  return {Format::kCsv, {}, {}, 0};
}
RowOptions tsv() {
  return {Format::kTsv, {}, {}, 0};
}
RowOptions jsonl() {
  return {Format::kJsonLines, {}, {}, 0};
}

std::string json_error(const std::string& text) {
  EventFields fields;
  const Result<void> done = read_json_event(text, fields);
  return done ? "" : done.error().message;
}

}  // namespace

TEST_CASE("json: a flat event becomes a signal with typed fields", "[feed]") {
  EventFields fields;
  REQUIRE(read_json_event(R"({"kind":"call","at":"2026-11-24T10:00:00+08:00","resident.number":"13900001111",
      "duration_s":61,"roaming":true,"text":null,"feed":"x","feed.seq":9})",
                          fields));
  const v1::Signal signal = parsed(fields.bytes());
  CHECK(signal.kind() == 1);
  CHECK(signal.at_ms() == 1795485600000);
  CHECK(signal.resident_number() == "13900001111");
  CHECK(signal.duration_s() == 61);
  CHECK(signal.roaming());
  CHECK_FALSE(signal.has_text());
}

TEST_CASE("json: nested objects are flattened by dots", "[feed]") {
  EventFields fields;
  REQUIRE(read_json_event(R"({"kind":"sms","resident":{"number":"13900001111"},"peer":{"number":"10086"}})", fields));
  CHECK(parsed(fields.bytes()).peer_number() == "10086");
}

TEST_CASE("json: an invalid byte in a text is kept for the normaliser", "[feed]") {
  EventFields fields;
  REQUIRE(read_json_event("{\"kind\":\"sms\",\"text\":\"a\xFF\"}", fields));
  CHECK(parsed(fields.bytes()).text() == "a\xFF");
}

TEST_CASE("json: each broken event names its field and what to send", "[feed]") {
  CHECK_THAT(json_error(""), Contains("no JSON object"));
  CHECK_THAT(json_error("nonsense"), Contains("no JSON object"));
  CHECK_THAT(json_error("{\"kind\":\"sms\"} x"), Contains("no JSON object"));
  CHECK_THAT(json_error("[1]"), Contains("no JSON object"));
  CHECK_THAT(json_error(std::string(1000, '[')), Contains("no JSON object"));
  CHECK_THAT(json_error("{}"), Contains("kind is missing"));
  CHECK_THAT(json_error(R"({"kind":"letter"})"), Contains("kind is \"letter\"") && Contains("sms, call"));
  CHECK_THAT(json_error(R"({"kind":1})"), Contains("kind is a number"));
  CHECK_THAT(json_error(R"({"kind":"sms","at":"yesterday"})"), Contains("at is \"yesterday\"") && Contains("RFC 3339"));
  CHECK_THAT(json_error(R"({"kind":"sms","at":"2026-11-24T10:00:00"})"), Contains("zone"));
  CHECK_THAT(json_error(R"({"kind":"sms","at":5})"), Contains("at is a number"));
  CHECK_THAT(json_error(R"({"kind":"sms","resident.number":13900001111})"),
             Contains("resident.number is a number") && Contains("a string"));
  CHECK_THAT(json_error(R"({"kind":"call","duration_s":"61"})"), Contains("duration_s is a string"));
  CHECK_THAT(json_error(R"({"kind":"call","duration_s":1.5})"), Contains("duration_s"));
  CHECK_THAT(json_error(R"({"kind":"call","duration_s":1e300})"), Contains("duration_s"));
  CHECK_THAT(json_error(R"({"kind":"call","roaming":1})"), Contains("roaming is a number"));
  CHECK_THAT(json_error(R"({"kind":"sms","text":["a"]})"), Contains("text is an array"));
  CHECK_THAT(json_error(R"({"kind":"sms","resident_number":"1"})"), Contains("\"resident_number\" is no field"));
  CHECK_THAT(json_error(R"({"kind":"sms","a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":{"i":1}}}}}}}}})"),
             Contains("nested too deeply"));
  CHECK(json_error(R"({"kind":"call","duration_s":30.0})").empty());
}

TEST_CASE("rows: JSON lines are numbered by row, and a broken one keeps its place", "[feed]") {
  const auto rows = read("{\"kind\":\"sms\",\"text\":\"a\"}\n\nnonsense\r\n{\"kind\":\"sms\",\"text\":\"b\"}", jsonl());
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].problem.empty());
  CHECK(rows[1].line == 3);
  CHECK_THAT(rows[1].problem, Contains("line 3:") && Contains("no JSON object"));
  CHECK(rows[1].signal.row() == "nonsense");
  CHECK(rows[2].signal.text() == "b");
}

TEST_CASE("rows: a CSV with a header of field names", "[feed]") {
  const auto rows = read(
      "\xEF\xBB\xBF"
      "kind,resident.number,text,duration_s,roaming\r\n"
      "sms,13900001111,\"say \"\"hi\"\",\nthen go\",,\r\n"
      "call,13900001112,,61,true\r\n",
      csv());
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].signal.text() == "say \"hi\",\nthen go");
  CHECK(rows[0].line == 2);
  CHECK_FALSE(rows[0].signal.has_duration_s());
  CHECK(rows[1].line == 4);
  CHECK(rows[1].signal.kind() == 1);
  CHECK(rows[1].signal.duration_s() == 61);
  CHECK(rows[1].signal.roaming());
  CHECK_FALSE(rows[1].signal.has_text());
}

TEST_CASE("rows: broken rows of a table are named by line and reason", "[feed]") {
  const auto rows = read(
      "kind,duration_s,roaming\n"
      "call,1\n"
      "call,x,true\n"
      "call,1,yes\n"
      "letter,1,true\n"
      "ca\"ll,1,true\n"
      ",1,true\n"
      "call,1,true\n",
      csv());
  REQUIRE(rows.size() == 7);
  CHECK_THAT(rows[0].problem, Contains("line 2:") && Contains("2 cells, the header 3"));
  CHECK_THAT(rows[1].problem, Contains("line 3:") && Contains("duration_s is \"x\""));
  CHECK_THAT(rows[2].problem, Contains("line 4:") && Contains("roaming is \"yes\""));
  CHECK_THAT(rows[3].problem, Contains("line 5:") && Contains("kind is \"letter\""));
  CHECK_THAT(rows[4].problem, Contains("line 6:") && Contains("column 1: a quote"));
  CHECK_THAT(rows[5].problem, Contains("line 7:") && Contains("kind is empty"));
  CHECK(rows[6].problem.empty());
}

TEST_CASE("rows: a quote that is never closed breaks its own row alone", "[feed]") {
  const auto rows = read("kind,text\nsms,\"open\nsms,two\nsms,three\n", csv());
  REQUIRE(rows.size() == 3);
  CHECK_THAT(rows[0].problem, Contains("line 2:") && Contains("never closed"));
  CHECK(rows[1].signal.text() == "two");
  CHECK(rows[1].line == 3);
  CHECK(rows[2].signal.text() == "three");
}

TEST_CASE("rows: a row too long for a frame is named, not sent", "[feed]") {
  const auto rows = read("kind\ttext\nsms\t" + std::string(50'000, 'x') + "\nsms\ta\n", tsv());
  REQUIRE(rows.size() == 2);
  CHECK_THAT(rows[0].problem, Contains("line 2:") && Contains("50004 bytes"));
  CHECK(rows[0].signal.row().size() == 2048);
  CHECK(rows[1].problem.empty());
}

TEST_CASE("rows: one column's texts are sent with --kind and --text-column, each to a resident of its own", "[feed]") {
  RowOptions options = tsv();
  options.kind = Kind::kSms;
  options.text_column = "message";
  const auto rows = read("class4\tmessage\nFR\tsay \"hi\"\nAD\tb\nAD\t\n", options);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].signal.text() == "say \"hi\"");
  CHECK(rows[0].signal.resident_number() == "13000000000");
  CHECK(rows[1].signal.resident_number() == "13000000001");
  CHECK(rows[2].problem.empty());
  CHECK_FALSE(rows[2].signal.has_text());
}

TEST_CASE("rows: --residents spreads rows over that many", "[feed]") {
  RowOptions options = csv();
  options.residents = 2;
  const auto rows = read("kind,resident.number\nsms,13911112222\nsms,\nsms,13911112222\n", options);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].signal.resident_number() == rows[2].signal.resident_number());
  CHECK(rows[0].signal.resident_number() != rows[1].signal.resident_number());
}

TEST_CASE("rows: a synthetic resident's number is good for every row number", "[feed]") {
  for (const uint64_t n : {uint64_t{0}, uint64_t{1}, uint64_t{999'999'999}, uint64_t{1'000'000'000}, UINT64_MAX}) {
    CHECK(parse_resident_number(synthetic_number(n)));
  }
}

TEST_CASE("rows: a header that can't serve is refused with what to do", "[feed]") {
  RowOptions text = csv();
  text.kind = Kind::kSms;
  text.text_column = "message";
  CHECK_THAT(header_error("", csv()), Contains("no header"));
  CHECK_THAT(header_error("text\nhi\n", csv()), Contains("no column kind") && Contains("--kind"));
  CHECK_THAT(header_error("kind,resident_number\n", csv()),
             Contains("\"resident_number\" is no field") && Contains("--text-column"));
  CHECK_THAT(header_error("kind,text,text\n", csv()), Contains("\"text\" is there twice"));
  CHECK_THAT(header_error("kind,\"text\n", csv()), Contains("header") && Contains("never closed"));
  CHECK_THAT(header_error("class4,text2\n", text), Contains("no column \"message\""));
  CHECK(header_error("class4,message\n", text).empty());
}

TEST_CASE("csv: cells split as RFC 4180 says", "[feed]") {
  std::vector<std::string> cells;
  REQUIRE(split_csv("", cells));
  CHECK(cells == std::vector<std::string>{""});
  REQUIRE(split_csv("a,,\"b\"\"c\",", cells));
  CHECK(cells == std::vector<std::string>{"a", "", "b\"c", ""});
  REQUIRE(split_csv("\"\",\"a,b\"", cells));
  CHECK(cells == std::vector<std::string>{"", "a,b"});
  CHECK_THAT(split_csv("a,\"b\"c", cells).error().message, Contains("column 2: text after"));
  CHECK_THAT(split_csv("a,b\"c", cells).error().message, Contains("column 2: a quote in the middle"));
  split_tsv("a\t\"b\t", cells);
  CHECK(cells == std::vector<std::string>{"a", "\"b", ""});
}
