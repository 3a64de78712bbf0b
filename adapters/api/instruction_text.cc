#include "adapters/api/instruction_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <regex>

#include "rules/text/normalize.h"

namespace quanzu::api {
namespace {

using Match = std::match_results<std::string_view::const_iterator>;

// The text as rules see it, so that widths, traditional characters and spaces between Chinese make no difference, with the
// way back to what was written.
class Text {
 public:
  explicit Text(std::string_view written) : written_(written) {
    rules::Normalizer normalizer;
    normal_ = normalizer.normalize(with_stops(written), origins_);
  }
  const std::string& normal() const { return normal_; }
  // As written: ids keep their case.
  std::string written(std::string_view part) const {
    const auto begin = static_cast<size_t>(part.data() - normal_.data());
    std::string out(written_.substr(origins_[begin], origins_[begin + part.size()] - origins_[begin]));
    while (!out.empty() && (out.back() == ' ' || out.back() == '\r' || out.back() == '\n')) out.pop_back();
    return out;
  }
  std::string_view group(const Match& match, size_t n) const {
    return std::string_view(normal_).substr(static_cast<size_t>(match.position(n)),
                                            static_cast<size_t>(match.length(n)));
  }
  std::optional<Match> find(const std::regex& pattern) const {
    Match match;
    const std::string_view text(normal_);
    if (!std::regex_search(text.begin(), text.end(), match, pattern)) return std::nullopt;
    return match;
  }
  template <class OnMatch>
  void each(const std::regex& pattern, OnMatch&& on_match) const {
    const std::string_view text(normal_);
    using Iterator = std::regex_iterator<std::string_view::const_iterator>;
    for (Iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) on_match(*at);
  }
  bool contains(std::string_view words) const { return normal_.find(words) != std::string::npos; }

 private:
  // Ends of lines and sentences as semicolons, byte for byte: the normaliser drops the former, and no set of a byte-wise
  // expression may hold the latter.
  static std::string with_stops(std::string_view written) {
    constexpr std::string_view kStop = "。";
    std::string out(written);
    for (size_t at = out.find(kStop); at != std::string::npos; at = out.find(kStop))
      out.replace(at, kStop.size(), ";;;");
    std::replace_if(
        out.begin(), out.end(), [](char c) { return c == '\n' || c == '\r'; }, ';');
    return out;
  }

  std::string_view written_;
  std::string normal_;
  std::vector<uint32_t> origins_;
};

// Bytes, not characters: alternatives of Chinese words are fine, sets of Chinese characters are not.
const std::regex& id_pattern() {
  static const std::regex pattern(
      "(?:指令|预警|线索|流水|任务|工单|下发)?(?:编号|单号|流水号|id)\\s*[:=]?\\s*([a-z0-9][a-z0-9_/-]{4,39})");
  return pattern;
}
const std::regex& unit_pattern() {
  static const std::regex pattern(
      "(?:下发单位|签发单位|发布单位|推送单位|发文单位|来源单位|来源)\\s*:\\s*([^,;|]{2,90})");
  return pattern;
}
const std::regex& time_pattern() {
  static const std::regex pattern(
      "(下发时间|签发时间|发布时间|推送时间|预警时间|下达时间|时间)?\\s*:?\\s*(?:(20\\d\\d)\\s*(?:-|/"
      "|\\.|年))?\\s*(\\d{1,2})\\s*(?:-|/|\\.|月)"
      "\\s*(\\d{1,2})\\s*(?:日|号|t)?\\s*(\\d{1,2})\\s*(?::|时|点)\\s*(\\d{1,2})(?:\\s*(?::|分)\\s*(\\d{1,2})?)?");
  return pattern;
}
const std::regex& number_pattern() {
  static const std::regex pattern(
      "(?:\\+?86[ -]?)?1[3-9]\\d[ -]?\\d{4}[ -]?\\d{4}|00\\d{1,4}[ -]?\\d{5,12}|\\+\\d{1,4}[ -]?\\d{5,12}");
  return pattern;
}
const std::regex& deadline_pattern() {
  static const std::regex pattern(
      "(\\d{1,3})\\s*(?:个)?(分钟|小时|min|h)(?:之)?内.{0,18}?(签收|联系|电话|劝阻|见面|上门|反馈)");
  return pattern;
}

int64_t integer(std::string_view digits) {
  int64_t out = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return out;
}

// ---- whom it is about, and with whom

constexpr std::array<std::string_view, 12> kResidentLabels = {"受害人",   "被害人",   "潜在受害", "事主",
                                                              "当事人",   "机主",     "居民",     "群众",
                                                              "劝阻对象", "预警对象", "手机号",   "联系电话"};
constexpr std::array<std::string_view, 11> kPeerLabels = {"对方", "嫌疑", "涉诈", "诈骗号码", "诈骗电话", "可疑号码",
                                                          "主叫", "骗子", "涉案", "来电号码", "境外"};

// Which of the labels stands last before the place, and how far away.
size_t distance_to(std::string_view before, std::span<const std::string_view> labels) {
  constexpr size_t kReach = 60;
  const std::string_view near = before.substr(before.size() - std::min(before.size(), kReach));
  size_t best = std::string_view::npos;
  for (const std::string_view label : labels) {
    const size_t at = near.rfind(label);
    if (at != std::string_view::npos) best = std::min(best, near.size() - at);
  }
  return best;
}

void read_numbers(const Text& text, PastedInstruction& out) {
  struct Candidate {
    Number number;
    bool is_mobile = false;
    size_t resident = std::string_view::npos;  // how far behind a label
    size_t peer = std::string_view::npos;
  };
  std::vector<Candidate> candidates;
  text.each(number_pattern(), [&](const Match& match) {
    const auto begin = static_cast<size_t>(match.position(0));
    const size_t end = begin + static_cast<size_t>(match.length(0));
    const std::string& normal = text.normal();
    const auto is_digit = [&](size_t at) { return at < normal.size() && normal[at] >= '0' && normal[at] <= '9'; };
    if ((begin > 0 && is_digit(begin - 1)) || is_digit(end)) return;  // of an identity card, an account, an id
    const std::string_view before = std::string_view(normal).substr(0, begin);
    Candidate one;
    const Result<Number> resident = parse_resident_number(text.group(match, 0));
    const Result<Number> any = parse_number(text.group(match, 0));
    if (!any) return;
    one.number = *any;
    one.is_mobile = resident.has_value();
    one.resident = distance_to(before, kResidentLabels);
    one.peer = distance_to(before, kPeerLabels);
    candidates.push_back(one);
  });
  const auto is_peer = [](const Candidate& of) { return !of.is_mobile || of.peer < of.resident; };
  std::vector<const Candidate*> residents;
  for (const Candidate& each : candidates) {
    if (!is_peer(each)) {
      residents.push_back(&each);
    } else if (out.peer.confidence == Confidence::kNone) {
      out.peer = {each.number, each.peer != std::string_view::npos ? Confidence::kHigh : Confidence::kLow};
    }
  }
  if (residents.empty()) return;
  const auto closest =
      *std::min_element(residents.begin(), residents.end(),
                        [](const Candidate* a, const Candidate* b) { return a->resident < b->resident; });
  const bool alone = std::all_of(residents.begin(), residents.end(),
                                 [&](const Candidate* each) { return each->number == closest->number; });
  const bool labelled = closest->resident != std::string_view::npos;
  out.number = {closest->number, alone || labelled ? Confidence::kHigh : Confidence::kLow};
}

// ---- level, type, action

struct Word {
  std::string_view word;
  int meaning;
};

// The first of the words that the text holds; those that hold others stand before them.
std::optional<int> first_of(std::span<const Word> words, std::string_view text) {
  for (const Word& each : words) {
    if (text.find(each.word) != std::string_view::npos) return each.meaning;
  }
  return std::nullopt;
}

constexpr auto kCritical = static_cast<int>(Level::kCritical), kHigh = static_cast<int>(Level::kHigh),
               kMedium = static_cast<int>(Level::kMedium), kLow = static_cast<int>(Level::kLow);
constexpr std::array<Word, 11> kLevels = {{{"特高", kCritical},
                                           {"极高", kCritical},
                                           {"紧急", kCritical},
                                           {"红色", kCritical},
                                           {"高", kHigh},
                                           {"橙色", kHigh},
                                           {"中", kMedium},
                                           {"黄色", kMedium},
                                           {"低", kLow},
                                           {"蓝色", kLow},
                                           {"一般", kLow}}};
constexpr std::array<Word, 9> kLevelPhrases = {{{"特高危", kCritical},
                                                {"紧急预警", kCritical},
                                                {"高危", kHigh},
                                                {"高风险", kHigh},
                                                {"中危", kMedium},
                                                {"中风险", kMedium},
                                                {"中高", kMedium},
                                                {"低危", kLow},
                                                {"低风险", kLow}}};

void read_level(const Text& text, PastedInstruction& out) {
  static const std::regex labelled("(?:预警|风险|指令|紧急|危险)?(?:等级|级别|程度)\\s*(?::|=|为)*\\s*([^,;]{1,18})");
  if (const std::optional<Match> match = text.find(labelled)) {
    if (const auto level = first_of(kLevels, text.group(*match, 1))) {
      out.level = {static_cast<Level>(*level), Confidence::kHigh};
      return;
    }
  }
  if (const auto level = first_of(kLevelPhrases, text.normal()))
    out.level = {static_cast<Level>(*level), Confidence::kLow};
}

constexpr Word type_word(std::string_view word, FraudType type) {
  return {word, static_cast<int>(type)};
}
constexpr std::array<Word, 35> kTypes = {{type_word("刷单", FraudType::kBrushing),
                                          type_word("返利", FraudType::kBrushing),
                                          type_word("兼职", FraudType::kBrushing),
                                          type_word("投资", FraudType::kInvestment),
                                          type_word("理财", FraudType::kInvestment),
                                          type_word("炒股", FraudType::kInvestment),
                                          type_word("荐股", FraudType::kInvestment),
                                          type_word("虚拟币", FraudType::kInvestment),
                                          type_word("征信", FraudType::kCredit),
                                          type_word("客服", FraudType::kFakeSupport),
                                          type_word("快递", FraudType::kFakeSupport),
                                          type_word("物流", FraudType::kFakeSupport),
                                          type_word("退款", FraudType::kFakeSupport),
                                          type_word("理赔", FraudType::kFakeSupport),
                                          type_word("百万保障", FraudType::kFakeSupport),
                                          type_word("贷款", FraudType::kLoan),
                                          type_word("网贷", FraudType::kLoan),
                                          type_word("代办信用卡", FraudType::kLoan),
                                          type_word("冒充领导", FraudType::kImpersonateLeader),
                                          type_word("冒充熟人", FraudType::kImpersonateLeader),
                                          type_word("领导熟人", FraudType::kImpersonateLeader),
                                          type_word("冒充老板", FraudType::kImpersonateLeader),
                                          type_word("公检法", FraudType::kImpersonatePolice),
                                          type_word("冒充公安", FraudType::kImpersonatePolice),
                                          type_word("冒充警察", FraudType::kImpersonatePolice),
                                          type_word("冒充民警", FraudType::kImpersonatePolice),
                                          type_word("政府机关", FraudType::kImpersonatePolice),
                                          type_word("安全账户", FraudType::kImpersonatePolice),
                                          type_word("婚恋", FraudType::kDating),
                                          type_word("交友", FraudType::kDating),
                                          type_word("裸聊", FraudType::kDating),
                                          type_word("杀猪盘", FraudType::kDating),
                                          type_word("游戏", FraudType::kGameTrade),
                                          type_word("购物", FraudType::kShopping),
                                          type_word("代购", FraudType::kShopping)}};

void read_type(const Text& text, PastedInstruction& out) {
  static const std::regex labelled("(?:诈骗|预警|涉诈|案件|警情|骗术)?(?:类型|类别|手法|手段)\\s*:?\\s*([^,;]{2,60})");
  if (const std::optional<Match> match = text.find(labelled)) {
    if (const auto type = first_of(kTypes, text.group(*match, 1))) {
      out.fraud_type = {static_cast<FraudType>(*type), Confidence::kHigh};
      return;
    }
  }
  if (const auto type = first_of(kTypes, text.normal()))
    out.fraud_type = {static_cast<FraudType>(*type), Confidence::kLow};
}

std::string action_of(std::string_view word) {
  if (word == "见面" || word == "上门") return "meet";
  if (word == "反馈") return "feed_back";
  return word == "签收" ? "sign" : "contact";
}

void read_action(const Text& text, PastedInstruction& out) {
  text.each(deadline_pattern(), [&](const Match& match) {
    const std::string_view unit = text.group(match, 2);
    const bool hours = unit == "小时" || unit == "h";
    const int64_t amount = integer(text.group(match, 1));
    out.deadlines.push_back({action_of(text.group(match, 3)),
                             hours ? Duration(std::chrono::hours(amount)) : Duration(std::chrono::minutes(amount))});
  });
  for (const auto& [action, words] :
       {std::pair<const char*, std::vector<std::string_view>>{"meet", {"见面", "上门", "面对面"}},
        {"contact", {"电话劝阻", "电话联系", "联系劝阻", "拨打", "劝阻"}},
        {"feed_back", {"反馈"}},
        {"sign", {"签收"}}}) {
    if (std::any_of(words.begin(), words.end(), [&](std::string_view word) { return text.contains(word); })) {
      out.action = {action, out.deadlines.empty() ? Confidence::kLow : Confidence::kHigh};
      return;
    }
  }
}

// ---- number, unit, time of issue

void read_head(const Text& text, PastedInstruction& out) {
  if (const std::optional<Match> match = text.find(id_pattern())) {
    out.upstream_id = {text.written(text.group(*match, 1)), Confidence::kHigh};
  }
  if (const std::optional<Match> match = text.find(unit_pattern())) {
    out.unit = {text.written(text.group(*match, 1)), Confidence::kHigh};
  }
}

std::optional<Instant> time_of(const Text& text, const Match& match, Instant now) {
  constexpr Duration kZone = std::chrono::hours(8);
  const std::string this_year = format_rfc3339(now + kZone).substr(0, 4);
  const auto part = [&](size_t n) { return integer(text.group(match, n)); };
  const auto write = [&](std::string_view year) {
    char buffer[40];
    std::snprintf(buffer, sizeof buffer, "%.4s-%02d-%02dT%02d:%02d:%02d+08:00", std::string(year).c_str(),
                  static_cast<int>(part(3)), static_cast<int>(part(4)), static_cast<int>(part(5)),
                  static_cast<int>(part(6)), static_cast<int>(match[7].matched ? part(7) : 0));
    return parse_rfc3339(buffer);
  };
  const bool has_year = match[2].matched;
  Result<Instant> at = write(has_year ? text.group(match, 2) : std::string_view(this_year));
  // In January December's are last year's.
  if (at && !has_year && *at > now + std::chrono::days(2)) at = write(std::to_string(std::stoi(this_year) - 1));
  return at ? std::optional<Instant>(*at) : std::nullopt;
}

void read_time(const Text& text, Instant now, PastedInstruction& out) {
  text.each(time_pattern(), [&](const Match& match) {
    const bool labelled = match[1].matched;
    const Confidence confidence = labelled ? Confidence::kHigh : Confidence::kLow;
    if (out.issued_at.confidence >= confidence) return;  // the first of the better ones
    if (const std::optional<Instant> at = time_of(text, match, now)) out.issued_at = {at, confidence};
  });
}

}  // namespace

std::string_view confidence_name(Confidence confidence) {
  constexpr std::array<std::string_view, 3> kNames = {"none", "low", "high"};
  return kNames.at(static_cast<size_t>(confidence));
}

bool PastedInstruction::is_instruction() const {
  return number.confidence != Confidence::kNone || upstream_id.confidence != Confidence::kNone ||
         level.confidence != Confidence::kNone;
}

PastedInstruction read_instruction(std::string_view written, Instant now) {
  const Text text(written);
  PastedInstruction out;
  read_head(text, out);
  read_time(text, now, out);
  read_numbers(text, out);
  read_level(text, out);
  read_type(text, out);
  read_action(text, out);
  return out;
}

}  // namespace quanzu::api
