// Behind its literals an expression is asked of PCRE2: the answers must be Hyperscan's, and what the literals say must be true.
#include <hs/hs.h>

#include <random>

#include "rules/lang/load.h"
#include "rules/match/confirm.h"
#include "rules/match/database.h"
#include "rules/match/regex_literals.h"
#include "tests/catch.h"

namespace quanzu::rules {
namespace {

constexpr unsigned kFlags = HS_FLAG_SINGLEMATCH | HS_FLAG_UTF8 | HS_FLAG_ALLOWEMPTY;

std::vector<std::string> shipped_expressions() {
  std::vector<std::string> out;
  const std::function<void(const Node&)> collect = [&](const Node& node) {
    for (const NodePtr& child : node.children) collect(*child);
    if (node.type != NodeType::kItem) return;
    if (const auto* regex = std::get_if<Regex>(&node.item.value)) out.push_back(regex->pattern);
  };
  const Pack pack = load_pack("rules/packs");
  for (const Rule& rule : pack.rules) {
    for (const NodePtr& condition : rule.conditions) collect(*condition);
  }
  return out;
}

// Characters of the expression in runs, with others between: texts that nearly match.
class Texts {
 public:
  Texts(std::string_view expression, uint32_t seed) : random_(seed) {
    std::string run;
    for (const char c : expression) {
      const bool word =
          (static_cast<unsigned char>(c) & 0x80U) != 0 || std::isalnum(static_cast<unsigned char>(c)) != 0;
      if (word) run += c;
      if (!word && !run.empty()) pieces_.push_back(std::exchange(run, {}));
    }
    if (!run.empty()) pieces_.push_back(run);
    for (const char* other : {"的", "a", "1", "7", " ", "\n", "，", "人"}) pieces_.emplace_back(other);
  }
  std::string next() {
    std::string out;
    for (size_t n = random_() % 9; n > 0; --n) out += pieces_[random_() % pieces_.size()];
    return out;
  }

 private:
  std::mt19937 random_;
  std::vector<std::string> pieces_;
};

bool contains_any(std::string_view text, const Literals& literals) {
  return std::any_of(literals.begin(), literals.end(),
                     [text](const std::string& each) { return text.find(each) != std::string_view::npos; });
}

// What literals and PCRE2 say together, as a compiled rule puts them together.
bool holds_by_parts(const std::vector<RegexAlternative>& parts,
                    const std::vector<std::unique_ptr<Confirmer>>& confirmers, std::string_view text,
                    Confirmation& confirmation) {
  for (size_t i = 0; i < parts.size(); ++i) {
    if (!parts[i].literals.empty()) {
      if (contains_any(text, parts[i].literals)) return true;
      continue;
    }
    const bool confirmed = confirmers[i]->holds(text, confirmation);
    for (const Literals& required : parts[i].required) CHECK((!confirmed || contains_any(text, required)));
    if (confirmed) return true;
  }
  return false;
}

void compare(const std::string& expression, uint32_t seed, Confirmation& confirmation) {
  INFO(expression);
  const auto database = Database::compile({{expression, kFlags, 0}});
  REQUIRE(database.has_value());
  Scratch scratch;
  database->grow(scratch);
  const std::vector<RegexAlternative> parts = alternatives_of(expression);
  std::vector<std::unique_ptr<Confirmer>> confirmers;
  for (const RegexAlternative& part : parts) {
    confirmers.push_back(Confirmer::make(part.pattern, kFlags));
    REQUIRE(confirmers.back() != nullptr);
  }
  Texts texts(expression, seed);
  for (int n = 0; n < 60; ++n) {
    const std::string text = texts.next();
    bool expected = false;
    database->scan(text, scratch, [&expected](uint32_t, size_t, size_t) { expected = true; });
    INFO("text '" << text << "'");
    REQUIRE(holds_by_parts(parts, confirmers, text, confirmation) == expected);
  }
}

TEST_CASE("PCRE2 and the literals of an expression answer as Hyperscan does") {
  Confirmation confirmation;
  for (const char* expression : {"安.{0,2}全", "^a",        "a$",        "(^|[^0-9])1[37](人|a)?",
                                 "\\s的",      "[^a]人",    "a\\Z",      "a\\z",
                                 "\\Aa",       "(的|人)*7", "的+?人",    "\\d{2,3}a",
                                 "\\w人",      "\\W人",     "(a|1){2}",  "a|人.{1,3}的|7",
                                 "(?:a|)人",   "x?a",       "[\\s\\d]a", "\\x{7684}a",
                                 "a\\.?1"}) {
    for (uint32_t seed = 1; seed <= 5; ++seed) compare(expression, seed, confirmation);
  }
}

void compare_shipped(size_t first, size_t step) {
  const std::vector<std::string> expressions = shipped_expressions();
  REQUIRE(expressions.size() > 100);
  Confirmation confirmation;
  for (size_t i = first; i < expressions.size(); i += step) compare(expressions[i], 7, confirmation);
}

TEST_CASE("PCRE2 and the literals of a tenth of the shipped expressions answer as Hyperscan does") {
  compare_shipped(3, 10);
}

TEST_CASE("PCRE2 and the literals of all shipped expressions answer as Hyperscan does", "[.long]") {
  compare_shipped(0, 1);
}

TEST_CASE("an expression that steps back without end is decided without stepping back") {
  const auto confirmer = Confirmer::make("(a+)+(a+)+(a+)+b", kFlags);
  REQUIRE(confirmer != nullptr);
  Confirmation confirmation;
  const std::string many(2000, 'a');
  CHECK_FALSE(confirmer->holds(many, confirmation));
  CHECK(confirmer->holds(many + "b", confirmation));
}

TEST_CASE("where lines count, no confirmer takes the expression") {
  CHECK(Confirmer::make("^a", kFlags | HS_FLAG_MULTILINE) == nullptr);
}

TEST_CASE("an expression is split into what literals decide and the rest") {
  const std::vector<RegexAlternative> parts = alternatives_of("刷单|信用(卡|贷)|新(的)?号|转.{0,3}(钱|款)|[0-9]+");
  REQUIRE(parts.size() == 5);
  CHECK(parts[0].literals == Literals{"刷单"});
  CHECK(parts[1].literals == Literals{"信用卡", "信用贷"});
  CHECK(parts[2].literals == Literals{"新号", "新的号"});
  CHECK(parts[3].literals.empty());
  CHECK(parts[3].pattern == "转.{0,3}(钱|款)");
  CHECK(parts[3].required == std::vector<Literals>{{"转"}, {"钱", "款"}});
  CHECK(parts[4].literals.empty());
  CHECK(parts[4].required.empty());
}

TEST_CASE("what is optional or not understood requires nothing") {
  CHECK(required_literals("a?").empty());
  CHECK(required_literals("(安全)*").empty());
  CHECK(required_literals("(?i)安全").empty());
  CHECK(required_literals("安全|").empty());
  CHECK(required_literals("(安全").empty());
  CHECK(required_literals("(安全)+") == Literals{"安全"});
  CHECK(required_literals("^安全$") == Literals{"安全"});
}

}  // namespace
}  // namespace quanzu::rules
