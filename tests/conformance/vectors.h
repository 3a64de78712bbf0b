// Files of vectors: JSON lines, of which the first holds what all others share. Each vector says why it is there.
#pragma once
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/catch.h"

namespace quanzu::rules::testing {

inline boost::json::object merged(const boost::json::object& shared, const boost::json::object& own) {
  boost::json::object out = shared;
  for (const auto& [key, value] : own) out[key] = value;
  return out;
}

// run(shared, vector) for each vector of each file of tests/conformance/<folder>; returns how many there are.
template <class Run>
size_t run_vectors(const std::string& folder, Run&& run) {
  size_t count = 0;
  const auto path = std::filesystem::path(QUANZU_SOURCE_DIR) / "tests/conformance" / folder;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    std::ifstream in(entry.path());
    std::string line;
    REQUIRE(std::getline(in, line));
    const boost::json::object shared = boost::json::parse(line).as_object();
    while (std::getline(in, line)) {
      const boost::json::object vector = boost::json::parse(line).as_object();
      INFO(entry.path().filename().string() << ": " << line);
      REQUIRE(!vector.at("why").as_string().empty());
      run(shared, vector);
      ++count;
    }
  }
  return count;
}

}  // namespace quanzu::rules::testing
