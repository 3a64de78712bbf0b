// From state to rows: what must be written after events, from the engine's state and the events' effects alone. The server
// (a block at a time), `quanzud verify` and every offline command write the same rows, since all of them call this.
#pragma once
#include <string>
#include <vector>

#include "adapters/store/store.h"
#include "engine/engine.h"

namespace quanzu::runtime {

// The rows of everything that `effects` names but a command's reply; appends. compact() the effects before.
void project(const Engine& engine, const Effects& effects, std::vector<store::Row>& rows);

// The reply to the last command, as the API sends it: {"case":..}, {"case":..,"task":..}, {"instruction":..}, {"now":..} or
// {}. Right after the event that made `done`.
std::string render_reply(const Engine& engine, const CommandDone& done);
// As a row, for a repeat of the command; nothing where it had no idempotency key.
void project_reply(const Engine& engine, const CommandDone& done, std::string reply, std::vector<store::Row>& rows);

// Both, after a single event: what verify replays with.
void project_event(const Engine& engine, const Effects& effects, std::vector<store::Row>& rows);

}  // namespace quanzu::runtime
