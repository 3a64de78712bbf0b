#include "rules/match/confirm.h"

#include <hs/hs.h>

#include "engine/result.h"
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace quanzu::rules {

namespace {

// A text and an expression that need more steps than this go the slow way, which never steps back.
constexpr uint32_t kMaxSteps = 100'000;
constexpr size_t kFirstWorkspace = 1 << 12;
constexpr size_t kMaxWorkspace = 1 << 24;

PCRE2_SPTR bytes_of(std::string_view text) {
  return reinterpret_cast<PCRE2_SPTR>(text.data());
}

}  // namespace

Confirmation::Confirmation()
    : context_(pcre2_match_context_create(nullptr)), data_(pcre2_match_data_create(1, nullptr)) {
  ENSURE(context_ != nullptr && data_ != nullptr, "out of memory");
  pcre2_set_match_limit(context_, kMaxSteps);
}

Confirmation::~Confirmation() {
  pcre2_match_data_free(data_);
  pcre2_match_context_free(context_);
}

Confirmer::~Confirmer() {
  pcre2_code_free(code_);
}

std::unique_ptr<Confirmer> Confirmer::make(std::string_view expression, unsigned hyperscan_flags) {
  // Where lines count the two differ at the last line end; cases and properties come from other tables.
  if ((hyperscan_flags & (HS_FLAG_MULTILINE | HS_FLAG_CASELESS | HS_FLAG_UCP)) != 0) return nullptr;
  uint32_t options = PCRE2_NO_AUTO_CAPTURE | PCRE2_NEVER_BACKSLASH_C;
  if ((hyperscan_flags & HS_FLAG_UTF8) != 0) options |= PCRE2_UTF;
  if ((hyperscan_flags & HS_FLAG_DOTALL) != 0) options |= PCRE2_DOTALL;
  int error = 0;
  PCRE2_SIZE at = 0;
  pcre2_code* code = pcre2_compile(bytes_of(expression), expression.size(), options, &error, &at, nullptr);
  if (code == nullptr) return nullptr;
  // Where the system forbids pages that are written and run, matching goes on without: slower, the same answers.
  pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
  return std::unique_ptr<Confirmer>(new Confirmer(code));
}

bool Confirmer::holds(std::string_view text, Confirmation& confirmation) const {
  const int code =
      pcre2_match(code_, bytes_of(text), text.size(), 0, PCRE2_NO_UTF_CHECK, confirmation.data_, confirmation.context_);
  if (code >= 0) return true;
  return code != PCRE2_ERROR_NOMATCH && holds_slowly(text, confirmation);
}

// All ways through the expression at once: what is never too deep and never steps back.
bool Confirmer::holds_slowly(std::string_view text, Confirmation& confirmation) const {
  std::vector<int>& workspace = confirmation.workspace_;
  if (workspace.empty()) workspace.resize(kFirstWorkspace);
  for (;;) {
    const int code = pcre2_dfa_match(code_, bytes_of(text), text.size(), 0, PCRE2_NO_UTF_CHECK | PCRE2_DFA_SHORTEST,
                                     confirmation.data_, nullptr, workspace.data(), workspace.size());
    if (code >= 0) return true;
    if (code == PCRE2_ERROR_NOMATCH) return false;
    ENSURE(code == PCRE2_ERROR_DFA_WSSIZE && workspace.size() < kMaxWorkspace, "pcre2_dfa_match failed");
    workspace.resize(workspace.size() * 4);
  }
}

}  // namespace quanzu::rules
