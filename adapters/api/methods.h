// The table of methods: what there is, who may call it, whether it writes, and what answers. The roles are
// those of docs/api.md; tests/adapters/api_roles_test.cc walks every method x role.
#pragma once
#include <functional>
#include <span>
#include <string>

#include "adapters/api/commands.h"
#include "adapters/api/ports.h"
#include "adapters/api/readers.h"
#include "engine/user.h"

namespace quanzu::api {

// Feed/Push: one JSON list of signals under the caller's key. Answered after the commit.
using Push = std::function<void(const User& caller, const std::string& key, boost::json::array signals, Reply reply)>;

struct Context {
  Backend& backend;
  Readers readers;
  Playbook playbook;  // for the horizon of measures
  Push push;          // none: Feed/Push is unavailable
};

// One authenticated, permitted, well-formed request.
struct Call {
  User caller;
  Fields fields;
  std::string key;        // of idempotency; empty for reads
  std::string body_hash;  // of method and body
  Reply reply;            // any thread, once

  void refuse(Error error) const { reply(Failure(std::move(error))); }
};

using Roles = uint16_t;  // bit r: Role r may
constexpr Roles role_bit(Role role) {
  return static_cast<Roles>(1U << static_cast<unsigned>(role));
}

struct Method {
  std::string_view service;
  std::string_view name;
  Roles roles = 0;
  // One of the two: a command for the engine, or an answer of its own.
  Result<CommandBody> (*parse)(Fields&) = nullptr;
  void (*answer)(Context&, Call) = nullptr;
  bool writes = false;
};
std::span<const Method> methods();
// By "/quanzu.v1.Cases/Get"; nullptr where there is none.
const Method* find_method(std::string_view path);

// The answers that are no commands, by service: cases.cc, instructions.cc, truth.cc, measures.cc, feed.cc, rules.cc,
// rule_check.cc, wall.cc, admin.cc.
void cases_list(Context& context, Call call);
void cases_get(Context& context, Call call);
void cases_counts(Context& context, Call call);
void instructions_list(Context& context, Call call);
void instructions_paste(Context& context, Call call);
void truth_next(Context& context, Call call);
void measures_query(Context& context, Call call);
void measures_drill(Context& context, Call call);
void measures_export(Context& context, Call call);
void feed_push(Context& context, Call call);
void feed_status(Context& context, Call call);
void feed_rejects(Context& context, Call call);
void admin_advance_clock(Context& context, Call call);
void admin_add_user(Context& context, Call call);
void admin_list_users(Context& context, Call call);
void admin_disable_user(Context& context, Call call);
void admin_reset_user(Context& context, Call call);
void admin_reload_packs(Context& context, Call call);
void admin_backup(Context& context, Call call);
void rules_list(Context& context, Call call);
void rules_check(Context& context, Call call);
void rules_preview(Context& context, Call call);
void rules_publish(Context& context, Call call);
void rules_rollback(Context& context, Call call);
void rules_shadow(Context& context, Call call);
void wall_get(Context& context, Call call);
void auth_me(Context& context, Call call);

// A command on its way to the engine.
void run_command(Context& context, const Call& call, CommandBody body);

}  // namespace quanzu::api
