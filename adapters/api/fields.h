// The fields of one request: a flat JSON object whose names come in snake_case or camelCase. Getters take a
// field and remember the first thing that is wrong; finish() tells it, or names a field that nobody took. So
// a parser reads like the list of what the method takes, and a caller learns of a misspelt name instead of
// being misunderstood.
#pragma once
#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/api/ids.h"
#include "engine/result.h"
#include "engine/time.h"

namespace quanzu::api {

enum class Need : uint8_t { kOptional, kRequired };

class Fields {
 public:
  static constexpr size_t kMaxText = 8 * 1024;  // bytes of any string

  // An empty body is an empty object. Errors: kInvalidArgument: no JSON, no object, a name twice.
  static Result<Fields> parse(std::string_view body);

  bool has(std::string_view name) const { return object_.contains(name); }
  // A null counts as absent. An optional string that is absent is empty; a required one must not be.
  std::string text(std::string_view name, Need need);
  std::vector<std::string> texts(std::string_view name, Need need);
  std::optional<int64_t> integer(std::string_view name, Need need, int64_t least, int64_t most);
  std::optional<bool> boolean(std::string_view name, Need need = Need::kOptional);
  std::optional<Instant> time(std::string_view name);
  template <class Id>
  Id id(std::string_view name, Need need) {
    const std::string text = this->text(name, need);
    if (text.empty()) return Id();
    const std::optional<Id> id = parse_id<Id>(text);
    if (!id) wrong(name, "'" + text + "' is no such id; take it from a reply as it is");
    return id.value_or(Id());
  }
  // A word of an enumeration, by its find_ function.
  template <class Word>
  std::optional<Word> word(std::string_view name, Need need, std::optional<Word> (*find)(std::string_view)) {
    const std::string text = this->text(name, need);
    if (text.empty()) return std::nullopt;
    const std::optional<Word> word = find(text);
    if (!word) wrong(name, "'" + text + "' is none of its words; docs/api.md lists them");
    return word;
  }
  // Taken whole, for who reads it by other means; null where absent.
  boost::json::value raw(std::string_view name, Need need);

  void wrong(std::string_view name, std::string reason);  // the first stands
  Result<void> finish() const;

 private:
  const boost::json::value* take(std::string_view name, Need need);

  boost::json::object object_;  // names in snake_case
  std::vector<std::string> taken_;
  std::optional<Error> error_;
};

// "caseId" -> "case_id"; what is snake_case already stays.
std::string snake_case(std::string_view name);

}  // namespace quanzu::api
