// What must hold of a server's state and journal whatever has failed, looked up in them: the checks that world.h makes.
// Pure but for the reader; one thread.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "adapters/store/store.h"
#include "rules/pipeline.h"
#include "simulator/faults/clerk.h"
#include "simulator/faults/sender.h"

namespace quanzu::simulator {

// Every case that a clerk was told of is there.
void check_told_cases(const Engine& engine, const std::vector<Clerk>& clerks, Judge& judge);
// A task that is somebody's although its lease is over; empty where there is none.
std::string overdue_lease(const Engine& engine);
// A window that waits although no feed has spoken for long; likewise.
std::string waiting_window(const rules::Pipeline& pipeline);
// Every signal that was made is in the journal, once, as it was sent; each has the alerts and the refusal that it must have, and
// there are no others. All of them were acked. Errors: the reader's.
Result<void> audit_signals(store::Reader& reader, const Engine& engine, std::string_view feed,
                           const std::vector<Sender>& senders, Judge& judge);

}  // namespace quanzu::simulator
