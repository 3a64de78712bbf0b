// Prints the rules of workload street-1 as a pack file, for a server under load: street_rules COUNT [SEED].
#include <cstdlib>
#include <iostream>

#include "simulator/street.h"

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "street_rules COUNT [SEED]\n";
    return 2;
  }
  const quanzu::simulator::Street street(
      {.seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1, .rules = std::strtoull(argv[1], nullptr, 10)});
  std::cout << street.yaml();
}
