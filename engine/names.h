// Enumerations and the words that the API, the rules and the store use for them: one array of names in the order of the
// enumerators serves both directions.
#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace quanzu {

template <size_t N>
using Names = std::array<std::string_view, N>;

template <class Enum, size_t N>
constexpr std::string_view name_in(const Names<N>& names, Enum value) {
  const auto index = static_cast<size_t>(value);
  return index < N ? names[index] : std::string_view();
}

// Nothing where the word is unknown; an empty name in the array is found by nobody.
template <class Enum, size_t N>
constexpr std::optional<Enum> find_in(const Names<N>& names, std::string_view name) {
  if (name.empty()) return std::nullopt;
  for (size_t i = 0; i < N; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace quanzu
