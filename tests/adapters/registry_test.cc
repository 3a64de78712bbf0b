// The registry as another system exports it: what is taken, and a clear answer to each row that can't be.
#include "adapters/registry/registry.h"

#include <iconv.h>

#include "tests/catch.h"

namespace quanzu::registry {
namespace {

using Catch::Contains;

constexpr int kYear = 2026;
const std::string kHeader = "id,name,numbers,birth_year,area,lat,lon,datum,languages,facts,household,notes\n";

RegistryFile read(const std::string& rows, const AreaTree& areas = {}) {
  return read_registry(kHeader + rows, areas, kYear).value();
}

// "line, column: reason" of the only error.
std::string said(const RegistryFile& file) {
  REQUIRE(file.errors.size() == 1);
  const RowError& error = file.errors.front();
  return std::to_string(error.line) + ", " + error.column + ": " + error.reason;
}

std::string gb18030(const std::string& text) {
  iconv_t converter = iconv_open("GB18030", "UTF-8");
  std::string copy = text;
  std::string out(text.size() * 4, '\0');
  char* from = copy.data();
  char* to = out.data();
  size_t from_left = copy.size();
  size_t to_left = out.size();
  REQUIRE(iconv(converter, &from, &from_left, &to, &to_left) != static_cast<size_t>(-1));
  iconv_close(converter);
  out.resize(out.size() - to_left);
  return out;
}

AreaTree street() {
  return read_areas(
             "area,lat,lon,datum\n青年路街道,30.27,120.15,wgs84\n青年路街道/幸福社区,,,\n青年路街道/幸福社区/"
             "第一网格,,,\n"
             "青年路街道/幸福社区/第二网格,30.28,120.16,wgs84\n青年路街道/和平社区,,,\n")
      .value()
      .tree;
}

const std::string kLi =
    "7,李秀英,13900001111;0571-86512345=household,1948,青年路街道/幸福社区/第一网格/3幢,30.2741,120.1551,"
    "wgs84,zh;yue,over_80;lives_alone,h1,\"听力差, 慢慢说\"\n";

}  // namespace

TEST_CASE("a row of the registry is read with all it says", "[registry]") {
  const RegistryFile file = read(kLi, street());
  CHECK(file.errors.empty());
  CHECK(file.encoding == "UTF-8");
  REQUIRE(file.sound.size() == 1);
  const RegistryRow& row = file.sound.front();
  CHECK(row.line == 2);
  CHECK(row.id == "7");
  CHECK(row.name == "李秀英");
  CHECK(row.birth_year == 1948);
  CHECK(row.area == "青年路街道/幸福社区/第一网格/3幢");
  CHECK(row.point == Point{302741000, 1201551000});
  CHECK(row.languages == std::vector<std::string>{"yue", "zh"});
  CHECK(row.facts == std::vector<std::string>{"lives_alone", "over_80"});
  CHECK(row.household == "h1");
  CHECK(row.notes == "听力差, 慢慢说");
  REQUIRE(row.numbers.size() == 2);
  CHECK(row.numbers[0] == NumberTie{Number("8613900001111"), true, true, false});
  CHECK(row.numbers[1] == NumberTie{Number("8657186512345"), false, false, true});
}

TEST_CASE("comma or tab, UTF-8 or GB18030, with a mark or without, a file says the same", "[registry]") {
  std::string tabs = kHeader + kLi;
  const std::string quoted = "\"听力差, 慢慢说\"";
  tabs.replace(tabs.find(quoted), quoted.size(), "听力差; 慢慢说");
  std::replace(tabs.begin(), tabs.end(), ',', '\t');
  tabs.replace(tabs.find("听力差; 慢慢说"), std::string("听力差; 慢慢说").size(), "听力差, 慢慢说");
  const auto sound = [](const std::string& bytes) { return read_registry(bytes, {}, kYear).value(); };
  const std::vector<RegistryRow> expected = sound(kHeader + kLi).sound;
  for (const std::string& bytes : {"\xEF\xBB\xBF" + kHeader + kLi, gb18030(kHeader + kLi), tabs, gb18030(tabs)}) {
    const RegistryFile file = sound(bytes);
    REQUIRE(file.sound.size() == 1);
    CHECK(difference(expected, file.sound).unchanged == 1);
  }
  CHECK(sound(gb18030(tabs)).encoding == "GB18030");
  CHECK(sound(tabs).separator == '\t');
}

TEST_CASE("what is no table of residents is refused as a whole, with the reason", "[registry]") {
  const auto refused = [](const std::string& bytes) { return read_registry(bytes, {}, kYear).error().message; };
  CHECK_THAT(refused(""), Contains("the file is empty"));
  CHECK_THAT(refused("id,name\n1,x\n"), Contains("column \"numbers\" is missing"));
  CHECK_THAT(refused("id,numbers,phone\n"), Contains("column \"phone\" is not known; the columns are id,name"));
  CHECK_THAT(refused("id,numbers,id\n"), Contains("column \"id\" is there twice"));
  CHECK_THAT(refused(std::string("\xFF\xFEi\0d\0", 6)), Contains("UTF-16"));
  CHECK_THAT(refused("id,numbers\n\xFF\xFF,1\n"), Contains("neither UTF-8 nor GB18030"));
}

TEST_CASE("a row that can't be taken is named with line, column and reason, and the others are taken", "[registry]") {
  struct Bad {
    std::string row;
    std::string said;
  };
  const std::vector<Bad> bads = {
      {"8,王,,,,,,,,,,\n", "3, numbers: a resident without a number can't be warned"},
      {"8,王,;;,,,,,,,,,\n", "3, numbers: a resident without a number can't be warned"},
      {"8,王,110,,,,,,,,,\n", "3, numbers: "},
      {"8,王,12ab,,,,,,,,,\n", "3, numbers: "},
      {"8,王,13900002222=boss,,,,,,,,,\n", "3, numbers: behind = stands owner, user or household"},
      {",王,13900002222,,,,,,,,,\n", "3, id: is needed"},
      {"7,王,13900002222,,,,,,,,,\n", "3, id: line 2 has it already"},
      {"8,王,13900001111=owner,,,,,,,,,\n", "3, numbers: line 2 has 139****1111 as its owner: a number has one"},
      {"8,王,13900001111=user,,,,,,,,,\n", "3, numbers: line 2 has 139****1111 as its user"},
      {"8,王,13900002222,1848,,,,,,,,\n", "3, birth_year: a year from 1906 to 2026 is wanted"},
      {"8,王,13900002222,,青年路街道/光明社区,,,,,,,\n",
       "3, area: 青年路街道 has no 光明社区; it has 幸福社区, 和平社区"},
      {"8,王,13900002222,,黄河街道,,,,,,,\n", "3, area: the place has no 黄河街道; it has 青年路街道"},
      {"8,王,13900002222,,青年路街道//1,,,,,,,\n", "3, area: a part of the path is empty"},
      {"8,王,13900002222,,a/b/c/d/e/f/g,,,,,,,\n", "3, area: more than 6 parts"},
      {"8,王,13900002222,,,30.27,,wgs84,,,,\n", "3, lon: degrees are wanted"},
      {"8,王,13900002222,,,120.15,30.27,wgs84,,,,\n",
       "3, lat: at most 90 degrees are possible; are lat and lon exchanged?"},
      {"8,王,13900002222,,,30.27,120.15,,,,,\n", "3, datum: is needed with a point"},
      {"8,王,13900002222,,,30.27,120.15,bd09,,,,\n", "3, datum: is not known: wgs84 or gcj02"},
      {"8,王,13900002222,,,48.85,2.35,gcj02,,,,\n", "3, datum: gcj02 is of China, and the point lies elsewhere"},
      {"8,王,13900002222,,,74.5,30.27,gcj02,,,,\n", "3, datum: gcj02 is of China, where the point would lie if"},
      {"8,王,13900002222,,,,,,杭州话,,,\n", "3, languages: \"杭州话\" is not known: codes such as zh"},
      {"8,王,13900002222,,,,,,,rich,,\n", "3, facts: \"rich\" is not known: lives_alone, earlier_victim"},
      {"8,\"王\"二,13900002222,,,,,,,,,\n", "3, : "},
  };
  for (const Bad& bad : bads) {
    INFO(bad.row);
    const RegistryFile file = read(kLi + bad.row + "9,赵,13900003333,,,,,,,,,\n", street());
    CHECK_THAT(said(file), Catch::StartsWith(bad.said));
    CHECK(file.rows == 3);
    CHECK(file.rejected() == 1);
    REQUIRE(file.sound.size() == 2);
    CHECK(file.sound[1].id == "9");
  }
}

TEST_CASE("a row with several faults has each named", "[registry]") {
  const RegistryFile file = read("8,王,,1848,,1,2,xx,,,,\n");
  CHECK(file.errors.size() == 3);
  CHECK(file.sound.empty());
}

TEST_CASE("a household answers one number, and a number has an owner and another user", "[registry]") {
  const RegistryFile file = read(
      "1,甲,13900001111=owner;0571-86512345=household,,,,,,,,h,\n"
      "2,乙,13900001111=user;0571-86512345=household,,,,,,,,h,\n");
  CHECK(file.errors.empty());
  CHECK(file.sound.size() == 2);
}

TEST_CASE("a point whose datum is flagged wrongly is told by its building", "[registry]") {
  const std::string first = "1,甲,13900001111,,路/3幢,30.2741,120.1551,wgs84,,,,\n";
  CHECK_THAT(said(read(first + "2,乙,13900002222,,路/3幢,30.2741,120.1552,gcj02,,,,\n")),
             Contains("3, datum: as it is written the point lies") && Contains("one of the two is flagged wrongly"));
  const Point shifted = gcj02_of({302741000, 1201551000});
  const std::string right = std::to_string(shifted.lat / kUnits) + "," + std::to_string(shifted.lon / kUnits);
  CHECK(read(first + "2,乙,13900002222,,路/3幢," + right + ",gcj02,,,,\n").errors.empty());
  CHECK(read(first + "2,乙,13900002222,,路/4幢,30.2741,120.1552,gcj02,,,,\n").errors.empty());
}

TEST_CASE("GCJ-02 is WGS-84 shifted by up to a kilometre in China, and comes back to the unit", "[registry]") {
  // What other implementations of the formula give, in Shanghai, Shenzhen and Beijing.
  for (const auto& [wgs84, gcj02] : {std::pair(Point{311774276, 1215272106}, Point{311753040, 1215315419}),
                                     std::pair(Point{225438470, 1139123160}, Point{225407961, 1139171765}),
                                     std::pair(Point{399119540, 1163778170}, Point{399133455, 1163840472})}) {
    CHECK(std::abs(gcj02_of(wgs84).lat - gcj02.lat) <= 1);
    CHECK(std::abs(gcj02_of(wgs84).lon - gcj02.lon) <= 1);
  }
  for (int32_t lat = 180000000; lat <= 530000000; lat += 17654321) {
    for (int32_t lon = 740000000; lon <= 1340000000; lon += 17654321) {
      const Point point{lat, lon};
      const Point shifted = gcj02_of(point);
      const double metres = metres_between(point, shifted);
      INFO(lat << ", " << lon);
      CHECK(metres < 1200);
      const Point back = wgs84_of(shifted);
      CHECK(std::abs(back.lat - lat) <= 1);
      CHECK(std::abs(back.lon - lon) <= 1);
    }
  }
  const Point paris{488500000, 23500000};
  CHECK(gcj02_of(paris) == paris);
}

TEST_CASE("the same export again changes nothing, and a new one tells what it does", "[registry]") {
  const RegistryFile before = read(kLi + "8,王,13900002222,,,,,,,,,\n9,赵,13900003333,,,,,,,,,\n");
  const RegistryDiff same = difference(before.sound, before.sound);
  CHECK(same.unchanged == 3);
  CHECK((same.added.empty() && same.changed.empty() && same.missing.empty()));
  // Another order of numbers and facts is no change.
  std::string li = kLi;
  const std::string facts = "over_80;lives_alone";
  li.replace(li.find(facts), facts.size(), "lives_alone; over_80");
  const RegistryDiff diff = difference(
      before.sound, read("10,钱,13900004444,,,,,,,,,\n" + li + "8,王,13900002222;13900005555,1990,,,,,,,,\n").sound);
  CHECK(diff.unchanged == 1);
  CHECK(diff.added == std::vector<std::string>{"10"});
  CHECK(diff.missing == std::vector<std::string>{"9"});
  REQUIRE(diff.changed.size() == 1);
  CHECK(diff.changed[0].id == "8");
  CHECK(diff.changed[0].columns == std::vector<std::string>{"numbers", "birth_year"});
}

TEST_CASE("areas are a tree: parents need no row, a part has its own point or the one above it", "[registry]") {
  const AreaTree tree = street();
  CHECK(tree.size() == 6);
  CHECK_FALSE(tree.why_unknown("青年路街道/幸福社区/第一网格/3幢/201"));
  CHECK_FALSE(tree.why_unknown("青年路街道/和平社区/哪里都行"));
  CHECK(tree.why_unknown("青年路街道/幸福社区/3幢"));
  CHECK(tree.point_of("青年路街道/幸福社区/第二网格/1幢") == Point{302800000, 1201600000});
  CHECK(tree.point_of("青年路街道/和平社区") == Point{302700000, 1201500000});
  CHECK_FALSE(tree.point_of("别处"));
  const AreaFile bad = read_areas("area,lat,lon,datum\na//b,,,\na/b,30,,wgs84\n").value();
  REQUIRE(bad.errors.size() == 2);
  CHECK(bad.errors[0].line == 2);
  CHECK(bad.errors[1].column == "lon");
  CHECK(clean_area(" 青年路街道／幸福社区 / 第一网格").value() == "青年路街道/幸福社区/第一网格");
}

}  // namespace quanzu::registry
