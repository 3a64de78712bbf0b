#include "rules/learn/model_file.h"

#include <charconv>
#include <cstdlib>
#include <set>
#include <utility>

#include "rules/lang/sha256.h"
#include "rules/text/normalize.h"
#include "rules/text/utf8.h"

namespace quanzu::rules {

namespace {

constexpr std::string_view kFormat = "quanzu-model ";
constexpr std::string_view kVersion = "1";

std::string escaped(std::string_view text) {
  std::string out;
  for (char c : text) {
    switch (c) {
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char c = text[++i];
    out += c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
  }
  return out;
}

Failure refused(std::string message) {
  return fail(Code::kInvalidArgument, std::move(message));
}

// The lines of a file whose checksum holds, word by word.
class Lines {
 public:
  explicit Lines(std::string_view body) : bytes_(body) { next(); }

  bool next() {
    more_ = !bytes_.empty();
    line_ = bytes_.substr(0, bytes_.find('\n'));
    bytes_.remove_prefix(std::min(line_.size() + 1, bytes_.size()));
    ++number_;
    return more_;
  }
  bool more() const { return more_; }

  // Takes the word off the line's front; false, and nothing taken, where another stands there.
  bool word(std::string_view wanted) {
    if (!line_.starts_with(wanted)) return false;
    if (line_.size() > wanted.size() && line_[wanted.size()] != ' ') return false;
    line_.remove_prefix(std::min(wanted.size() + 1, line_.size()));
    return true;
  }
  template <class Number>
  bool number(Number& out) {
    const char* const end = line_.data() + line_.size();
    const auto [at, error] = std::from_chars(line_.data(), end, out);
    if (error != std::errc() || (at != end && *at != ' ')) return false;
    line_.remove_prefix(std::min(static_cast<size_t>(at - line_.data()) + 1, line_.size()));
    return true;
  }
  std::string text() {
    const std::string_view word = line_.substr(0, line_.find(' '));
    line_.remove_prefix(std::min(word.size() + 1, line_.size()));
    return std::string(word);
  }
  std::string rest() { return unescaped(std::exchange(line_, {})); }

  Failure bad(const std::string& wanted) const {
    return refused("line " + std::to_string(number_) + " of the model is not `" + wanted + "`: train it again");
  }

 private:
  std::string_view bytes_;
  std::string_view line_;
  size_t number_ = 1;  // the format's line stands before
  bool more_ = false;
};

// The lines between the first and the checksum. Errors: see parse_model.
Result<std::string_view> checked_body(std::string_view bytes) {
  if (!bytes.starts_with(kFormat)) return refused("this is no model: its first line is not `quanzu-model 1`");
  const size_t first = bytes.find('\n');
  const std::string_view version = bytes.substr(kFormat.size(), first - kFormat.size());
  if (first != std::string_view::npos && version != kVersion) {
    return refused("the model is of format " + quoted(version) +
                   ", this program reads 1: train it again, or use the program that made it");
  }
  const size_t last = bytes.rfind("\nsha256 ");
  if (last == std::string_view::npos || bytes.size() != last + 1 + 7 + 64 + 1 || bytes.back() != '\n') {
    return refused("the model ends before its checksum, so it was cut: copy it again, or train it again");
  }
  if (sha256_of(bytes.substr(0, last + 1)) != bytes.substr(last + 8, 64)) {
    return refused("the model's checksum does not fit, so it was changed or damaged: copy it again, or train it again");
  }
  return bytes.substr(first + 1, last - first);
}

Result<void> read_head(Lines& lines, ModelFile& out) {
  out.field = lines.word("field") ? lines.text() : "";
  if (out.field != "text" && out.field != "url") return lines.bad("field text|url");
  lines.next();
  if (!lines.word("grams") || !lines.number(out.longest) || out.longest < 1 || out.longest > kLongestGram) {
    return lines.bad("grams 1-6");
  }
  lines.next();
  if (!lines.word("normaliser") || !lines.number(out.normaliser)) return lines.bad("normaliser N");
  if (out.normaliser != kNormalizerVersion) {
    return refused("the model was trained on texts normalised in another way (" + std::to_string(out.normaliser) +
                   ", this program's is " + std::to_string(kNormalizerVersion) + "): train it again");
  }
  lines.next();
  if (!lines.word("made")) return lines.bad("made DATE");
  out.made = lines.text();
  lines.next();
  const bool corpus = lines.word("corpus");
  out.corpus_sha256 = lines.text();
  if (!corpus || !lines.word("rows") || !lines.number(out.rows) || !lines.word("skipped") ||
      !lines.number(out.skipped)) {
    return lines.bad("corpus SHA256 rows N skipped N");
  }
  lines.next();
  if (!lines.word("options")) return lines.bad("options ...");
  out.options = lines.rest();
  lines.next();
  if (!lines.word("folds") || !lines.number(out.folds) || !lines.word("seed") || !lines.number(out.seed) ||
      !lines.word("clusters") || !lines.number(out.clusters)) {
    return lines.bad("folds N seed N clusters N");
  }
  lines.next();
  return {};
}

Result<void> read_grams(Lines& lines, const ModelFile& file, ModelFile::Output& out) {
  std::set<std::string> seen;
  for (; lines.word("gram"); lines.next()) {
    ModelFile::Gram gram;
    if (!lines.number(gram.weight) || std::abs(gram.weight) > kMostWeight) return lines.bad("gram WEIGHT TEXT");
    gram.text = lines.rest();
    const bool sound = !gram.text.empty() && find_invalid_utf8(gram.text) == std::string_view::npos &&
                       count_code_points(gram.text) <= file.longest && seen.insert(gram.text).second;
    if (!sound || out.grams.size() == kMostGrams) return lines.bad("gram WEIGHT TEXT");
    out.grams.push_back(std::move(gram));
  }
  return {};
}

Result<void> read_output(Lines& lines, ModelFile& file) {
  ModelFile::Output out;
  const bool read = lines.word("output") && lines.number(out.bias) && lines.number(out.slope) &&
                    lines.number(out.offset) && lines.word("tp") && lines.number(out.true_positives) &&
                    lines.word("fp") && lines.number(out.false_positives) && lines.word("fn") &&
                    lines.number(out.false_negatives) && lines.word("tn") && lines.number(out.true_negatives);
  if (!read || std::abs(out.bias) > kMostWeight || out.slope >= 0 || file.outputs.size() == kMostOutputs) {
    return lines.bad("output BIAS SLOPE OFFSET tp N fp N fn N tn N LABEL");
  }
  out.label = lines.rest();
  lines.next();
  const Result<void> grams = read_grams(lines, file, out);
  if (!grams) return Failure(grams.error());
  file.outputs.push_back(std::move(out));
  return {};
}

}  // namespace

std::string print_model(const ModelFile& file) {
  std::string out;
  const auto add = [&out](const auto&... parts) {
    const auto one = [&out](const auto& part) {
      if constexpr (std::is_arithmetic_v<std::decay_t<decltype(part)>>) {
        out += std::to_string(part);
      } else {
        out += part;
      }
    };
    (one(parts), ...);
    out += '\n';
  };
  add(kFormat, kVersion);
  add("field ", file.field);
  add("grams ", file.longest);
  add("normaliser ", file.normaliser);
  add("made ", file.made);
  add("corpus ", file.corpus_sha256, " rows ", file.rows, " skipped ", file.skipped);
  add("options ", escaped(file.options));
  add("folds ", file.folds, " seed ", file.seed, " clusters ", file.clusters);
  for (const ModelFile::Output& output : file.outputs) {
    add("output ", output.bias, " ", output.slope, " ", output.offset, " tp ", output.true_positives, " fp ",
        output.false_positives, " fn ", output.false_negatives, " tn ", output.true_negatives, " ",
        escaped(output.label));
    for (const ModelFile::Gram& gram : output.grams) add("gram ", gram.weight, " ", escaped(gram.text));
  }
  const std::string checksum = sha256_of(out);
  add("sha256 ", checksum);
  return out;
}

Result<ModelFile> parse_model(std::string_view bytes) {
  const Result<std::string_view> body = checked_body(bytes);
  if (!body) return Failure(body.error());
  ModelFile file;
  Lines lines(*body);
  const Result<void> head = read_head(lines, file);
  if (!head) return Failure(head.error());
  while (lines.more()) {
    const Result<void> output = read_output(lines, file);
    if (!output) return Failure(output.error());
  }
  if (file.outputs.empty()) return lines.bad("output BIAS SLOPE OFFSET tp N fp N fn N tn N LABEL");
  return file;
}

}  // namespace quanzu::rules
