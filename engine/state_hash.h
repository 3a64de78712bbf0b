// A hash of state, field by field (engine/state_fields.h), through SipHash with a fixed key: equal for equal states, whatever
// the machine and build. For Engine::state_digest() and rules/pipeline.h; a value of one thread.
#pragma once
#include <deque>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "engine/state_fields.h"

namespace quanzu {

class StateHash {
 public:
  template <class T>
  using Of = const T;

  template <class... T>
  void operator()(const T&... values) {
    (put(values), ...);
  }
  uint64_t finish() { return hash_.finish(); }  // once

 private:
  template <class T>
  void put(const T& value) {
    if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
      hash_.integer(static_cast<uint64_t>(value));
    } else {
      fields(*this, value);
    }
  }
  template <class Tag, class Rep>
  void put(const Strong<Tag, Rep>& value) {
    hash_.integer(static_cast<uint64_t>(value.value()));
  }
  void put(const Instant& at) { hash_.integer(static_cast<uint64_t>(to_ms(at))); }
  void put(const Duration& duration) { hash_.integer(static_cast<uint64_t>(duration.count())); }
  void put(const std::string& text) { hash_.text(text); }
  void put(const Number& number) { hash_.text(number.view()); }
  template <class T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <class T>
  void put(const std::vector<T>& items) {
    put(items.size());
    for (const T& item : items) put(item);
  }
  template <class T>
  void put(const std::deque<T>& items) {
    put(items.size());
    for (const T& item : items) put(item);
  }

  SipHash hash_{{0, 0}};
};

}  // namespace quanzu
