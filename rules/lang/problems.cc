#include "rules/lang/problems.h"

#include <algorithm>
#include <numeric>

namespace quanzu::rules {

namespace {

constexpr size_t kMostReported = 500;  // of one file: nobody reads further
constexpr size_t kMostText = 120;      // bytes of offending text

std::string shortened(std::string_view text) {
  if (text.size() <= kMostText) return std::string(text);
  size_t size = kMostText;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  return std::string(text.substr(0, size)) + "...";
}

// Edit distance with transpositions of neighbours as one step.
size_t distance(std::string_view a, std::string_view b) {
  std::vector<size_t> before(b.size() + 1);
  std::vector<size_t> last(b.size() + 1);
  std::vector<size_t> now(b.size() + 1);
  std::iota(last.begin(), last.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) now[j] = std::min(now[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(now);
  }
  return last[b.size()];
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  return out;
}

}  // namespace

void Problems::error(Mark mark, std::string_view text, std::string reason, std::string suggestion) {
  ++errors_;
  add(Severity::kError, mark, text, std::move(reason), std::move(suggestion));
}

void Problems::warn(Mark mark, std::string_view text, std::string reason, std::string suggestion) {
  add(Severity::kWarning, mark, text, std::move(reason), std::move(suggestion));
}

void Problems::add(Severity severity, Mark mark, std::string_view text, std::string reason, std::string suggestion) {
  if (++reported_ > kMostReported) return;
  if (reported_ == kMostReported) {
    out_.push_back(
        {Severity::kError, file_, mark, {}, "more than 500 problems in this file; the rest is not listed", {}});
    return;
  }
  out_.push_back({severity, file_, mark, shortened(text), std::move(reason), std::move(suggestion)});
}

const char* severity_name(Severity severity) {
  return severity == Severity::kError ? "error" : "warning";
}

std::string describe(const Problem& problem) {
  std::string out = problem.file;
  if (problem.mark.line > 0) out += ":" + std::to_string(problem.mark.line) + ":" + std::to_string(problem.mark.column);
  out += std::string(": ") + severity_name(problem.severity) + ": ";
  if (!problem.text.empty()) out += "'" + problem.text + "': ";
  out += problem.reason;
  if (!problem.suggestion.empty()) out += "; write " + problem.suggestion;
  return out;
}

std::string nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  constexpr size_t kLongest = 64;  // longer words are no slips of the pen
  if (word.empty() || word.size() > kLongest) return {};
  const std::string wanted = lower(word);
  size_t best = std::max<size_t>(1, word.size() / 3) + 1;
  std::string found;
  for (std::string_view candidate : candidates) {
    if (candidate.size() > kLongest) continue;
    const size_t steps = distance(wanted, lower(candidate));
    if (steps < best) {
      best = steps;
      found = candidate;
    }
  }
  return found;
}

std::string one_of(const std::vector<std::string_view>& words) {
  std::string out;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
    out += words[i];
  }
  return out;
}

}  // namespace quanzu::rules
