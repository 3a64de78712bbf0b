// Lists of literals any of which will do, as rules have them by the dozen: a list is asked as one, a loop over answers that
// are known by then. Each list once, however many rules have it. A group has an id as if it were an atom, from the number of
// atoms on.
#pragma once
#include <map>
#include <vector>

#include "rules/match/atoms.h"

namespace quanzu::rules {

// The compiled form.
struct AtomGroups {
  std::vector<uint32_t> begin;    // group g has the atoms members[begin[g]] .. members[begin[g + 1]]
  std::vector<AtomId> members;    // ascending
  std::vector<Subject> subjects;  // by group: of all its atoms

  size_t size() const { return subjects.size(); }
};

// Filled by who compiles.
class GroupTable {
 public:
  explicit GroupTable(size_t atoms) : atoms_(atoms) { groups_.begin.push_back(0); }

  // The list's id, whatever the order of its atoms, which are all of this subject.
  AtomId intern(std::vector<AtomId> any_of, Subject subject);
  AtomGroups finish() { return std::move(groups_); }

 private:
  size_t atoms_;
  std::map<std::vector<AtomId>, AtomId> ids_;
  AtomGroups groups_;
};

}  // namespace quanzu::rules
