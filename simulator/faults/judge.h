// What was promised and not kept: the first of it is the run's verdict. Owned by the run, told by whoever sees it; one
// thread.
#pragma once
#include <string>

namespace quanzu::simulator {

class Judge {
 public:
  void wrong(const std::string& what) {
    if (first_.empty()) first_ = what;
  }
  bool content() const { return first_.empty(); }
  const std::string& first() const { return first_; }

 private:
  std::string first_;
};

}  // namespace quanzu::simulator
