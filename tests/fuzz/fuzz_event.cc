// Foreign events on hostile bytes: whatever they are, reading ends within them, and what is read is matched.
#include "rules/match/foreign.h"
#include "tests/rules/make_rule.h"

using namespace quanzu;
using namespace quanzu::rules;
using namespace quanzu::rules::testing;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto program =
      ForeignProgram::compile(pack(rule("r", "",
                                        any(is("a", "*abcd*"), is("a.b", "x?"), is("", "word"), regex("c", "^a+$"),
                                            item("a", Null{}), compare("c", Compare::kLess, 5)))));
  ENSURE(program.has_value(), "it compiles");
  ForeignScanner scanner(*program);
  std::vector<RuleIndex> out;
  const Result<void> read = scanner.scan({reinterpret_cast<const char*>(data), size}, out);
  ENSURE(read.has_value() || (out.empty() && !read.error().message.empty()), "it is matched, or an error says why not");
  return 0;
}
