#include "rules/lang/load.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "rules/lang/link.h"
#include "rules/lang/parse_document.h"
#include "rules/lang/sha256.h"

namespace quanzu::rules {

namespace {

namespace fs = std::filesystem;

struct File {
  fs::path path;
  std::string inside;  // its path inside the pack
  std::string bytes;
};

bool is_rule_file(const fs::path& path) {
  return path.extension() == ".yml" || path.extension() == ".yaml";
}

bool is_list_file(const fs::path& path) {
  return path.parent_path().filename() == "lists" && (path.extension() == ".txt" || path.extension() == ".tsv");
}

class Loader {
 public:
  explicit Loader(const LoadOptions& options) : options_(options) {}

  Pack load(const fs::path& path) {
    std::vector<File> files = read_all(path);
    Sha256 hash;
    for (const File& file : files) {
      hash.add(file.inside);
      hash.add(file.bytes);
      if (is_list_file(file.path)) add_list(file);
    }
    pack_.hash = hash.hex();
    size_t rule_files = 0;
    for (const File& file : files) {
      if (!is_rule_file(file.path)) continue;
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

  std::vector<File> read_all(const fs::path& path) {
    std::vector<File> files;
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      read(path, path, files);
      return files;
    }
    for (fs::recursive_directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
      if (!at->is_regular_file(error) || (!is_rule_file(at->path()) && !is_list_file(at->path()))) continue;
      read(at->path(), path, files);
    }
    if (error) problem(path.string(), "the folder cannot be read: " + error.message());
    std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.inside < b.inside; });
    return files;
  }

  void read(const fs::path& path, const fs::path& root, std::vector<File>& files) {
    File file{path, (path == root ? path.filename() : path.lexically_relative(root)).string(), {}};
    std::ifstream stream(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << stream.rdbuf();
    if (!stream || (bytes.fail() && !bytes.str().empty())) {
      problem(path.string(), "the file cannot be read: does it exist, and may it be read?");
      return;
    }
    file.bytes = std::move(bytes).str();
    files.push_back(std::move(file));
  }

  void add_list(const File& file) {
    lists_bytes_ += file.inside + "\n" + file.bytes;
    Problems problems(file.path.string(), pack_.problems);
    std::vector<ListEntry> entries = parse_list(file.bytes, file.path.extension() == ".tsv", problems);
    if (!lists_.emplace(file.path.stem().string(), std::move(entries)).second) {
      problems.error({}, file.path.stem().string(), "another list of this pack has this name");
    }
  }

  void add_rules(const File& file) {
    Problems problems(file.path.string(), pack_.problems);
    const std::vector<YamlDocument> documents = parse_yaml(file.bytes, problems);
    if (documents.empty() && problems.errors() == 0) problems.error({1, 1}, "", "the file holds no rule");
    const ParseContext context{problems, lists_, options_};
    for (const YamlDocument& document : documents) add_document(document, context, documents.size() == 1);
  }

  void add_document(const YamlDocument& document, const ParseContext& context, bool alone) {
    const YamlNode& root = *document.root;
    if (!root.is(YamlType::kMap)) {
      context.problems.error(root.mark, root.text, "a document is a map that begins with its title");
    } else if (root.find("correlation") != nullptr) {
      pack_.correlations.push_back(parse_correlation(root, context, alone));
      pack_.correlations.back().hash = hash_of(document);
    } else if (root.find("filter") != nullptr) {
      pack_.filters.push_back(parse_filter(root, context, alone));
      pack_.filters.back().hash = hash_of(document);
    } else {
      pack_.rules.push_back(parse_rule(root, context, alone));
      pack_.rules.back().hash = hash_of(document);
    }
  }

  // Of its bytes, and of the lists where it may use them: equal hash, equal meaning.
  std::string hash_of(const YamlDocument& document) const {
    Sha256 hash;
    hash.add(document.bytes);
    for (std::string_view user : {"expand", "in_list"}) {
      if (document.bytes.find(user) != std::string_view::npos) hash.add(lists_bytes_);
    }
    return hash.hex();
  }

  LoadOptions options_;
  Lists lists_;
  std::string lists_bytes_;
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

}  // namespace quanzu::rules
