#include "adapters/api/methods.h"

#include <array>

namespace quanzu::api {
namespace {

constexpr Roles kOperator = role_bit(Role::kOperator);
constexpr Roles kField = role_bit(Role::kFieldWorker);
constexpr Roles kDispatcher = role_bit(Role::kDispatcher);
constexpr Roles kSupervisor = role_bit(Role::kSupervisor);
constexpr Roles kAuthor = role_bit(Role::kAuthor);
constexpr Roles kApprover = role_bit(Role::kApprover);
constexpr Roles kAuditor = role_bit(Role::kAuditor);
constexpr Roles kAdmin = role_bit(Role::kAdmin);
constexpr Roles kWall = role_bit(Role::kWall);
constexpr Roles kFeed = role_bit(Role::kFeed);
constexpr Roles kDesk = kOperator | kDispatcher | kSupervisor;
constexpr Roles kAnyone = (1U << (static_cast<unsigned>(Role::kFeed) + 1)) - 1;

constexpr bool kWrites = true;

const std::array kMethods = {
    Method{"Cases", "List", kDesk | kAuditor, nullptr, cases_list},
    Method{"Cases", "Get", kDesk | kAuditor | kField, nullptr, cases_get},
    Method{"Cases", "Counts", kDesk | kAuditor, nullptr, cases_counts},
    Method{"Cases", "Open", kDesk, parse_open, nullptr, kWrites},
    Method{"Cases", "ClaimNext", kDesk, parse_claim_next, nullptr, kWrites},
    Method{"Cases", "Claim", kDesk, parse_claim, nullptr, kWrites},
    Method{"Cases", "Renew", kDesk, parse_renew, nullptr, kWrites},
    Method{"Cases", "Release", kDesk, parse_release, nullptr, kWrites},
    Method{"Cases", "RecordAttempt", kDesk | kField, parse_record_attempt, nullptr, kWrites},
    Method{"Cases", "Close", kDesk, parse_close, nullptr, kWrites},
    Method{"Cases", "FollowUp", kDesk, parse_follow_up, nullptr, kWrites},
    Method{"Cases", "Correct", kDesk, parse_correct, nullptr, kWrites},
    Method{"Instructions", "List", kDesk, nullptr, instructions_list},
    Method{"Instructions", "Paste", kDesk, nullptr, instructions_paste},
    Method{"Instructions", "Create", kDesk, parse_create_instruction, nullptr, kWrites},
    Method{"Instructions", "Sign", kDesk, parse_sign, nullptr, kWrites},
    Method{"Instructions", "FeedBack", kDesk, parse_feed_back, nullptr, kWrites},
    Method{"Truth", "Next", kSupervisor, nullptr, truth_next},
    Method{"Truth", "Decide", kSupervisor, parse_decide, nullptr, kWrites},
    Method{"Measures", "Query", kDesk | kAuthor, nullptr, measures_query},
    Method{"Measures", "Drill", kDesk, nullptr, measures_drill},
    Method{"Measures", "Export", kSupervisor | kAuthor, nullptr, measures_export},
    Method{"Feed", "Push", kFeed, nullptr, feed_push, kWrites},
    Method{"Feed", "Status", kSupervisor | kAdmin, nullptr, feed_status},
    Method{"Feed", "Rejects", kSupervisor, nullptr, feed_rejects},
    Method{"Admin", "AdvanceClock", kAdmin, nullptr, admin_advance_clock, kWrites},
    Method{"Admin", "AddUser", kAdmin, nullptr, admin_add_user, kWrites},
    Method{"Admin", "ListUsers", kAdmin, nullptr, admin_list_users},
    Method{"Admin", "DisableUser", kAdmin, nullptr, admin_disable_user, kWrites},
    Method{"Admin", "ResetUser", kAdmin, nullptr, admin_reset_user, kWrites},
    Method{"Admin", "ReloadPacks", kAdmin, nullptr, admin_reload_packs, kWrites},
    Method{"Admin", "Backup", kAdmin, nullptr, admin_backup},
    Method{"Rules", "List", kAuthor | kApprover | kSupervisor | kAdmin, nullptr, rules_list},
    Method{"Rules", "Check", kAuthor | kApprover | kAdmin, nullptr, rules_check},
    Method{"Rules", "Preview", kAuthor | kApprover | kAdmin, nullptr, rules_preview},
    Method{"Rules", "Publish", kApprover | kAdmin, nullptr, rules_publish, kWrites},
    Method{"Rules", "Rollback", kApprover | kAdmin, nullptr, rules_rollback, kWrites},
    Method{"Rules", "Shadow", kAuthor | kApprover | kAdmin, nullptr, rules_shadow},
    Method{"Rules", "Switch", kApprover | kSupervisor | kAdmin, parse_switch_rule, nullptr, kWrites},
    Method{"Wall", "Get", kWall | kSupervisor, nullptr, wall_get},
    Method{"Auth", "Me", kAnyone, nullptr, auth_me},
};

}  // namespace

std::span<const Method> methods() {
  return kMethods;
}

const Method* find_method(std::string_view path) {
  constexpr std::string_view kPackage = "/quanzu.v1.";
  if (!path.starts_with(kPackage)) return nullptr;
  path.remove_prefix(kPackage.size());
  const size_t slash = path.find('/');
  if (slash == std::string_view::npos) return nullptr;
  for (const Method& method : kMethods) {
    if (method.service == path.substr(0, slash) && method.name == path.substr(slash + 1)) return &method;
  }
  return nullptr;
}

void run_command(Context& context, const Call& call, CommandBody body) {
  context.backend.command(Command{call.caller.id, call.key, call.body_hash, std::move(body)}, call.reply);
}

}  // namespace quanzu::api
