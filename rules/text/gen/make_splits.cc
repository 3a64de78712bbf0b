// Writes rules/text/gen/split_characters.tsv to standard output: characters that senders write as two, left and right or
// above and below (亻言 for 信), from chaizi-jt.txt of kfcd/chaizi. Common characters only (the first level of GB 2312),
// and only pairs that an ordinary text hardly has: no word of ICU's dictionary (女子 stays), no pair of two characters
// that makes two different ones, and at least one part that seldom stands in a text. Run by hand:
//   cmake --build build/release --target quanzu_make_splits
//   build/release/rules/quanzu_make_splits chaizi-jt.txt > rules/text/gen/split_characters.tsv
#include <unicode/brkiter.h>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace {

// Of the first level of GB 2312, yet seldom a word of their own in today's messages.
const std::u32string kRare = U"贝页禾酉爪矢弓戈歹皿臼囱舟圭卯巾穴刃勺尹戎匀乍勾夭亥奄尧仑戊丸仓娄俞肖贞";
// Both parts are common, but not one behind the other; what senders write most. With the one that is the less common.
const std::map<std::u32string, char32_t> kCertain = {
    {U"力口", U'力'}, {U"君羊", U'羊'}, {U"车专", U'车'}, {U"石马", U'石'}, {U"王里", U'王'}, {U"王见", U'王'},
    {U"立日", U'立'}, {U"言正", U'言'}, {U"言青", U'言'}, {U"言舌", U'言'}, {U"言兑", U'言'}, {U"言平", U'言'},
    {U"言己", U'言'}, {U"言卖", U'言'}, {U"言果", U'言'}, {U"日寸", U'寸'}, {U"米青", U'米'}, {U"火丁", U'丁'},
    {U"门才", U'才'}, {U"羊次", U'羊'}, {U"虫工", U'虫'}};

[[noreturn]] void die(const std::string& message) {
  std::cerr << "make_splits: " << message << "\n";
  std::exit(1);
}

class Splits {
 public:
  Splits() {
    UErrorCode status = U_ZERO_ERROR;
    words_.reset(icu::BreakIterator::createWordInstance(icu::Locale("zh"), status));
    gb2312_ = ucnv_open("gb2312", &status);
    if (U_FAILURE(status)) die(u_errorName(status));
  }
  ~Splits() { ucnv_close(gb2312_); }
  Splits(const Splits&) = delete;
  Splits& operator=(const Splits&) = delete;

  void add(const std::u32string& character, const std::u32string& parts) {
    if (character.size() == 1 && parts.size() == 2 && is_common(character[0]) && is_taken(parts)) {
      found_[parts].insert(character[0]);
    }
  }

  void print() const {
    std::printf(
        "# A character written as two: the parts, a tab, the character. Derived from chaizi-jt.txt of kfcd/chaizi\n"
        "# @e177ab54ce4edf255315a60593ffecbd8167e96b (CC BY 3.0) by rules/text/gen/make_splits.cc: do not edit.\n");
    for (const auto& [parts, characters] : found_) {
      if (characters.size() != 1) continue;
      std::string line;
      icu::UnicodeString::fromUTF32(reinterpret_cast<const UChar32*>(parts.data()), 2).toUTF8String(line);
      for (const char32_t c : {*characters.begin(), telling_part(parts)}) {
        line += '\t';
        icu::UnicodeString(static_cast<UChar32>(c)).toUTF8String(line);
      }
      std::printf("%s\n", line.c_str());
    }
  }

 private:
  bool is_taken(const std::u32string& parts) const {
    for (const char32_t part : parts) {
      if (part < 0x4E00 || part >= 0xA000) return false;
    }
    if (kCertain.contains(parts)) return true;
    if (!is_rare(parts[0]) && !is_rare(parts[1])) return false;
    return !is_word(parts);
  }

  char32_t telling_part(const std::u32string& parts) const {
    const auto certain = kCertain.find(parts);
    if (certain != kCertain.end()) return certain->second;
    return !is_common(parts[0]) || (is_common(parts[1]) && is_rare(parts[0])) ? parts[0] : parts[1];
  }

  bool is_rare(char32_t part) const { return !is_common(part) || kRare.find(part) != std::u32string::npos; }

  bool is_common(char32_t c) const {  // of the first level
    char bytes[4];
    UErrorCode status = U_ZERO_ERROR;
    const icu::UnicodeString text(static_cast<UChar32>(c));
    const int32_t size = ucnv_fromUChars(gb2312_, bytes, sizeof bytes, text.getBuffer(), text.length(), &status);
    const auto row = static_cast<unsigned char>(bytes[0]);
    return U_SUCCESS(status) && size == 2 && row >= 0xB0 && row <= 0xD7;
  }

  bool is_word(const std::u32string& parts) const {
    const icu::UnicodeString text = icu::UnicodeString::fromUTF32(reinterpret_cast<const UChar32*>(parts.data()), 2);
    words_->setText(text);
    words_->first();
    return words_->next() == text.length();
  }

  std::unique_ptr<icu::BreakIterator> words_;
  UConverter* gb2312_ = nullptr;
  std::map<std::u32string, std::set<char32_t>> found_;
};

std::u32string to_u32(const icu::UnicodeString& text) {
  std::u32string out;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    if (text.char32At(i) != ' ') out.push_back(static_cast<char32_t>(text.char32At(i)));
  }
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) die("usage: make_splits chaizi-jt.txt > split_characters.tsv");
  std::ifstream file(argv[1]);
  if (!file) die(std::string("cannot read ") + argv[1]);
  Splits splits;
  for (std::string line; std::getline(file, line);) {
    const size_t tab = line.find('\t');
    if (tab == std::string::npos) continue;
    const std::u32string character = to_u32(icu::UnicodeString::fromUTF8(line.substr(0, tab)));
    for (size_t at = tab; at != std::string::npos;) {
      const size_t end = line.find('\t', at + 1);
      splits.add(character, to_u32(icu::UnicodeString::fromUTF8(line.substr(at + 1, end - at - 1))));
      at = end;
    }
  }
  splits.print();
  return 0;
}
