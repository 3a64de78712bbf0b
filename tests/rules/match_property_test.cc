// Random rules against random signals: the compiled program must answer as the plainest reading of the tree does.
#include <deque>

#include "rules/match/explain.h"
#include "tests/catch.h"
#include "tests/rules/evaluator.h"
#include "tests/rules/random_rules.h"

namespace quanzu::rules {
namespace {

using namespace testing;

// Few and short words, so that half of the questions are answered yes.
class World : public RandomRules {
 public:
  using RandomRules::RandomRules;

  std::string word() {
    static const std::vector<std::string> kPieces = {"安", "全", "账户", "賬戶", "转", "轉", "a", "B", "Ab",
                                                     "1",  "23", ".",    " ",    "-",  "Ａ", "é", "É", "。"};
    return word_of(kPieces);
  }

  std::string text() {
    std::string out;
    for (size_t n = below(5); n > 0; --n) out += word();
    if (below(30) == 0) out += '\xFF';
    if (below(30) == 0) out += '\n';
    return out;
  }

  std::string number() {
    static const std::vector<std::string> kNumbers = {"8613900001111", "85261234567", "8526", "96110", "110", ""};
    return one_of(kNumbers);
  }

  Rule make_rule() {
    static const std::vector<std::string> kCategories = {"sms", "call", "url", "transfer", ""};
    Rule out = rule("random", one_of(kCategories), tree(3));
    if (below(6) == 0) out.conditions.push_back(tree(2));
    return out;
  }

  // The bytes are kept by the world; a later signal takes them over.
  Signal signal() {
    strings_.clear();
    Signal out;
    static const std::vector<Kind> kKinds = {Kind::kSms, Kind::kCall, Kind::kUrl, Kind::kTransfer};
    out.kind = one_of(kKinds);
    // Only what the kind may carry: a keyword isn't looked for elsewhere.
    const auto carries = [&](Field field) {
      return (field_info(field).kinds >> static_cast<unsigned>(out.kind) & 1U) != 0 && below(3) != 0;
    };
    for (Field field : {Field::kText, Field::kTitle, Field::kUrl, Field::kUrlHost, Field::kPeerName}) {
      if (carries(field)) out.set(field, keep(text()));
    }
    if (carries(Field::kDirection)) out.set(Field::kDirection, below(2) == 0 ? "in" : "OUT");
    if (carries(Field::kPeerNumber)) {
      out.set(Field::kPeerNumber, keep(number()));
      out.peer = Number(out.string(Field::kPeerNumber));
    }
    if (carries(Field::kAmountFen)) out.set(Field::kAmountFen, static_cast<int64_t>(below(4)));
    if (carries(Field::kRoaming)) out.set(Field::kRoaming, static_cast<int64_t>(below(2)));
    return out;
  }

 private:
  std::string_view keep(std::string text) { return strings_.emplace_back(std::move(text)); }

  NodePtr leaf() override {
    switch (below(12)) {
      case 0:
        return number_leaf();
      case 1:
        return item(one_of(fields_), Null{});
      case 2:
        return item(one_of(fields_), Exists{below(2) == 0});
      case 3:
        return is("direction", below(2) == 0 ? "in" : "out");
      case 4:
        return is(below(2) == 0 ? "peer.number" : "peer.number.raw", number() + (below(2) == 0 ? "*" : ""));
      case 5:
        return regex_leaf();
      case 6:
        return item("", pattern(word()));
      case 7:
        return item(one_of(fields_), FieldRef{one_of(fields_), static_cast<FieldMatch>(below(4)), below(2) == 0});
      default:
        return string_leaf();
    }
  }

  NodePtr number_leaf() {
    const auto value = static_cast<double>(below(4));
    if (below(3) == 0) return item("roaming", below(2) == 0);
    if (below(3) == 0) return item("amount_fen", NumberValue{value, std::to_string(value)});
    return compare("amount_fen", static_cast<Compare>(below(4)), value);
  }

  NodePtr string_leaf() {
    std::string shape = below(3) == 0 ? "" : "*";
    shape += word();
    for (size_t n = below(3); n > 0; --n) {
      shape += below(2) == 0 ? "*" : "?";
      if (below(3) != 0) shape += word();
    }
    if (below(3) != 0) shape += "*";
    const std::string& field = one_of(fields_);
    return item(field, pattern(shape, field != "text" && below(4) == 0));
  }

  NodePtr regex_leaf() {
    static const std::vector<std::string> kNormal = {"安.{0,2}全", "(转|账户)1",    "a+b?1",      "[a-c]{2}",
                                                     "^安",        "全$",           "(安|转)*账", "[^a]1",
                                                     "23\\.|é",    "a(b|安全|\\-)", "(a|1){2}",   "账户?。"};
    static const std::vector<std::string> kRaw = {"[A-B]b", "Ab", "賬.?1", "É|Ａ", "A\\.?B"};
    if (below(2) == 0) return regex("text", one_of(kNormal));
    const bool ignore_case = below(2) == 0;
    return regex(below(2) == 0 ? "text.raw" : "title", one_of(below(2) == 0 ? kNormal : kRaw), ignore_case);
  }

  std::vector<std::string> fields_ = {"text", "text", "text.raw", "title", "url", "url.host", "peer.name"};
  std::deque<std::string> strings_;
};

TEST_CASE("a compiled program agrees with the plainest reading of its rules") {
  Evaluator::Regexes regexes;
  for (uint32_t seed = 1; seed <= 12; ++seed) {
    World world(seed);
    Pack pack;
    for (size_t i = 0; i < 40; ++i) pack.rules.push_back(world.make_rule());
    const auto program = Program::compile(std::move(pack));
    INFO("seed " << seed << ": " << (program ? "" : program.error().message));
    REQUIRE(program.has_value());
    Scanner scanner;
    std::vector<RuleIndex> out;
    for (size_t n = 0; n < 300; ++n) {
      const Signal signal = world.signal();
      const Evaluator evaluator(signal, regexes);
      std::vector<RuleIndex> expected;
      for (RuleIndex i = 0; i < (*program)->rules().size(); ++i) {
        if (evaluator.holds((*program)->rule(i))) expected.push_back(i);
      }
      out.clear();
      scanner.scan(**program, signal, out);
      INFO("signal " << n << " text '" << signal.string(Field::kText) << "'");
      REQUIRE(out == expected);
    }
  }
}

bool is_boundary(std::string_view text, uint32_t at) {
  return at == text.size() || (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
}

TEST_CASE("an explanation agrees with the plainest reading, and its places lie between characters") {
  Evaluator::Regexes regexes;
  for (uint32_t seed = 21; seed <= 24; ++seed) {
    World world(seed);
    for (size_t i = 0; i < 30; ++i) {
      const Rule made = world.make_rule();
      Result<Explainer> explainer = Explainer::make(made);
      INFO("seed " << seed << " rule " << i << ": " << (explainer ? "" : explainer.error().message));
      REQUIRE(explainer.has_value());
      for (size_t n = 0; n < 40; ++n) {
        const Signal signal = world.signal();
        const std::string_view text = signal.string(Field::kText);
        INFO("signal " << n << " text '" << text << "'");
        const bool expected = Evaluator(signal, regexes).holds(made);
        REQUIRE(explainer->explain(signal).holds == expected);
        for (const auto& [begin, end] : explainer->spans(text)) {
          REQUIRE(begin < end);
          REQUIRE(end <= text.size());
          if (find_invalid_utf8(text) == std::string_view::npos) {
            REQUIRE(is_boundary(text, begin));
            REQUIRE(is_boundary(text, end));
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace quanzu::rules
