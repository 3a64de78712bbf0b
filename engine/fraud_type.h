// The ten fraud types of the Ministry's order of 2024, and the stages of a fraud.
// Names are the API's and the rules'; Chinese ones are what the console shows.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace quanzu {

enum class FraudType : uint8_t {
  kNone,  // an incident, or evidence that names no type
  kBrushing,
  kInvestment,
  kShopping,
  kFakeSupport,
  kLoan,
  kCredit,
  kImpersonateLeader,
  kImpersonatePolice,
  kDating,
  kGameTrade,
};
constexpr size_t kFraudTypeCount = 11;

enum class Stage : uint8_t { kHook, kGrooming, kScreen, kTransfer };  // "hook", "grooming", "screen", "transfer"

std::string_view fraud_type_name(FraudType type);     // "brushing"; "" for kNone
std::string_view fraud_type_chinese(FraudType type);  // "刷单返利"
std::optional<FraudType> find_fraud_type(std::string_view name);
std::string_view stage_name(Stage stage);
std::optional<Stage> find_stage(std::string_view name);  // "app" means kScreen

}  // namespace quanzu
