#include "engine/fraud_type.h"
#include "engine/playbook.h"
#include "engine/result.h"
#include "engine/user.h"
#include "tests/catch.h"

using namespace quanzu;

TEST_CASE("the ten fraud types have a word and a Chinese name, and none has neither") {
  for (size_t i = 1; i < kFraudTypeCount; ++i) {
    const auto type = static_cast<FraudType>(i);
    CHECK(find_fraud_type(fraud_type_name(type)) == type);
    CHECK_FALSE(fraud_type_chinese(type).empty());
  }
  CHECK(fraud_type_name(FraudType::kNone).empty());
  CHECK(fraud_type_chinese(FraudType::kImpersonatePolice) == "冒充公检法及政府机关");
  CHECK_FALSE(find_fraud_type(""));
  CHECK_FALSE(find_fraud_type("lottery"));
}

TEST_CASE("the stage app is the stage screen") {
  CHECK(find_stage("app") == Stage::kScreen);
  CHECK(find_stage("screen") == Stage::kScreen);
  CHECK(find_stage("transfer") == Stage::kTransfer);
  CHECK(stage_name(Stage::kScreen) == "screen");
  CHECK_FALSE(find_stage("late"));
}

TEST_CASE("roles, levels, task types, identities and codes have the words of the API") {
  for (const char* role : {"operator", "field_worker", "dispatcher", "supervisor", "author", "approver", "auditor",
                           "admin", "wall", "feed"}) {
    REQUIRE(find_role(role));
    CHECK(role_name(*find_role(role)) == role);
  }
  for (const char* level : {"none", "low", "medium", "high", "critical"}) {
    CHECK(level_name(find_level(level).value()) == level);
  }
  for (const char* type :
       {"call", "message", "visit", "family", "stop_payment", "line_block", "feedback", "follow_up"}) {
    CHECK(task_type_name(find_task_type(type).value()) == type);
  }
  for (const char* identity : {"question", "called_back", "face_to_face"}) {
    CHECK(identity_name(find_identity(identity).value()) == identity);
  }
  CHECK(identity_name(Identity::kNone).empty());
  CHECK_FALSE(find_role("root"));
  CHECK_FALSE(find_level("特高危"));
  CHECK(code_name(Code::kInvalidArgument) == "invalid_argument");
  CHECK(code_name(Code::kInternal) == "internal");
}

TEST_CASE("what a caller sent is quoted whole, or cut between characters") {
  CHECK(quoted("abc") == "\"abc\"");
  CHECK(quoted(std::string(40, 'a')) == "\"" + std::string(40, 'a') + "\"");
  CHECK(quoted(std::string(39, 'a') + "中文") == "\"" + std::string(39, 'a') + "...\"");
}
