// Who may call what: docs/api.md's table of roles, walked whole.
#include <filesystem>
#include <set>

#include "adapters/api/methods.h"
#include "tests/adapters/api_support.h"
#include "tests/temporary_folder.h"

namespace quanzu::api::testing {
namespace {

// o operator, f field worker, d dispatcher, s supervisor, a author, p approver, u auditor, A admin, w wall, F feed.
struct Expected {
  std::string_view method;
  std::string_view roles;
  bool writes;
};
constexpr Expected kTable[] = {
    {"Cases/List", "odsu", false},
    {"Cases/Get", "ofdsu", false},
    {"Cases/Counts", "odsu", false},
    {"Cases/Open", "ods", true},
    {"Cases/ClaimNext", "ods", true},
    {"Cases/Claim", "ods", true},
    {"Cases/Renew", "ods", true},
    {"Cases/Release", "ods", true},
    {"Cases/RecordAttempt", "ofds", true},
    {"Cases/Close", "ods", true},
    {"Cases/FollowUp", "ods", true},
    {"Cases/Correct", "ods", true},
    {"Instructions/List", "ods", false},
    {"Instructions/Paste", "ods", false},
    {"Instructions/Create", "ods", true},
    {"Instructions/Sign", "ods", true},
    {"Instructions/FeedBack", "ods", true},
    {"Truth/Next", "s", false},
    {"Truth/Decide", "s", true},
    {"Measures/Query", "odsa", false},
    {"Measures/Drill", "ods", false},
    {"Measures/Export", "sa", false},
    {"Feed/Push", "F", true},
    {"Feed/Status", "sA", false},
    {"Feed/Rejects", "s", false},
    {"Admin/AdvanceClock", "A", true},
    {"Admin/AddUser", "A", true},
    {"Admin/ListUsers", "A", false},
    {"Admin/DisableUser", "A", true},
    {"Admin/ResetUser", "A", true},
    {"Admin/ReloadPacks", "A", true},
    {"Admin/Backup", "A", false},
    {"Rules/List", "sapA", false},
    {"Rules/Check", "apA", false},
    {"Rules/Preview", "apA", false},
    {"Rules/Publish", "pA", true},
    {"Rules/Rollback", "pA", true},
    {"Rules/Shadow", "apA", false},
    {"Rules/Switch", "spA", true},
    {"Wall/Get", "sw", false},
    {"Auth/Me", "ofdsapuAwF", false},
};
constexpr std::string_view kLetters = "ofdsapuAwF";  // in the order of Role

TEST_CASE("every method is in the table of roles, and the table has no other") {
  std::set<std::string> known, listed;
  for (const Method& method : methods()) known.insert(std::string(method.service) + "/" + std::string(method.name));
  for (const Expected& each : kTable) listed.insert(std::string(each.method));
  CHECK(known == listed);
}

TEST_CASE("each role may call what the table says and gets permission_denied for the rest") {
  Api api;
  for (const Role role : kEveryRole) {
    Client client = api.client(role);
    for (const Expected& each : kTable) {
      const HttpReply reply = post(client, each.method, "{\"no_such_field\":1}");
      CAPTURE(each.method, role_name(role), reply.body);
      // Whoever may call it gets as far as the fields.
      const bool may = each.roles.find(kLetters[static_cast<size_t>(role)]) != std::string_view::npos;
      CHECK(reply.status == (may ? 400U : 403U));
      CHECK(code_of(reply) == (may ? "invalid_argument" : "permission_denied"));
      if (may) CHECK(field_of(reply) == "no_such_field");
    }
  }
  CHECK(api.backend.commands.empty());
}

TEST_CASE("a write without an idempotency key is told to bring one, a read needs none") {
  Api api;
  for (const Expected& each : kTable) {
    const size_t role = kLetters.find(each.roles.front());
    Client client = api.client(kEveryRole.at(role));
    const HttpReply reply = post(client, each.method, "{\"no_such_field\":1}", "");
    CAPTURE(each.method, reply.body);
    CHECK(reply.status == 400);
    CHECK(field_of(reply) == (each.writes ? "Idempotency-Key" : "no_such_field"));
  }
}

TEST_CASE("a call without a token, with an unknown one or of a disabled account is unauthenticated") {
  Api api;
  Client client = api.client();
  CHECK(post(client, "Auth/Me", "{}").status == 401);
  client.set_token("token-nobody");
  const HttpReply unknown = post(client, "Auth/Me", "{}");
  CHECK(unknown.status == 401);
  CHECK(code_of(unknown) == "unauthenticated");

  auto directory = std::make_shared<accounts::Directory>(*api.backend.accounts);
  User user = *directory->by_name("operator1");
  user.disabled = true;
  directory->add(user);
  Client another = api.client(Role::kOperator);
  CHECK(post(another, "Auth/Me", "{}").status == 200);
  api.backend.accounts = directory;
  CHECK(post(another, "Auth/Me", "{}").status == 401);
}

TEST_CASE("whoever opens admin.sock is an administrator and nothing else") {
  Api api;
  const quanzu::testing::TemporaryFolder folder;
  const std::string path = (folder.path() / "admin.sock").string();
  REQUIRE(api.server().listen_local(path).has_value());
  auto client = Client::connect_local(path);
  REQUIRE(client.has_value());
  CHECK(post(*client, "Auth/Me", "{}").body ==
        R"({"user_id":"u-0","name":"local","role":"admin","now":"2026-11-24T02:00:00Z","manual_clock":false})");
  CHECK(post(*client, "Cases/List", "{}").status == 403);
  api.server().stop();
  CHECK(!std::filesystem::exists(path));
}

}  // namespace
}  // namespace quanzu::api::testing
