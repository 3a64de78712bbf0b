#include "engine/user.h"

#include "engine/names.h"

namespace quanzu {
namespace {

constexpr Names<10> kRoleNames = {"operator", "field_worker", "dispatcher", "supervisor", "author",
                                  "approver", "auditor",      "admin",      "wall",       "feed"};

}  // namespace

std::string_view role_name(Role role) {
  return name_in(kRoleNames, role);
}
std::optional<Role> find_role(std::string_view name) {
  return find_in<Role>(kRoleNames, name);
}

}  // namespace quanzu
