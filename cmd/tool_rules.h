// What the verbs of `quanzu rules` share: loading a pack with every problem said, and events as a feed brings them. The
// main thread alone.
#pragma once
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cmd/tool.h"
#include "rules/lang/load.h"
#include "rules/match/program.h"
#include "simulator/corpus.h"

namespace quanzu::tool {

void add_rules_check(CLI::App& rules);
void add_rules_test(CLI::App& rules);
void add_rules_match(CLI::App& rules);
void add_rules_explain(CLI::App& rules);
void add_rules_parse(CLI::App& rules);
void add_rules_normalize(CLI::App& rules);
void add_rules_eval(CLI::App& rules);
void add_rules_fmt(CLI::App& rules);
void add_rules_new(CLI::App& rules);
void add_rules_bench(CLI::App& rules);
void add_rules_train(CLI::App& rules);
void add_rules_diff(CLI::App& rules);

// `quanzu: ` and the line, on standard error.
void complain(const std::string& line);

// As `check` prints it.
boost::json::object problem_json(const rules::Problem& problem);

// The pack's rules; nothing where they don't load, with every error on standard error (kFailed), or can't be read
// (kFailed too: the folder is the author's).
std::optional<rules::Pack> load_rules(const std::string& path, const rules::LoadOptions& options);
std::shared_ptr<const rules::Program> compile_rules(const std::string& path);

// Their ids, with commas between.
std::string ids_of(const rules::Program& program, const std::vector<RuleIndex>& rules);

// The rule files of a folder, as the loader finds them; a file alone.
std::vector<std::filesystem::path> rule_files(const std::filesystem::path& path);

// Of the system's clock: packs are loaded as of now.
Instant now();

// A program's refusal as a problem at its place.
rules::Problem problem_of(const Error& error);

// What a corpus's name says, or the option; nothing, said, where neither does.
std::optional<simulator::CorpusOptions::Format> corpus_format(const std::string& path, std::string option);
// Its rows, with those left out said; nothing, said, where it can't be read.
std::optional<simulator::Corpus> load_corpus(const std::string& path, const simulator::CorpusOptions& options);

// One JSON event as `quanzu send` takes it, but with what a rule may want to do without: a resident, a time. The bytes
// behind the signal are kept here.
class EventReader {
 public:
  // Errors: kInvalidArgument naming the field.
  Result<Signal> read(const boost::json::value& event);
  bool has_time() const { return has_time_; }  // of the event read last

 private:
  bool has_time_ = false;
  std::string bytes_;
  std::string feed_;
};

}  // namespace quanzu::tool
