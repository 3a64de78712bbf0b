// A backtest for people and for programs: a table, one JSON object, one HTML file that needs no network. Numbers are masked;
// texts of messages are left out. Pure; any thread.
#pragma once
#include <string>

#include "simulator/backtest.h"

namespace quanzu::simulator {

// `examples`: how many residents of each list are shown.
std::string backtest_text(const BacktestReport& report, size_t examples);
std::string backtest_json(const BacktestReport& report, size_t examples);
std::string backtest_html(const BacktestReport& report, size_t examples);

}  // namespace quanzu::simulator
