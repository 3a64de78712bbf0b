// What an item of a rule asks of a foreign event, as atoms, and the answers of those that no index finds: JSON's types
// decide, not a taxonomy. Pure; any thread.
#pragma once
#include "rules/match/atoms.h"
#include "rules/match/foreign_event.h"

namespace quanzu::rules {

// Names the item's fields in the table. Errors: what can never match or is for signals alone; the message says which.
Result<std::vector<Atom>> make_foreign_atoms(const Item& item, FieldTable& fields);

// The answer of an atom for an event.
bool atom_holds(const Atom& atom, ForeignEvent& event);

}  // namespace quanzu::rules
