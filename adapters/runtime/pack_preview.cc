#include "adapters/runtime/pack_preview.h"

#include <boost/json.hpp>
#include <chrono>
#include <map>

namespace quanzu::runtime {
namespace {

namespace json = boost::json;

// Every rule and correlation by id, with what its document says.
std::map<std::string, std::string> documents_of(const rules::Program& program) {
  std::map<std::string, std::string> out;
  for (const rules::Rule& each : program.pack().rules) out[each.info.id] = each.hash;
  for (const rules::Correlation& each : program.pack().correlations) out[each.info.id] = each.hash;
  return out;
}

std::map<std::string, uint64_t> windows_of(const rules::Definitions& definitions) {
  std::map<std::string, uint64_t> out;
  for (const rules::Definition& each : definitions.correlations) out[each.id] = each.identity;
  return out;
}

// A correlation keeps its windows where it and all below it in its chain are as before.
json::object render_windows(const rules::Definitions& live, const rules::Definitions& next) {
  const std::map<std::string, uint64_t> before = windows_of(live);
  json::array empty;
  int64_t kept = 0;
  for (const auto& [id, identity] : windows_of(next)) {
    const auto known = before.find(id);
    if (known != before.end() && known->second == identity) {
      ++kept;
    } else {
      empty.emplace_back(id);
    }
  }
  return {{"kept", kept}, {"start_empty", std::move(empty)}};
}

json::value ns_per_signal(const rules::Program& program, const std::vector<TextSample::Text>& texts) {
  if (texts.empty()) return nullptr;
  rules::Scanner scanner;
  std::vector<RuleIndex> matched;
  const auto scan_all = [&] {
    for (const TextSample::Text& each : texts) {
      Signal signal;
      signal.kind = each.kind;
      signal.set(Field::kText, each.text);
      matched.clear();
      scanner.scan(program, signal, matched);
    }
  };
  scan_all();  // buffers and caches
  const auto began = std::chrono::steady_clock::now();
  scan_all();
  const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - began;
  return took.count() / static_cast<double>(texts.size());
}

}  // namespace

void TextSample::offer(const Signal& signal) {
  if (!signal.has(Field::kText)) return;
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock) return;
  if (texts_.size() < kSize) texts_.resize(texts_.size() + 1);
  Text& oldest = texts_[next_ % kSize];
  oldest.kind = signal.kind;
  oldest.text = signal.string(Field::kText);
  next_ = (next_ + 1) % kSize;
}

std::vector<TextSample::Text> TextSample::texts() const {
  const std::scoped_lock lock(mutex_);
  return texts_;
}

std::string preview(const CompiledPacks& live, const CompiledPacks& next, double compile_seconds,
                    const std::vector<TextSample::Text>& texts) {
  const std::map<std::string, std::string> before = documents_of(*live.program);
  const std::map<std::string, std::string> after = documents_of(*next.program);
  json::array added;
  json::array changed;
  json::array removed;
  for (const auto& [id, hash] : after) {
    const auto known = before.find(id);
    if (known == before.end()) {
      added.emplace_back(id);
    } else if (known->second != hash) {
      changed.emplace_back(id);
    }
  }
  for (const auto& [id, hash] : before) {
    if (!after.contains(id)) removed.emplace_back(id);
  }
  const rules::ProgramSize& size = next.program->size();
  return json::serialize(json::object{{"hash", next.hash()},
                                      {"rules", after.size()},
                                      {"added", std::move(added)},
                                      {"changed", std::move(changed)},
                                      {"removed", std::move(removed)},
                                      {"windows", render_windows(live.definitions, next.definitions)},
                                      {"compile_seconds", compile_seconds},
                                      {"database_bytes", size.database_bytes},
                                      {"evaluated_for_every_signal", size.always_evaluated},
                                      {"ns_per_signal", json::object{{"live", ns_per_signal(*live.program, texts)},
                                                                     {"next", ns_per_signal(*next.program, texts)},
                                                                     {"texts", texts.size()}}}});
}

}  // namespace quanzu::runtime
