// The flat event of JSON lines, CSV and TSV: dotted names (02's table) with typed values, gathered into the fields of a
// Signal message. One place knows the names; json and table readers hand it name and value. Any thread.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "adapters/feed/wire.h"
#include "engine/result.h"

namespace quanzu::feed {

class EventFields {
 public:
  // Takes one named value; an error names the field, what is wrong with it and what to send instead.
  Result<void> set_text(std::string_view name, std::string_view value);  // a JSON string
  Result<void> set_number(std::string_view name, int64_t value);
  Result<void> set_boolean(std::string_view name, bool value);
  Result<void> set_cell(std::string_view name, std::string_view value);  // a table's cell: text, whatever the type

  bool has_kind() const { return has_kind_; }
  bool has_resident() const { return has_resident_; }
  const std::string& bytes() const { return bytes_; }  // SignalWriter's; seq is put before it (wire.h)
  void clear();

 private:
  std::string bytes_;
  bool has_kind_ = false;
  bool has_resident_ = false;
};

// "kind", "at", the name of a Field, or one of those that the server gives itself (feed, stream, feed.seq): known.
bool is_event_name(std::string_view name);

// A valid Chinese mobile number of nobody in particular, for rows that name no resident: one for each n < 10^9.
std::string synthetic_number(uint64_t n);

}  // namespace quanzu::feed
