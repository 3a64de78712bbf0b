// What the answers share when they read rows: paging, filters, columns, and the documents stored in them. Each request
// uses its own; HTTP threads.
#pragma once
#include <boost/json.hpp>
#include <map>
#include <string>
#include <vector>

#include "adapters/api/cursor.h"
#include "adapters/api/fields.h"
#include "adapters/api/readers.h"

namespace quanzu::api {

// A condition put together from fixed SQL and bound values, and the same as text for the cursor's digest.
struct Filter {
  std::string where = "1";
  std::vector<store::Value> values;
  std::string text;

  void add(std::string_view sql, std::vector<store::Value> bound);
  void equals(std::string_view column, const std::string& value);  // nothing where the value is empty
};

struct Page {
  size_t size = 0;
  std::string cursor;  // empty: the first
};
Page take_page(Fields& fields);  // page_size (1 to 200, default 50) and cursor

int64_t integer(const store::Row& row, size_t column);  // 0 for null
const std::string& text(const store::Row& row, size_t column);

// Where a table keeps what (adapters/store/store.h).
namespace column {
inline constexpr size_t kCaseLevel = 4, kCaseDueAt = 10, kCaseDoc = 14, kInstructionDoc = 5;
}

// A stored document. Errors: kInternal where the row holds none.
Result<boost::json::object> document(const std::string& stored);

// Cases closed since a moment (the desk's midnight), by reason: today shows counts, not rates.
Result<std::map<std::string, int64_t>> count_closed(store::Reader& reader, Instant since);

// Stored documents as they are, with commas between.
std::string joined_documents(const std::vector<store::Row>& rows, size_t doc_column);
// {"cases":[...],"next_cursor":"..."}: documents go out as they are stored, without being parsed.
std::string render_page(std::string_view name, const std::vector<store::Row>& rows, size_t doc_column,
                        const std::string& next_cursor);

}  // namespace quanzu::api
