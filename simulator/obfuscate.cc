#include "simulator/obfuscate.h"

#include <map>

#include "engine/names.h"
#include "rules/text/tables.h"
#include "rules/text/utf8.h"

namespace quanzu::simulator {

namespace {

constexpr Names<kMutationCount> kNames = {"spaces",     "zero_width",  "marks",       "emoji", "split",
                                          "homophones", "traditional", "confusables", "digits"};
constexpr uint32_t kPlaces = 333;  // of a thousand that can be changed

bool is_han(char32_t c) {
  return c >= rules::tables::kHanBegin && c < rules::tables::kHanEnd;
}

const std::vector<char32_t> kSpaces = {' ', 0x3000, 0x2003, 0x00A0};
const std::vector<char32_t> kZeroWidths = {0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD};
const std::vector<char32_t> kMarks = {'*', '.', '_',    '~',    '|',    '-',    '/',
                                      '^', '+', 0x00B7, 0x3001, 0x2022, 0x25CF, 0x2605};
const std::vector<char32_t> kEmoji = {0x1F525, 0x1F4B0, 0x1F449, 0x2764, 0x2705, 0x1F31F, 0x26A1, 0x1F381};

using Table = std::map<char32_t, std::u32string_view>;

// Left and right, or above and below, as they are written one after the other.
const Table kSplits = {{U'信', U"亻言"}, {U'你', U"亻尔"}, {U'他', U"亻也"}, {U'们', U"亻门"}, {U'银', U"钅艮"},
                       {U'钱', U"钅戋"}, {U'转', U"车专"}, {U'账', U"贝长"}, {U'财', U"贝才"}, {U'购', U"贝勾"},
                       {U'贷', U"代贝"}, {U'加', U"力口"}, {U'群', U"君羊"}, {U'好', U"女子"}, {U'投', U"扌殳"},
                       {U'抽', U"扌由"}, {U'提', U"扌是"}, {U'打', U"扌丁"}, {U'证', U"讠正"}, {U'请', U"讠青"},
                       {U'认', U"讠人"}, {U'说', U"讠兑"}, {U'码', U"石马"}, {U'股', U"月殳"}, {U'理', U"王里"},
                       {U'现', U"王见"}, {U'级', U"纟及"}, {U'红', U"纟工"}, {U'给', U"纟合"}, {U'佣', U"亻用"},
                       {U'验', U"马佥"}, {U'领', U"令页"}, {U'到', U"至刂"}, {U'利', U"禾刂"}, {U'彩', U"采彡"},
                       {U'赌', U"贝者"}, {U'法', U"氵去"}, {U'活', U"氵舌"}, {U'汇', U"氵匚"}, {U'诈', U"讠乍"}};

// Common characters of the same sound, as senders take them.
const Table kHomophones = {
    {U'微', U"薇威危"}, {U'信', U"芯新心"}, {U'加', U"家佳嘉"}, {U'贷', U"代带待"}, {U'款', U"宽"},   {U'账', U"帐丈"},
    {U'户', U"护互"},   {U'转', U"专砖"},   {U'钱', U"前浅"},   {U'刷', U"耍"},     {U'单', U"丹担"}, {U'赚', U"撰专"},
    {U'银', U"音引"},   {U'行', U"航杭"},   {U'客', U"克刻"},   {U'服', U"福扶"},   {U'验', U"宴艳"}, {U'证', U"正政"},
    {U'码', U"马玛"},   {U'群', U"裙"},     {U'投', U"头偷"},   {U'资', U"姿滋"},   {U'股', U"古谷"}, {U'票', U"飘漂"},
    {U'全', U"权泉"},   {U'安', U"按鞍"},   {U'奖', U"讲浆"},   {U'红', U"宏洪"},   {U'包', U"胞保"}, {U'返', U"反饭"},
    {U'利', U"力立"},   {U'佣', U"用拥"},   {U'金', U"今斤"},   {U'彩', U"采踩"},   {U'领', U"灵零"}, {U'费', U"废肺"},
    {U'卡', U"咖"},     {U'登', U"灯"},     {U'录', U"路鹿"},   {U'机', U"鸡基"}};

const Table kLookAlikes = {{'a', U"\u0430ａ𝐚"}, {'c', U"\u0441ｃ𝐜"}, {'e', U"\u0435ｅ𝐞"}, {'i', U"\u0456ｉ𝐢"},
                           {'o', U"\u043Eｏ𝐨"}, {'p', U"\u0440ｐ𝐩"}, {'s', U"\u0455ｓ𝐬"}, {'x', U"\u0445ｘ𝐱"},
                           {'y', U"\u0443ｙ𝐲"}, {'q', U"ｑ𝐪"},       {'v', U"ｖ𝐯"},       {'w', U"ｗ𝐰"},
                           {'A', U"\u0410Ａ𝐀"}, {'B', U"\u0412Ｂ𝐁"}, {'C', U"\u0421Ｃ𝐂"}, {'E', U"\u0415Ｅ𝐄"},
                           {'H', U"\u041DＨ𝐇"}, {'K', U"\u041AＫ𝐊"}, {'M', U"\u041CＭ𝐌"}, {'O', U"\u041EＯ𝐎"},
                           {'P', U"\u0420Ｐ𝐏"}, {'Q', U"Ｑ𝐐"},       {'T', U"\u0422Ｔ𝐓"}, {'V', U"Ｖ𝐕"},
                           {'W', U"Ｗ𝐖"},       {'X', U"\u0425Ｘ𝐗"}, {'0', U"０𝟎"},       {'1', U"１𝟏"}};

const Table kDigitForms = {{'0', U"零〇０⓪"}, {'1', U"一壹１①"}, {'2', U"二贰２②"}, {'3', U"三叁３③"},
                           {'4', U"四肆４④"}, {'5', U"五伍５⑤"}, {'6', U"六陆６⑥"}, {'7', U"七柒７⑦"},
                           {'8', U"八捌８⑧"}, {'9', U"九玖９⑨"}};

// By simplified character: a traditional one that becomes it, as the normaliser has them.
const std::map<char32_t, char32_t>& traditional_forms() {
  static const std::map<char32_t, char32_t> kForms = [] {
    std::map<char32_t, char32_t> out;
    for (char32_t c = rules::tables::kHanBegin; c < rules::tables::kHanEnd; ++c) {
      const rules::tables::Mapping mapping = rules::tables::mapping_of(c);
      if (mapping.type == rules::tables::Mapping::Type::kOne) out.emplace(mapping.one, c);
    }
    return out;
  }();
  return kForms;
}

class Writer {
 public:
  Writer(Mutation mutation, Random& random) : mutation_(mutation), random_(random) {}

  void put(char32_t c) {
    if (const std::vector<char32_t>* inserted = between(last_, c); inserted != nullptr && random_.chance(kPlaces)) {
      rules::append_utf8(random_.pick(*inserted), out_);
    }
    replace(c);
    last_ = c;
  }
  std::string take() { return std::move(out_); }

 private:
  const std::vector<char32_t>* between(char32_t left, char32_t right) const {
    if (left == 0) return nullptr;
    if (mutation_ == Mutation::kZeroWidth) return &kZeroWidths;
    if (!is_han(left) || !is_han(right)) return nullptr;
    if (mutation_ == Mutation::kSpaces) return &kSpaces;
    if (mutation_ == Mutation::kMarks) return &kMarks;
    return mutation_ == Mutation::kEmoji ? &kEmoji : nullptr;
  }

  void replace(char32_t c) {
    switch (mutation_) {
      case Mutation::kSplit: {
        const auto at = kSplits.find(c);
        if (at == kSplits.end() || !random_.chance(kPlaces)) break;
        for (const char32_t part : at->second) rules::append_utf8(part, out_);
        return;
      }
      case Mutation::kHomophones:
        return replace_from(kHomophones, c);
      case Mutation::kConfusables:
        return replace_from(kLookAlikes, c);
      case Mutation::kDigits:
        return replace_from(kDigitForms, c);
      case Mutation::kTraditional: {
        const auto at = traditional_forms().find(c);
        if (at == traditional_forms().end() || !random_.chance(kPlaces)) break;
        return rules::append_utf8(at->second, out_);
      }
      default:
        break;
    }
    rules::append_utf8(c, out_);
  }

  void replace_from(const Table& table, char32_t c) {
    const auto at = table.find(c);
    const bool is = at != table.end() && random_.chance(kPlaces);
    rules::append_utf8(is ? at->second[random_.below(at->second.size())] : c, out_);
  }

  Mutation mutation_;
  Random& random_;
  char32_t last_ = 0;
  std::string out_;
};

}  // namespace

std::string_view mutation_name(Mutation mutation) {
  return name_in(kNames, mutation);
}

std::string obfuscate(std::string_view text, Mutation mutation, Random& random) {
  Writer writer(mutation, random);
  for (const char* at = text.data(); at < text.data() + text.size();) {
    const rules::Decoded decoded = rules::decode_utf8(at, text.data() + text.size());
    at += decoded.size;
    writer.put(decoded.code_point);
  }
  return writer.take();
}

Corpus obfuscate(const Corpus& corpus, std::optional<Mutation> mutation, uint64_t seed) {
  Corpus out = corpus;
  Random random(seed);
  for (size_t i = 0; i < out.rows.size(); ++i) {
    Random own = random.fork(i);
    const Mutation any = static_cast<Mutation>(own.below(kMutationCount));
    out.rows[i].text = obfuscate(out.rows[i].text, mutation.value_or(any), own);
  }
  return out;
}

}  // namespace quanzu::simulator
