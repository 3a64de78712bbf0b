#include "engine/signal.h"

#include <fstream>
#include <set>
#include <sstream>

#include "tests/catch.h"

using namespace quanzu;

namespace {

std::set<std::string> fields_of(Kind kind) {
  std::set<std::string> out;
  for (const FieldInfo& info : field_table()) {
    if ((info.kinds >> static_cast<unsigned>(kind)) & 1U) out.emplace(info.name);
  }
  out.erase("resident.number");
  return out;
}

}  // namespace

TEST_CASE("each kind of signal carries the fields of the glossary and no others") {
  using Set = std::set<std::string>;
  CHECK(fields_of(Kind::kSms) == Set{"peer.number", "text", "direction"});
  CHECK(fields_of(Kind::kCall) == Set{"peer.number", "direction", "state", "duration_s", "call.id", "call.medium",
                                      "text", "forwarding_set", "roaming"});
  CHECK(fields_of(Kind::kUrl) == Set{"url", "url.host", "url.scheme", "title", "app.package"});
  CHECK(fields_of(Kind::kApp) == Set{"app.name", "app.package", "app.action"});
  CHECK(fields_of(Kind::kTransfer) ==
        Set{"amount_fen", "peer.account", "peer.name", "transfer.channel", "transfer.state"});
  CHECK(fields_of(Kind::kReport) == Set{"channel", "category", "text", "place"});
  CHECK(fields_of(Kind::kInstruction) == Set{"instruction.id", "instruction.upstream", "instruction.unit", "issued_at",
                                             "level", "fraud.type", "text", "required_action"});
}

TEST_CASE("every field is found by its name and names are distinct") {
  std::set<std::string_view> names;
  for (const FieldInfo& info : field_table()) {
    CHECK(find_field(info.name) == info.field);
    CHECK(field_info(info.field).name == info.name);
    names.insert(info.name);
  }
  CHECK(names.size() == kFieldCount);
  CHECK_FALSE(find_field("peer.phone"));
  CHECK_FALSE(find_field(""));
}

TEST_CASE("the types of fields that aren't strings") {
  CHECK(field_info(Field::kDurationS).type == FieldType::kNumber);
  CHECK(field_info(Field::kAmountFen).type == FieldType::kNumber);
  CHECK(field_info(Field::kForwardingSet).type == FieldType::kBoolean);
  CHECK(field_info(Field::kRoaming).type == FieldType::kBoolean);
  CHECK(field_info(Field::kIssuedAt).type == FieldType::kTime);
  CHECK(field_info(Field::kText).type == FieldType::kString);
}

TEST_CASE("kinds and their words") {
  for (size_t i = 0; i < kKindCount; ++i) {
    const auto kind = static_cast<Kind>(i);
    CHECK(find_kind(kind_name(kind)) == kind);
  }
  CHECK(find_kind("mms") == std::nullopt);
}

TEST_CASE("an absent field is not an empty one") {
  Signal signal;
  CHECK_FALSE(signal.has(Field::kText));
  signal.set(Field::kText, std::string_view());
  CHECK(signal.has(Field::kText));
  CHECK(signal.string(Field::kText).empty());
  signal.set(Field::kDurationS, int64_t{60});
  CHECK(signal.number(Field::kDurationS) == 60);
  signal.clear();
  CHECK_FALSE(signal.has(Field::kText));
  CHECK(signal.number(Field::kDurationS) == 0);
}

TEST_CASE("docs/glossary.md ticks the kinds that may carry each field") {
  std::ifstream file(QUANZU_SOURCE_DIR "/docs/glossary.md");
  REQUIRE(file.good());
  std::stringstream text;
  text << file.rdbuf();
  const std::string docs = text.str();
  for (const FieldInfo& info : field_table()) {
    std::string row = "| " + std::string(info.name) + " |";
    for (size_t kind = 0; kind < kKindCount; ++kind) row += (info.kinds >> kind) & 1U ? " x |" : " |";
    INFO(row);
    CHECK(docs.find("\n" + row) != std::string::npos);
  }
}
