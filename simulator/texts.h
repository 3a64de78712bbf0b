// What the town's people and its criminals write and say, as templates of this project's own wording. Slots: {n} a number,
// {m} an amount in yuan, {d} a domain, {s} a surname. Real corpora are replayed from outside files, never from here.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "engine/fraud_type.h"
#include "simulator/random.h"

namespace quanzu::simulator {

std::span<const std::string_view> lawful_texts();    // families, couriers, banks, schools, shops, real police warnings
std::span<const std::string_view> lawful_calls();    // transcripts
std::span<const std::string_view> hook_texts(FraudType type);  // SMS that begin a fraud
std::span<const std::string_view> fraud_calls(FraudType type);  // transcripts of grooming calls

std::string fill(std::string_view pattern, Random& random);

}  // namespace quanzu::simulator
