#include "simulator/street.h"

#include <algorithm>
#include <array>

#include "rules/text/tables.h"

namespace quanzu::simulator {

namespace {

constexpr size_t kCharacters = 3000;
constexpr size_t kWords = 8000;
constexpr size_t kWatched = 11000;    // of which 6,000 rules' 15,000 picks leave about 8,000 distinct
constexpr size_t kCommonRanks = 200;  // nobody watches the commonest words
constexpr size_t kMeanBytes = 124;
constexpr uint32_t kZipfScale = 1'000'000;

std::string utf8(uint32_t code_point) {  // of the BMP past U+0800
  return {static_cast<char>(0xE0 | (code_point >> 12)), static_cast<char>(0x80 | ((code_point >> 6) & 0x3F)),
          static_cast<char>(0x80 | (code_point & 0x3F))};
}

rules::NodePtr item(std::string field, rules::Value value) {
  auto node = std::make_unique<rules::Node>();
  node->item = {std::move(field), std::move(value)};
  return node;
}

rules::NodePtr join(rules::NodeType type, std::vector<rules::NodePtr> children) {
  auto node = std::make_unique<rules::Node>();
  node->type = type;
  node->children = std::move(children);
  return node;
}

rules::NodePtr contains(const std::string& word) {
  rules::StringPattern pattern;
  pattern.parts = {rules::Wildcard::kAnyRun, word, rules::Wildcard::kAnyRun};
  return item("text", std::move(pattern));
}

rules::NodePtr regex(std::string pattern) {
  return item("text", rules::Regex{std::move(pattern), false, false, false});
}

template <class... Nodes>
std::vector<rules::NodePtr> list(Nodes... nodes) {
  std::vector<rules::NodePtr> out;
  (out.push_back(std::move(nodes)), ...);
  return out;
}

}  // namespace

Street::Street(Options options) : options_(options), random_(options.seed) {
  make_words();
  for (size_t i = 0; i < options_.rules; ++i) specs_.push_back(make_spec());
  random_ = Random(options_.seed ^ 0x5EEDU);  // the messages don't depend on how many rules were made
}

void Street::make_words() {
  std::vector<uint32_t> all;
  for (uint32_t c = 0x4E00; c < 0x9FA6; ++c) {
    if (rules::tables::mapping_of(c).type == rules::tables::Mapping::Type::kSelf) all.push_back(c);  // simplified
  }
  for (size_t i = 0; i < kCharacters; ++i) {  // a shuffle of the first kCharacters
    std::swap(all[i], all[i + random_.below(all.size() - i)]);
    characters_.push_back(utf8(all[i]));
  }
  uint32_t sum = 0;
  for (size_t rank = 0; rank < kWords; ++rank) {
    // Common words are short: characters 1, 2, 3, 4 with 30, 50, 15, 5% among the first, hardly one later.
    const uint64_t roll = random_.below(100);
    words_.push_back(make_word(rank < kCommonRanks && roll < 30 ? 1 : roll < 75 ? 2 : roll < 92 ? 3 : 4));
    sum += kZipfScale / static_cast<uint32_t>(rank + 3);
    zipf_.push_back(sum);
  }
  for (size_t i = 0; i < kWatched; ++i) {
    const bool spoken = random_.below(2) == 0;  // half of the watched words are words of everybody
    watched_.push_back(spoken ? words_[kCommonRanks + random_.below(kWords - kCommonRanks)]
                              : make_word(2 + random_.below(3)));
  }
}

std::string Street::make_word(size_t characters) {
  std::string out;
  for (; characters > 0; --characters) {
    // The product of two uniform numbers makes low ranks common, as characters are.
    out += characters_[random_.below(kCharacters) * random_.below(kCharacters) / kCharacters];
  }
  return out;
}

std::string Street::make_latin(size_t letters) {
  std::string out;
  for (; letters > 0; --letters) out.push_back(static_cast<char>('a' + random_.below(26)));
  return out;
}

Street::Spec Street::make_spec() {
  const uint64_t roll = random_.below(100);
  const auto word = [this] { return random_.pick(watched_); };
  if (roll < 30) return {Shape::kAnd, {word(), word()}, 0};
  if (roll < 45) return {Shape::kAndThree, {word(), word(), word()}, 0};
  if (roll < 60) return {Shape::kOrAnd, {word(), word(), word()}, 0};
  if (roll < 75) return {Shape::kGap, {word(), word()}, 4 + static_cast<uint32_t>(random_.below(17))};
  if (roll < 85) {
    static constexpr std::array<std::string_view, 5> kEnds = {".com", ".cn", ".top", ".xyz", ".vip"};
    return {Shape::kDomain, {make_latin(4 + random_.below(6)) + std::string(kEnds[random_.below(5)])}, 0};
  }
  if (roll < 90) return {Shape::kPrefix, {"8" + std::to_string(100000 + random_.below(900000))}, 0};
  if (roll < 95) return {Shape::kAmount, {word()}, 0};
  return {Shape::kUrl, {make_latin(5 + random_.below(4))}, 0};
}

const std::string& Street::common_word() {
  const auto at = static_cast<uint32_t>(random_.below(zipf_.back()));
  return words_[static_cast<size_t>(std::upper_bound(zipf_.begin(), zipf_.end(), at) - zipf_.begin())];
}

void Street::append_plain(std::string& text, size_t until) {
  while (text.size() < until) {
    const uint64_t roll = random_.below(100);
    if (roll < 90) {
      text += common_word();
    } else if (roll < 97) {
      text += roll < 94 ? "，" : "。";
    } else {
      text += std::to_string(random_.below(10000));
    }
  }
}

void Street::plant(const Spec& spec, StreetMessage& message) {
  const std::vector<std::string>& words = spec.words;
  switch (spec.shape) {
    case Shape::kAnd:
    case Shape::kAndThree:
      for (const std::string& word : words) {
        message.text += word;
        append_plain(message.text, message.text.size() + random_.below(24));
      }
      return;
    case Shape::kOrAnd:
      message.text += words[random_.below(2)] + "的" + words[2];
      return;
    case Shape::kGap:
      message.text += words[0] + "了" + words[1];
      return;
    case Shape::kDomain:
      message.text += "http://" + words[0] + "/" + make_latin(4);
      return;
    case Shape::kPrefix:
      message.peer = words[0] + std::to_string(10000 + random_.below(90000));
      return;
    case Shape::kAmount:
      message.text += words[0] + std::to_string(1000 + random_.below(9000)) + "元";
      return;
    case Shape::kUrl:
      message.text += "https://m." + words[0] + make_latin(2) + ".cn/" + make_latin(3);
      return;
  }
}

void Street::next(StreetMessage& message) {
  message.text.clear();
  message.peer = "861" + std::to_string(3000000000 + random_.below(6999999999));
  // Three dice make lengths that spread as messages do: 30 to 218 bytes, most near the mean.
  const size_t length = kMeanBytes - 94 + random_.below(63) + random_.below(63) + random_.below(63);
  append_plain(message.text, random_.below(length));
  if (random_.chance(options_.planted_per_mille) && !specs_.empty()) plant(random_.pick(specs_), message);
  if (random_.chance(60)) message.text += "http://" + make_latin(6) + ".com/" + make_latin(5);
  const std::string serial = std::to_string(++serial_);
  append_plain(message.text, length - std::min(length, serial.size()));
  message.text += serial;
}

rules::Pack Street::pack() const {
  using rules::NodeType;
  rules::Pack out;
  for (size_t i = 0; i < specs_.size(); ++i) {
    const std::vector<std::string>& w = specs_[i].words;
    rules::NodePtr node;
    switch (specs_[i].shape) {
      case Shape::kAnd:
        node = join(NodeType::kAnd, list(contains(w[0]), contains(w[1])));
        break;
      case Shape::kAndThree:
        node = join(NodeType::kAnd, list(contains(w[0]), contains(w[1]), contains(w[2])));
        break;
      case Shape::kOrAnd:
        node = join(NodeType::kAnd, list(join(NodeType::kOr, list(contains(w[0]), contains(w[1]))), contains(w[2])));
        break;
      case Shape::kGap:
        node = regex(w[0] + ".{0," + std::to_string(specs_[i].gap) + "}" + w[1]);
        break;
      case Shape::kDomain:
        node = contains(w[0]);
        break;
      case Shape::kPrefix:
        node = item("peer.number", rules::StringPattern{{w[0], rules::Wildcard::kAnyRun}, false, false});
        break;
      case Shape::kAmount:
        node = regex(w[0] + "[0-9]{3,6}元");
        break;
      case Shape::kUrl:
        node = regex("https?://[a-z0-9.-]*" + w[0] + "[a-z0-9.-]*/");
        break;
    }
    rules::Rule rule;
    rule.info.id = "street-" + std::to_string(i + 1);
    rule.info.version = "1";
    rule.info.title = rule.info.id;
    rule.info.fraud_type = FraudType::kBrushing;
    rule.info.weight = Millipoints(10000);
    rule.info.half_life = std::chrono::hours(24 * 7);
    rule.logsource.category = "sms";
    rule.logsource.product = "quanzu";
    rule.conditions.push_back(std::move(node));
    out.rules.push_back(std::move(rule));
  }
  out.hash = "street-1/" + std::to_string(options_.seed) + "/" + std::to_string(options_.rules);
  return out;
}

std::string Street::yaml() const {
  std::string out;
  for (size_t i = 0; i < specs_.size(); ++i) {
    const std::vector<std::string>& w = specs_[i].words;
    const std::string id = "street-" + std::to_string(i + 1);
    if (i != 0) out += "---\n";
    out += "title: " + id + "\nname: " + id + "\nlogsource: {product: quanzu, category: sms}\ndetection:\n";
    const auto one = [&](const std::string& item) { out += "  words: {" + item + "}\n  condition: words\n"; };
    switch (specs_[i].shape) {
      case Shape::kAnd:
        one("text|contains|all: ['" + w[0] + "', '" + w[1] + "']");
        break;
      case Shape::kAndThree:
        one("text|contains|all: ['" + w[0] + "', '" + w[1] + "', '" + w[2] + "']");
        break;
      case Shape::kOrAnd:
        out += "  either: {text|contains: ['" + w[0] + "', '" + w[1] + "']}\n  both: {text|contains: '" + w[2] +
               "'}\n  condition: either and both\n";
        break;
      case Shape::kGap:
        one("text|re: '" + w[0] + ".{0," + std::to_string(specs_[i].gap) + "}" + w[1] + "'");
        break;
      case Shape::kDomain:
        one("text|contains: '" + w[0] + "'");
        break;
      case Shape::kPrefix:
        one("peer.number|startswith: '" + w[0] + "'");
        break;
      case Shape::kAmount:
        one("text|re: '" + w[0] + "[0-9]{3,6}元'");
        break;
      case Shape::kUrl:
        one("text|re: 'https?://[a-z0-9.-]*" + w[0] + "[a-z0-9.-]*/'");
        break;
    }
    out += "antifraud: {version: '1', owner: bench, fraud_type: brushing, stage: hook, weight: 10, half_life: 7d}\n";
  }
  return out;
}

}  // namespace quanzu::simulator
