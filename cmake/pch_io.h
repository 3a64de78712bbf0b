// Precompiled for adapters, simulator and cmd. Beast, CLI11 and toml++ stay out: they are dear and used in one unit each.
#pragma once
#include "cmake/pch_std.h"
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json.hpp>
#include <condition_variable>
#include <mutex>
#include <spdlog/spdlog.h>
#include <thread>
