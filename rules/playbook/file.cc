#include "rules/playbook/file.h"

#include <algorithm>

#include "engine/names.h"

namespace quanzu::rules {
namespace {

constexpr Names<kAuthorityCount> kAuthorityNames = {"street", "police", "bank", "carrier"};
constexpr Names<3> kCountsNames = {"neutral", "success", "failure"};

}  // namespace

std::string_view authority_name(Authority authority) {
  return name_in(kAuthorityNames, authority);
}
std::optional<Authority> find_authority(std::string_view name) {
  return find_in<Authority>(kAuthorityNames, name);
}

std::string_view counts_name(Counts counts) {
  return name_in(kCountsNames, counts);
}
std::optional<Counts> find_counts(std::string_view name) {
  return find_in<Counts>(kCountsNames, name);
}

const LadderStep* PlaybookFile::find_step(TaskType task) const {
  const auto step =
      std::find_if(ladder.begin(), ladder.end(), [task](const LadderStep& each) { return each.task == task; });
  return step == ladder.end() ? nullptr : &*step;
}

}  // namespace quanzu::rules
