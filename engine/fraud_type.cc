#include "engine/fraud_type.h"

#include "engine/names.h"

namespace quanzu {
namespace {

constexpr Names<kFraudTypeCount> kTypeNames = {
    "",       "brushing",           "investment",         "shopping", "fake_support", "loan",
    "credit", "impersonate_leader", "impersonate_police", "dating",   "game_trade"};

// The titles of the Ministry of Public Security's list of ten, 2024.
constexpr Names<kFraudTypeCount> kTypeChinese = {
    "",         "刷单返利",     "虚假网络投资理财",     "虚假购物服务", "冒充电商物流客服",    "虚假贷款",
    "虚假征信", "冒充领导熟人", "冒充公检法及政府机关", "网络婚恋交友", "网络游戏产品虚假交易"};

constexpr Names<4> kStageNames = {"hook", "grooming", "screen", "transfer"};

}  // namespace

std::string_view fraud_type_name(FraudType type) {
  return name_in(kTypeNames, type);
}
std::string_view fraud_type_chinese(FraudType type) {
  return name_in(kTypeChinese, type);
}
std::optional<FraudType> find_fraud_type(std::string_view name) {
  return find_in<FraudType>(kTypeNames, name);
}

std::string_view stage_name(Stage stage) {
  return name_in(kStageNames, stage);
}
std::optional<Stage> find_stage(std::string_view name) {
  if (name == "app") return Stage::kScreen;  // installing the tool and showing the screen are one stage
  return find_in<Stage>(kStageNames, name);
}

}  // namespace quanzu
