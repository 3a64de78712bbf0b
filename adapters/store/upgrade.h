// How the file of an older release becomes today's: the journal is copied block by block, and the tables are built anew from it
// by a replay, since they follow from it. In one transaction: a start that is ended meanwhile begins again. What the older file
// held in clear is overwritten. Snapshots of the older release are removed. The writing thread's, before anything else.
#pragma once
#include "adapters/store/data_folder.h"
#include "adapters/store/sqlite.h"

namespace quanzu::store {

// Makes the tables in an empty file. Errors: those of schema_of() and of the keys; kFailedPrecondition for an older file where
// there is no projector; a journal that does not hold, named by its block.
Result<void> make_or_upgrade(const Database& database, const DataFolder& folder, const Projector& projector);

}  // namespace quanzu::store
