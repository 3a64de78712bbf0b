// quanzu playbook: check, test and show what a place decides for itself. Added to the program by quanzu.cc; the main thread
// alone.
#pragma once

namespace CLI {
class App;
}

namespace quanzu::tool {

void add_playbook(CLI::App& app);

}  // namespace quanzu::tool
