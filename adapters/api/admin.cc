// Admin: accounts, the manual clock, rule packs; and Auth/Me.
#include "adapters/api/methods.h"
#include "adapters/api/rows.h"

namespace quanzu::api {
namespace {

namespace json = boost::json;

json::object render_credentials(const std::string& name, Role role, const accounts::Credentials& fresh) {
  return json::object{{"name", name},
                      {"role", std::string(role_name(role))},
                      {"token", fresh.token},
                      {"password", fresh.password},
                      {"totp_secret", fresh.totp_secret}};
}

// Credentials are shown once, by this reply alone: they are nowhere else, so a repeat can't show them again.
Reply reply_with(const Reply& reply, json::object body) {
  return [reply, body = json::serialize(body)](const Result<std::string>& done) {
    if (done) return reply(body);
    reply(done);
  };
}

Result<std::string> list_users(Context& context, Call& call) {
  if (const Result<void> done = call.fields.finish(); !done) return Failure(done.error());
  Result<Readers::Loan> reader = context.readers.lend();
  if (!reader) return Failure(reader.error());
  json::array users;
  // users: user_id, name, role, disabled, and secrets that never leave.
  const Result<void> read = (*reader)->scan(store::Table::kUsers, [&users](const store::Row& row) -> Result<void> {
    users.emplace_back(json::object{{"user_id", id_text(UserId(static_cast<uint32_t>(integer(row, 0))))},
                                    {"name", text(row, 1)},
                                    {"role", text(row, 2)},
                                    {"disabled", integer(row, 3) != 0}});
    return {};
  });
  if (!read) return Failure(read.error());
  return json::serialize(json::object{{"users", std::move(users)}});
}

}  // namespace

void admin_advance_clock(Context& context, Call call) {
  const Result<CommandBody> command = parse_advance_clock(call.fields);
  if (!command) return call.refuse(command.error());
  if (!context.backend.manual_clock()) {
    return call.refuse(Error{Code::kFailedPrecondition,
                             "the clock is not manual: only `quanzud serve --clock manual:TIME` has one to advance",
                             {},
                             {},
                             0});
  }
  run_command(context, call, *command);
}

void admin_add_user(Context& context, Call call) {
  User user;
  user.name = call.fields.text("name", Need::kRequired);
  user.role = call.fields.word<Role>("role", Need::kRequired, find_role).value_or(Role::kWall);
  if (const Result<void> done = call.fields.finish(); !done) return call.refuse(done.error());
  const accounts::Credentials fresh = accounts::make_credentials();
  user.token_hash = fresh.token_hash;
  user.password_hash = fresh.password_hash;
  user.totp_secret = fresh.totp_secret;
  json::object shown = render_credentials(user.name, user.role, fresh);
  context.backend.account(UserAdded{std::move(user)}, reply_with(call.reply, std::move(shown)));
}

void admin_list_users(Context& context, Call call) {
  call.reply(list_users(context, call));
}

void admin_disable_user(Context& context, Call call) {
  UserDisabled change;
  change.name = call.fields.text("name", Need::kRequired);
  change.disabled = call.fields.boolean("disabled").value_or(true);
  if (const Result<void> done = call.fields.finish(); !done) return call.refuse(done.error());
  json::object shown{{"name", change.name}, {"disabled", change.disabled}};
  context.backend.account(std::move(change), reply_with(call.reply, std::move(shown)));
}

void admin_reset_user(Context& context, Call call) {
  const std::string name = call.fields.text("name", Need::kRequired);
  if (const Result<void> done = call.fields.finish(); !done) return call.refuse(done.error());
  const auto directory = context.backend.directory();
  const User* user = directory->by_name(name);
  if (user == nullptr) return call.refuse(Error{Code::kNotFound, "there is no user " + name, "name", {}, 0});
  const accounts::Credentials fresh = accounts::make_credentials();
  json::object shown = render_credentials(user->name, user->role, fresh);
  context.backend.account(UserReset{name, fresh.token_hash, fresh.password_hash, fresh.totp_secret},
                          reply_with(call.reply, std::move(shown)));
}

void admin_reload_packs(Context& context, Call call) {
  if (const Result<void> done = call.fields.finish(); !done) return call.refuse(done.error());
  context.backend.packs(PackRequest::kReload, call.reply);
}

// Writes a file on the server's machine, so only who is there may ask: the caller through admin.sock has no account.
void admin_backup(Context& context, Call call) {
  const std::string to = call.fields.text("to", Need::kRequired);
  if (const Result<void> done = call.fields.finish(); !done) return call.refuse(done.error());
  if (call.caller.id) {
    return call.refuse(Error{Code::kPermissionDenied,
                             "a backup is made on the server's machine: quanzud backup --data DIR --to FILE",
                             {},
                             {},
                             0});
  }
  context.backend.backup(to, call.reply);
}

// Beside who asks: the server's clock, which may be manual or run faster than the reader's own.
void auth_me(Context& context, Call call) {
  if (const Result<void> done = call.fields.finish(); !done) return call.refuse(done.error());
  call.reply(json::serialize(json::object{{"user_id", id_text(call.caller.id)},
                                          {"name", call.caller.name},
                                          {"role", std::string(role_name(call.caller.role))},
                                          {"now", format_rfc3339(context.backend.now())},
                                          {"manual_clock", context.backend.manual_clock()}}));
}

}  // namespace quanzu::api
