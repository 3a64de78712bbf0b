// Runs every story in tests/golden/stories, and proves that a story can fail.
#include "tests/golden/story.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/catch.h"

namespace quanzu::tests {
namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string failures_of(std::string_view text) {
  std::string all;
  for (const std::string& failure : run_story(text).failures) all += failure + "\n";
  return all;
}

constexpr std::string_view kShort = R"(Li is an operator
rule fake_police: impersonate_police, hook, 95 points, half-life 7 days
10:00 an SMS from 85261234567 to 13900001111 says "逮捕令"; matched fake_police
)";

TEST_CASE("every golden story goes as it is told", "[golden]") {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(QUANZU_SOURCE_DIR "/tests/golden/stories")) {
    if (entry.path().extension() == ".story") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  REQUIRE(paths.size() >= 12);
  for (const auto& path : paths) {
    const StoryResult result = run_story(read(path));
    INFO(path.filename().string());
    CHECK(result.expectations >= 3);
    for (const std::string& failure : result.failures) FAIL_CHECK(failure);
  }
}

TEST_CASE("a story whose expectation is wrong fails and says what is", "[golden]") {
  const std::string failures = failures_of(std::string(kShort) + "then the case of 13900001111 is closed\n");
  CHECK(failures.find("line 4") != std::string::npos);
  CHECK(failures.find("it is open") != std::string::npos);
  CHECK(failures_of(std::string(kShort) + "then the case of 13900001111 is open and critical\n").empty());
}

TEST_CASE("a story with a refused command that it does not expect fails", "[golden]") {
  const std::string close = "10:01 Li closes the case of 13900001111 as dissuaded\n";
  CHECK(failures_of(std::string(kShort) + close).find("was refused") != std::string::npos);
  CHECK(failures_of(std::string(kShort) + close + "refused: in person\n").empty());
  CHECK(!failures_of(std::string(kShort) + close + "refused: proof\n").empty());
  CHECK(!failures_of(std::string(kShort) + "refused: in person\n").empty());
}

TEST_CASE("a line that is no sentence fails the story", "[golden]") {
  CHECK(failures_of("10:00 Li dances\n").find("no sentence") != std::string::npos);
  CHECK(failures_of("then all is well\n").find("no sentence") != std::string::npos);
}

}  // namespace
}  // namespace quanzu::tests
