#include "rules/lang/load.h"

#include <algorithm>

#include "rules/lang/link.h"
#include "rules/lang/load_text.h"
#include "rules/lang/model_field.h"
#include "rules/lang/pack_files.h"
#include "rules/lang/parse_document.h"
#include "rules/lang/settings.h"
#include "rules/lang/sha256.h"

namespace quanzu::rules {

namespace {

namespace fs = std::filesystem;

class Loader {
 public:
  explicit Loader(const LoadOptions& options) : options_(options) {}

  Pack load(const fs::path& path) {
    const std::vector<PackFile> files = read_pack_files(path, pack_.problems);
    return load(path, files);
  }

  Pack load(const fs::path& path, const std::vector<PackFile>& files) {
    pack_.hash = rules::hash_of(files);
    for (const PackFile& file : files) {
      if (file.is_settings()) add_settings(file);
    }
    for (const PackFile& file : files) {
      if (file.is_list()) add_list(file);
      if (file.is_model()) add_model(file);
    }
    size_t rule_files = 0;
    for (const PackFile& file : files) {
      if (file.is_list() || file.is_settings() || file.is_model()) continue;
      add_rules(file);
      ++rule_files;
    }
    if (rule_files == 0 && pack_.problems.empty()) {
      problem(path.string(), "no rule file (.yml or .yaml) is here");
    }
    link(pack_, options_);
    return std::move(pack_);
  }

 private:
  void problem(const std::string& file, std::string reason) {
    pack_.problems.push_back({Severity::kError, file, {}, {}, std::move(reason), {}});
  }

  void add_settings(const PackFile& file) {
    Problems problems(file.path.string(), pack_.problems);
    settings_[fs::path(file.inside).parent_path().string()] = parse_settings(file.bytes, problems);
  }

  // Of the nearest folder above that has any.
  Settings settings_of(const PackFile& file) const {
    for (fs::path folder = fs::path(file.inside).parent_path();; folder = folder.parent_path()) {
      const auto at = settings_.find(folder.string());
      if (at != settings_.end()) return at->second;
      if (folder.empty()) return {};
    }
  }

  void add_list(const PackFile& file) {
    lists_bytes_ += file.inside + "\n" + file.bytes;
    Problems problems(file.path.string(), pack_.problems);
    std::vector<ListEntry> entries = parse_list(file.bytes, file.path.extension() == ".tsv", problems);
    if (options_.now) {
      const Instant local = settings_of(file).zone.local(*options_.now);
      judge_expiry(entries, std::chrono::floor<std::chrono::days>(local), problems);
    }
    for (const ListEntry& entry : entries) {
      if (entry.past) past_ += file.inside + "\n" + entry.value + "\n";
    }
    if (!lists_.emplace(file.path.stem().string(), std::move(entries)).second) {
      problems.error({}, file.path.stem().string(), "another list of this pack has this name");
    }
  }

  void add_model(const PackFile& file) {
    models_bytes_ += file.inside + "\n" + file.bytes;
    Problems problems(file.path.string(), pack_.problems);
    read_model(file.bytes, file.path.stem().string(), pack_.models, problems);
  }

  void add_rules(const PackFile& file) {
    Problems problems(file.path.string(), pack_.problems);
    const std::vector<YamlDocument> documents = parse_yaml(file.bytes, problems);
    if (documents.empty() && problems.errors() == 0) problems.error({1, 1}, "", "the file holds no rule");
    const Settings settings = settings_of(file);
    const ParseContext context{problems, lists_, pack_.models, options_, settings.zone, settings.homophones};
    for (const YamlDocument& document : documents) {
      add_document(document, context, documents.size() == 1, settings.hash);
    }
  }

  void add_document(const YamlDocument& document, const ParseContext& context, bool alone,
                    const std::string& settings) {
    const YamlNode& root = *document.root;
    if (!root.is(YamlType::kMap)) {
      context.problems.error(root.mark, root.text, "a document is a map that begins with its title");
    } else if (root.find("correlation") != nullptr) {
      pack_.correlations.push_back(parse_correlation(root, context, alone));
      pack_.correlations.back().hash = hash_of(document, settings);
    } else if (root.find("filter") != nullptr) {
      pack_.filters.push_back(parse_filter(root, context, alone));
      pack_.filters.back().hash = hash_of(document, settings);
    } else {
      pack_.rules.push_back(parse_rule(root, context, alone));
      pack_.rules.back().hash = hash_of(document, settings);
    }
  }

  // Of its bytes, and of the lists, the models and the pack's settings where it may use them: equal hash, equal meaning.
  std::string hash_of(const YamlDocument& document, const std::string& settings) const {
    Sha256 hash;
    hash.add(document.bytes);
    for (std::string_view user : {"expand", "in_list"}) {
      if (document.bytes.find(user) != std::string_view::npos) hash.add(lists_bytes_ + past_);
    }
    if (document.bytes.find(kModelPrefix) != std::string_view::npos) hash.add(models_bytes_);
    if (!settings.empty()) hash.add(settings);
    return hash.hex();
  }

  LoadOptions options_;
  std::map<std::string, Settings> settings_;  // by folder inside the pack
  Lists lists_;
  std::string lists_bytes_;
  std::string models_bytes_;
  std::string past_;  // entries of lists that count no more
  Pack pack_;
};

}  // namespace

bool Pack::ok() const {
  return std::none_of(problems.begin(), problems.end(),
                      [](const Problem& problem) { return problem.severity == Severity::kError; });
}

Pack load_pack(const fs::path& path, const LoadOptions& options) {
  return Loader(options).load(path);
}

Pack load_text(std::string name, std::string text) {
  LoadOptions options;
  options.keep_placeholders = true;
  return Loader(options).load(name, {PackFile{name, name, std::move(text)}});
}

}  // namespace quanzu::rules
