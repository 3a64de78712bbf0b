#include "adapters/api/ids.h"

#include <charconv>

namespace quanzu::api {
namespace {

template <class Id>
std::string text_of(char prefix, Id id) {
  return std::string(1, prefix) + '-' + std::to_string(id.value());
}

template <class Id>
std::optional<Id> parse(char prefix, std::string_view text) {
  if (text.size() < 3 || text[0] != prefix || text[1] != '-' || text[2] < '1' || text[2] > '9') return std::nullopt;
  typename Id::Value value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + 2, end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return Id(value);
}

}  // namespace

std::string id_text(CaseId id) {
  return text_of('c', id);
}
std::string id_text(TaskId id) {
  return text_of('t', id);
}
std::string id_text(ResidentId id) {
  return text_of('r', id);
}
std::string id_text(InstructionId id) {
  return text_of('i', id);
}
std::string id_text(UserId id) {
  return text_of('u', id);
}

template <>
std::optional<CaseId> parse_id<CaseId>(std::string_view text) {
  return parse<CaseId>('c', text);
}
template <>
std::optional<TaskId> parse_id<TaskId>(std::string_view text) {
  return parse<TaskId>('t', text);
}
template <>
std::optional<ResidentId> parse_id<ResidentId>(std::string_view text) {
  return parse<ResidentId>('r', text);
}
template <>
std::optional<InstructionId> parse_id<InstructionId>(std::string_view text) {
  return parse<InstructionId>('i', text);
}
template <>
std::optional<UserId> parse_id<UserId>(std::string_view text) {
  return parse<UserId>('u', text);
}

}  // namespace quanzu::api
