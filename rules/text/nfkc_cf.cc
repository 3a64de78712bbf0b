#include "rules/text/nfkc_cf.h"

#include "rules/text/compose.h"
#include "rules/text/tables.h"
#include "rules/text/utf8.h"

namespace quanzu::rules {

std::string nfkc_casefold(std::string_view text) {
  std::u32string mapped;
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at < end;) {
    const Decoded decoded = decode_utf8(at, end);
    at += decoded.size;
    const tables::Mapping mapping = tables::nfkc_cf_of(decoded.code_point);
    switch (mapping.type) {
      case tables::Mapping::Type::kSelf:
        append_decomposed(decoded.code_point, mapped);
        break;
      case tables::Mapping::Type::kOne:
        append_decomposed(mapping.one, mapped);
        break;
      case tables::Mapping::Type::kMany:
        for (char32_t c : mapping.many) append_decomposed(c, mapped);
    }
  }
  compose_canonically(mapped);
  std::string out;
  for (char32_t c : mapped) append_utf8(c, out);
  return out;
}

}  // namespace quanzu::rules
