#include "adapters/api/sheet.h"

#include "tests/catch.h"

namespace quanzu::api {
namespace {

Sheet sheet() {
  return {"measures",
          {"name", "area", "value"},
          {{std::string("protected_rate"), std::string("street, \"north\""), 0.25},
           {std::string("reach_rate"), std::string("=HYPERLINK(1)"), Cell()}}};
}

TEST_CASE("a table as CSV: quoted where it must be, and no cell is a formula") {
  CHECK(csv_of(sheet()) ==
        "\xEF\xBB\xBFname,area,value\r\n"
        "protected_rate,\"street, \"\"north\"\"\",0.25\r\n"
        "reach_rate,'=HYPERLINK(1),\r\n");
  for (const char* formula : {"+1", "-1", "@SUM(A1)", "\t=1", "=1"}) {
    INFO(formula);
    CHECK(csv_of({"s", {std::string(formula)}, {}}).find(std::string("'") + formula) != std::string::npos);
  }
}

TEST_CASE("a table as XLSX is a zip file of a workbook") {
  const Result<std::string> file = xlsx_of(sheet());
  REQUIRE(file);
  CHECK(file->starts_with("PK\x03\x04"));
  CHECK(file->find("xl/worksheets/sheet1.xml") != std::string::npos);
}

}  // namespace
}  // namespace quanzu::api
