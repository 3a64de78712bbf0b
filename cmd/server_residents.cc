// quanzud residents check: what another system's export of the registry says, which rows can't be taken and why, and what changed
// since the export before. Reads files alone.
#include <boost/json.hpp>
#include <chrono>
#include <iostream>

#include "adapters/registry/registry.h"
#include "adapters/store/files.h"
#include "cmd/server.h"

namespace quanzu::cmd {
namespace {

namespace json = boost::json;

struct ResidentsCommand {
  std::string file;
  std::string areas;
  std::string against;
  bool json = false;
};

int present_year() {
  const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  return static_cast<int>(std::chrono::year_month_day(today).year());
}

Failure in_file(const std::string& file, Error error) {
  if (error.message.find(file) == std::string::npos) error.message = file + ": " + error.message;
  return Failure(std::move(error));
}

Result<registry::RegistryFile> read(const std::string& file, const registry::AreaTree& areas) {
  const Result<std::string> bytes = store::read_file(file);
  if (!bytes) return Failure(bytes.error());
  Result<registry::RegistryFile> read = registry::read_registry(*bytes, areas, present_year());
  if (!read) return in_file(file, read.error());
  return read;
}

// An area that can't be read would make its residents' unknown: nothing is judged by half a tree.
Result<registry::AreaTree> read_tree(const std::string& file) {
  if (file.empty()) return registry::AreaTree();
  const Result<std::string> bytes = store::read_file(file);
  if (!bytes) return Failure(bytes.error());
  Result<registry::AreaFile> areas = registry::read_areas(*bytes);
  if (!areas) return in_file(file, areas.error());
  if (areas->errors.empty()) return std::move(areas->tree);
  const registry::RowError& first = areas->errors.front();
  return fail(Code::kInvalidArgument, file + ": line " + std::to_string(first.line) + ", column " + first.column +
                                          ": " + first.reason + " (" + std::to_string(areas->errors.size()) +
                                          " errors in all): mend the areas first");
}

json::array list(const std::vector<std::string>& ids) {
  json::array out;
  for (const std::string& id : ids) out.emplace_back(id);
  return out;
}

void print_json(const registry::RegistryFile& file, const registry::RegistryDiff* diff) {
  json::array rejected;
  for (const registry::RowError& each : file.errors) {
    rejected.emplace_back(json::object{{"line", each.line}, {"column", each.column}, {"reason", each.reason}});
  }
  json::object out{{"encoding", file.encoding},
                   {"separator", file.separator == '\t' ? "tab" : "comma"},
                   {"rows", file.rows},
                   {"sound", file.sound.size()},
                   {"rejected_rows", file.rejected()},
                   {"rejected", std::move(rejected)}};
  if (diff != nullptr) {
    json::array changed;
    for (const registry::RegistryDiff::Changed& each : diff->changed) {
      changed.emplace_back(json::object{{"id", each.id}, {"columns", list(each.columns)}});
    }
    out["added"] = list(diff->added);
    out["changed"] = std::move(changed);
    out["unchanged"] = diff->unchanged;
    out["missing"] = list(diff->missing);
  }
  std::cout << json::serialize(out) << '\n';
}

void print_text(const registry::RegistryFile& file, const registry::RegistryDiff* diff) {
  std::cout << file.rows << " rows, " << file.encoding << ", " << (file.separator == '\t' ? "tab" : "comma") << ": "
            << file.sound.size() << " sound, " << file.rejected() << " can't be taken\n";
  for (const registry::RowError& each : file.errors) {
    std::cout << "  line " << each.line << (each.column.empty() ? "" : ", column ") << each.column << ": "
              << each.reason << '\n';
  }
  if (diff == nullptr) return;
  std::cout << "against the file before: " << diff->added.size() << " added, " << diff->changed.size() << " changed, "
            << diff->unchanged << " unchanged, " << diff->missing.size() << " missing\n";
  for (const registry::RegistryDiff::Changed& each : diff->changed) {
    std::cout << "  " << each.id << ':';
    for (const std::string& column : each.columns) std::cout << ' ' << column;
    std::cout << '\n';
  }
}

int check(const ResidentsCommand& command) {
  const Result<registry::AreaTree> areas = read_tree(command.areas);
  if (!areas) return report(areas.error());
  const Result<registry::RegistryFile> file = read(command.file, *areas);
  if (!file) return report(file.error());
  std::optional<registry::RegistryDiff> diff;
  if (!command.against.empty()) {
    const Result<registry::RegistryFile> before = read(command.against, *areas);
    if (!before) return report(before.error());
    diff = registry::difference(before->sound, file->sound);
  }
  const registry::RegistryDiff* changes = diff ? &*diff : nullptr;
  command.json ? print_json(*file, changes) : print_text(*file, changes);
  return file->errors.empty() ? kOk : kFailed;
}

}  // namespace

void add_residents(CLI::App& app, int& exit_code) {
  CLI::App* residents = app.add_subcommand("residents", "The registry of residents, as another system exports it");
  residents->require_subcommand(1);
  CLI::App* sub = residents->add_subcommand(
      "check",
      "Read an export (comma or tab, UTF-8 or GB18030) and say which rows can't be taken, and why; changes nothing.\n"
      "Header: id,name,numbers(;),birth_year,area(/),lat,lon,datum,languages(;),facts(;),household,notes; id and "
      "numbers\n"
      "are needed. Exits: 0 every row is sound; 1 some are not; 3 a file can't be read");
  auto command = std::make_shared<ResidentsCommand>();
  sub->add_option("FILE", command->file, "The export")->required();
  sub->add_option("--areas", command->areas,
                  "The tree of areas, header area,lat,lon,datum; without: any area is taken");
  sub->add_option("--against", command->against, "The export before: what is added, changed, unchanged, missing");
  sub->add_flag("--json", command->json, "Print one JSON object");
  sub->callback([command, &exit_code] { exit_code = check(*command); });
}

}  // namespace quanzu::cmd
