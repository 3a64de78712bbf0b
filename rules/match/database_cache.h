// Hyperscan's databases kept between starts: compiling literals of 50,000 rules takes seconds, reading them back milliseconds.
// A file is named by what it was compiled from (expressions, Hyperscan's version, the processor) and bears a code made
// with a key that only this folder's owner can read: what somebody else wrote there would run as it likes. Any thread.
#pragma once
#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "rules/match/database.h"

namespace quanzu::rules {

class DatabaseCache {
 public:
  using Key = std::array<unsigned char, 32>;

  // Makes the folder and its key where they are missing. Errors: kUnavailable: it can't be made or read, or others may read
  // the key.
  static Result<DatabaseCache> open(std::filesystem::path folder);

  // Nothing where it isn't there, is another Hyperscan's, or was altered; then compile, and put.
  std::optional<Database> find(const std::vector<Expression>& expressions) const;
  // Best effort: a full disk costs only time at the next start. Beyond kMaxFiles the oldest go.
  void put(const std::vector<Expression>& expressions, const Database& database) const;

  static constexpr size_t kMaxFiles = 64;

 private:
  DatabaseCache(std::filesystem::path folder, const Key& key) : folder_(std::move(folder)), key_(key) {}
  std::string code_of(const std::string& name, std::string_view bytes) const;
  void drop_oldest() const;

  std::filesystem::path folder_;
  Key key_;
};

}  // namespace quanzu::rules
