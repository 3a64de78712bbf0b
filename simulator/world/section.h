// Reads one map of a scenario key by key: what is asked for is known, what is left over is reported with the nearest word.
// Used by the scenario's reader alone; one thread.
#pragma once
#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/lang/yaml.h"

namespace quanzu::simulator {

class Section {
 public:
  // `node` may be null: then every key is absent. Something other than a map is reported.
  Section(const rules::YamlNode* node, std::string where, rules::Problems& problems);
  // Reports the keys that nobody asked for.
  void finish();

  const rules::YamlNode* find(std::string_view key);
  bool has(std::string_view key) const { return map_ != nullptr && map_->find(key) != nullptr; }
  void require(std::string_view key, std::string suggestion);

  void number(std::string_view key, uint32_t low, uint32_t high, uint32_t& out);
  void per_mille(std::string_view key, uint32_t& out) { number(key, 0, 1000, out); }
  void pair(std::string_view key, uint32_t low, uint32_t high, std::array<uint32_t, 2>& out);
  void boolean(std::string_view key, bool& out);
  void text(std::string_view key, std::string& out);
  void texts(std::string_view key, std::vector<std::string>& out);
  // A word of a known list; `accept` takes it or says no.
  void word(std::string_view key, const std::vector<std::string_view>& known,
            const std::function<void(std::string_view)>& accept);
  void words(std::string_view key, const std::vector<std::string_view>& known,
             const std::function<void(std::string_view)>& accept);

  void error(const rules::YamlNode& node, std::string_view text, std::string reason, std::string suggestion = {});
  const rules::YamlNode* node() const { return map_; }

 private:
  std::optional<uint32_t> whole(const rules::YamlNode& node, std::string_view key, uint32_t low, uint32_t high);
  void accept_word(const rules::YamlNode& node, std::string_view key, const std::vector<std::string_view>& known,
                   const std::function<void(std::string_view)>& accept);

  const rules::YamlNode* map_ = nullptr;
  std::string where_;
  rules::Problems& problems_;
  std::vector<std::string_view> asked_;
};

}  // namespace quanzu::simulator
