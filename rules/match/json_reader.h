// Reads one JSON object, keeping what is asked for: the members of the outermost object whose key somebody asks for, and
// the strings at any depth if wanted. The rest is checked and passed over. Nothing is allocated once the buffers have the
// size of the longest text; what was read holds until the next. One thread.
#pragma once
#include <limits>
#include <span>

#include "engine/result.h"
#include "rules/match/key_table.h"

namespace quanzu::rules {

struct JsonNode {
  enum class Type : uint8_t { kNull, kFalse, kTrue, kNumber, kString, kArray, kObject };
  Type type = Type::kNull;
  uint32_t end = 0;           // of the node behind its last descendant: its children stand from the next node to here
  std::string_view key{};     // of a member of an object
  std::string_view text{};    // of a string, of a number as its shortest decimal, of a boolean
  std::string_view folded{};  // the same folded, once asked for; for who reads
  double number = 0;

  bool is_container() const { return type >= Type::kArray; }
};

class JsonReader {
 public:
  static constexpr size_t kMaxBytes = 4 << 20;
  static constexpr size_t kMaxDepth = 100;

  // Of keys that stand twice in an object, the last counts. Errors: kInvalidArgument with the byte and what is wrong there:
  // no JSON (RFC 8259), no object, ill-formed UTF-8, longer or deeper than the limits.
  Result<void> read(std::string_view text, const KeyTable& keys, bool every_string);

  // The member of the outermost object with this key of the table; null where there is none.
  JsonNode* member(uint32_t key) { return seen_[key].stamp == stamp_ ? &nodes_[seen_[key].node] : nullptr; }
  // The keys that it has, each once, in no order.
  const std::vector<uint32_t>& present() const { return present_; }
  // The value of a container's member; null where there is none.
  JsonNode* child(const JsonNode& object, std::string_view key);
  template <class OnChild>
  void each_child(const JsonNode& container, OnChild&& on_child) {
    for (uint32_t i = index_of(container) + 1; i < container.end; i = nodes_[i].end) on_child(nodes_[i]);
  }

  // The strings that were kept, decoded, in one piece with a zero byte behind each; and each, where every one is wanted.
  std::string_view strings() const { return {strings_.data(), static_cast<size_t>(write_ - strings_.data())}; }
  template <class OnString>
  void each_string(OnString&& on_string) const {
    uint32_t begin = 0;
    for (const uint32_t end : string_ends_) {
      on_string(std::string_view(strings_.data() + begin, end - begin));
      begin = end + 1;
    }
  }
  bool is_ascii() const { return ascii_; }  // the whole text is

 private:
  struct Seen {
    uint64_t stamp = 0;
    uint32_t node = 0;
  };

  void prepare(std::string_view text, const KeyTable& keys);
  bool object(const KeyTable& keys);
  bool value(bool keep, std::string_view key, size_t depth);
  bool container(JsonNode::Type type, bool keep, size_t depth);
  bool literal(std::string_view word);
  bool number(JsonNode& node, bool keep);
  bool shown_number(std::string_view token, bool whole, JsonNode& node);
  bool key(std::string_view& out);
  template <bool kStore>
  bool string(char*& write);
  bool escape(char*& write);
  bool hex(uint32_t& out);
  void space() {
    while (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r') ++at_;
  }
  bool is_end() const { return at_ >= end_; }
  bool wrong(const char* why) {
    if (why_ == nullptr) why_ = why;
    return false;
  }
  uint32_t index_of(const JsonNode& node) const { return static_cast<uint32_t>(&node - nodes_.data()); }

  std::vector<char> source_;   // the text, with zero bytes behind it so that no loop needs to look for its end
  std::vector<char> strings_;  // decoded
  std::vector<uint32_t> string_ends_;
  std::vector<char> others_;  // keys with escapes, numbers that are not whole
  std::vector<JsonNode> nodes_;
  std::vector<Seen> seen_;  // by key
  std::vector<uint32_t> present_;
  uint64_t stamp_ = 0;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  char* write_ = nullptr;
  char* other_ = nullptr;
  const char* why_ = nullptr;
  bool every_string_ = false;
  bool ascii_ = true;
};

}  // namespace quanzu::rules
