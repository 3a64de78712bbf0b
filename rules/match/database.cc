#include "rules/match/database.h"

#include <cstdlib>

namespace quanzu::rules {

Scratch::~Scratch() {
  hs_free_scratch(scratch_);
}

tl::expected<Database, Database::Refusal> Database::compile(const std::vector<Expression>& expressions) {
  Database out;
  if (expressions.empty()) return out;
  std::vector<const char*> texts;
  std::vector<unsigned> flags;
  std::vector<unsigned> ids;
  for (const Expression& expression : expressions) {
    texts.push_back(expression.text.c_str());
    flags.push_back(expression.flags);
    ids.push_back(expression.id);
  }
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  // Also for literals: 5.4.0's hs_compile_lit_multi loses matches.
  const hs_error_t code =
      hs_compile_multi(texts.data(), flags.data(), ids.data(), static_cast<unsigned>(expressions.size()), HS_MODE_BLOCK,
                       nullptr, &database, &error);
  if (code != HS_SUCCESS) {
    Refusal refusal{expressions.size(), "Hyperscan returned " + std::to_string(code)};
    if (error != nullptr) {
      refusal.why = error->message;
      if (error->expression >= 0) refusal.expression = static_cast<size_t>(error->expression);
    }
    hs_free_compile_error(error);
    return tl::unexpected(std::move(refusal));
  }
  out.database_.reset(database);
  return out;
}

std::optional<std::string> Database::refusal_of(const Expression& expression) {
  hs_expr_info_t* info = nullptr;
  hs_compile_error_t* error = nullptr;
  const hs_error_t code = hs_expression_info(expression.text.c_str(), expression.flags, &info, &error);
  std::free(info);  // by Hyperscan's default allocator
  if (code == HS_SUCCESS) return std::nullopt;
  std::string why = error == nullptr ? "Hyperscan returned " + std::to_string(code) : error->message;
  hs_free_compile_error(error);
  return why;
}

std::string Database::to_bytes() const {
  char* bytes = nullptr;
  size_t size = 0;
  const hs_error_t code = hs_serialize_database(database_.get(), &bytes, &size);
  ENSURE(code == HS_SUCCESS, "hs_serialize_database failed: out of memory");
  std::string out(bytes, size);
  std::free(bytes);  // by Hyperscan's default allocator
  return out;
}

std::optional<Database> Database::from_bytes(std::string_view bytes) {
  Database out;
  hs_database_t* database = nullptr;
  if (hs_deserialize_database(bytes.data(), bytes.size(), &database) != HS_SUCCESS) return std::nullopt;
  out.database_.reset(database);
  return out;
}

size_t Database::bytes() const {
  if (empty()) return 0;
  size_t bytes = 0;
  const hs_error_t code = hs_database_size(database_.get(), &bytes);
  ENSURE(code == HS_SUCCESS, "hs_database_size failed");
  return bytes;
}

void Database::grow(Scratch& scratch) const {
  if (empty()) return;
  const hs_error_t code = hs_alloc_scratch(database_.get(), &scratch.scratch_);
  ENSURE(code == HS_SUCCESS, "hs_alloc_scratch failed: out of memory");
}

}  // namespace quanzu::rules
