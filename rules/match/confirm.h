// A regular expression asked of a few texts: those in which its literals stand already. PCRE2's compiler takes a hundredth of
// the time that Hyperscan needs for an automaton of the same size (docs/decisions/0011-pcre2-behind-literals.md). A Confirmer
// is immutable and shared; each thread has a Confirmation to run them with.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct pcre2_real_code_8;
struct pcre2_real_match_context_8;
struct pcre2_real_match_data_8;

namespace quanzu::rules {

class Confirmation {
 public:
  Confirmation();
  ~Confirmation();
  Confirmation(const Confirmation&) = delete;
  Confirmation& operator=(const Confirmation&) = delete;

 private:
  friend class Confirmer;
  pcre2_real_match_context_8* context_;
  pcre2_real_match_data_8* data_;
  std::vector<int> workspace_;  // of the slow way
};

class Confirmer {
 public:
  // The expression of an Atom that Hyperscan takes too. Null where PCRE2 doesn't take it, or might read it otherwise.
  static std::unique_ptr<Confirmer> make(std::string_view expression, unsigned hyperscan_flags);
  ~Confirmer();
  Confirmer(const Confirmer&) = delete;
  Confirmer& operator=(const Confirmer&) = delete;

  // Whether it matches somewhere. With HS_FLAG_UTF8 the text must be valid UTF-8. Takes no more than a polynomial of the
  // text's size, whatever the expression.
  bool holds(std::string_view text, Confirmation& confirmation) const;

 private:
  explicit Confirmer(pcre2_real_code_8* code) : code_(code) {}
  bool holds_slowly(std::string_view text, Confirmation& confirmation) const;

  pcre2_real_code_8* code_;
};

}  // namespace quanzu::rules
