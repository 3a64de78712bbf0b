// Cases, tasks, instructions and measures in the shapes that the API gives (docs/api.md).
// Pure and deterministic: a document depends on the engine's state alone, never on the clock, the queue's
// present order or a hash table, because the runtime stores documents as rows and `quanzud verify` compares
// them after a replay. Called by the engine thread (or a replay). Nothing here shows a whole telephone
// number.
#pragma once
#include <boost/json.hpp>

#include "engine/engine.h"
#include "engine/measures.h"

namespace quanzu::store {
struct BackupReport;
}

namespace quanzu::api {

boost::json::object render_case(const Engine& engine, const Case& of);
boost::json::object render_task(const Engine& engine, const Case& of, const Task& task);
boost::json::object render_instruction(const Engine& engine, const Instruction& of);
boost::json::object render_measure(const Measure& of);
boost::json::object render_backup(const store::BackupReport& of);

// "138****2716": the first three and the last four digits of a mobile (its 86 is left out), less of anything
// shorter; service numbers (110, 96110) and 106 ports are no person's and stay whole.
std::string masked(const Number& number);

}  // namespace quanzu::api
