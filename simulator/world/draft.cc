#include "simulator/world/draft.h"

#include <charconv>

namespace quanzu::simulator {
namespace {

constexpr uint64_t kFirstResident = 13'910'000'000;

}  // namespace

void Draft::begin(Kind kind, Instant at, std::string_view resident) {
  kind_ = kind;
  at_ = at;
  bytes_.clear();
  parts_.clear();
  numbers_.clear();
  set(Field::kResidentNumber, resident);
}

void Draft::set(Field field, std::string_view value) {
  parts_.push_back({field, static_cast<uint32_t>(bytes_.size()), static_cast<uint32_t>(value.size())});
  bytes_ += value;
}

void Draft::view(Signal& into) const {
  into.clear();
  into.kind = kind_;
  into.at = at_;
  into.feed = kWorldFeed;
  for (const Part& part : parts_) {
    const std::string_view value = std::string_view(bytes_).substr(part.from, part.size);
    into.set(part.field, value);
    if (part.field == Field::kResidentNumber) into.resident = *parse_resident_number(value);
    if (part.field == Field::kPeerNumber) into.peer = peer_number(value);
  }
  for (const Figure& figure : numbers_) into.set(figure.field, figure.value);
}

std::string resident_number(uint32_t index) {
  return std::to_string(kFirstResident + index);
}

uint32_t resident_index(const Number& canonical) {
  std::string_view digits = canonical.view();
  ENSURE(digits.starts_with("861"), "a resident of the world has a mobile number");
  digits.remove_prefix(2);
  uint64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return static_cast<uint32_t>(number - kFirstResident);
}

}  // namespace quanzu::simulator
