// What a feed may send and how much the server holds for it. Defaults are the design's; the configuration
// overrides them.
#pragma once
#include <chrono>
#include <cstddef>

#include "engine/time.h"

namespace quanzu::feed {

// centre (反诈中心): everything. street (街道): instructions, reports and transfers; the content of a
// resident's messages, calls, pages and apps is neither taken nor stored.
enum class Profile : uint8_t { kCentre, kStreet };

struct Limits {
  Profile profile = Profile::kCentre;
  size_t frame = 64 * 1024;                  // bytes of a ClientFrame
  size_t text = 8 * 1024;                    // bytes of `text`
  size_t value = 2 * 1024;                   // bytes of any other string
  Duration ahead = std::chrono::minutes(2);  // of `at` before receipt: clock_ahead
  Duration behind = std::chrono::days(30);   // too_old

  size_t connections = 256;
  size_t in_flight = 64 * 1024;                                // signals of a connection between receipt and commit
  size_t write_buffer = 1024 * 1024;                           // bytes that a slow reader may leave unread
  std::chrono::milliseconds idle = std::chrono::seconds(60);   // silence after which a peer counts as gone
  std::chrono::milliseconds linger = std::chrono::seconds(2);  // for a peer to read our Goodbye
};

}  // namespace quanzu::feed
