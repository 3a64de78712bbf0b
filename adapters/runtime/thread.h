// What a thread of the server is called and how far it stands back.
// Called by the thread itself, before anything else.
#pragma once

namespace quanzu::runtime {

// Nice values are a thread's own on Linux; 0 leaves it as it is.
void begin_thread(const char* name, int nice = 0);

}  // namespace quanzu::runtime
