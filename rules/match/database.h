// Hyperscan behind two owners: a Database of many expressions, immutable and shared, and a Scratch, one a thread. Every
// return code is checked: a failed scan would be a missed warning, so it aborts.
#pragma once
#include <hs/hs.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"

namespace quanzu::rules {

struct Expression {
  std::string text;
  unsigned flags = 0;
  uint32_t id = 0;  // what a match reports
};

class Scratch {
 public:
  Scratch() = default;
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  hs_scratch_t* get() const { return scratch_; }

 private:
  friend class Database;
  hs_scratch_t* scratch_ = nullptr;
};

class Database {
 public:
  struct Refusal {
    size_t expression = 0;  // its index; the number of expressions where Hyperscan blames none of them
    std::string why;
  };

  Database() = default;  // empty: scans find nothing
  // Block mode. The error of an expression is Hyperscan's own.
  static tl::expected<Database, Refusal> compile(const std::vector<Expression>& expressions);

  // Why Hyperscan does not take the expression, but for its size; nothing where it does. Far quicker than to compile it.
  static std::optional<std::string> refusal_of(const Expression& expression);

  // As one process may write it and another of the same Hyperscan and processor read it. Whoever wrote the bytes decides what
  // a scan does: read none that may have been altered.
  std::string to_bytes() const;
  static std::optional<Database> from_bytes(std::string_view bytes);

  bool empty() const { return database_ == nullptr; }
  size_t bytes() const;
  void grow(Scratch& scratch) const;  // so that it serves this database too

  // on_match(id, from, to) for each; `from` counts only with HS_FLAG_SOM_LEFTMOST. `text` must be valid UTF-8 where an
  // expression has HS_FLAG_UTF8.
  template <class OnMatch>
  void scan(std::string_view text, Scratch& scratch, OnMatch&& on_match) const {
    if (empty()) return;
    const hs_error_t code = hs_scan(
        database_.get(), text.data(), static_cast<unsigned>(text.size()), 0, scratch.get(),
        [](unsigned id, unsigned long long from, unsigned long long to, unsigned, void* context) {
          (*static_cast<std::remove_reference_t<OnMatch>*>(context))(id, static_cast<size_t>(from),
                                                                     static_cast<size_t>(to));
          return 0;
        },
        const_cast<void*>(static_cast<const void*>(&on_match)));
    ENSURE(code == HS_SUCCESS, "hs_scan failed");
  }

 private:
  struct Free {
    void operator()(hs_database_t* database) const { hs_free_database(database); }
  };
  std::unique_ptr<hs_database_t, Free> database_;
};

}  // namespace quanzu::rules
