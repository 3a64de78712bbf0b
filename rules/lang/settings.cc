#include "rules/lang/settings.h"

#include "rules/lang/parse_document.h"
#include "rules/lang/scalar.h"
#include "rules/lang/sha256.h"

namespace quanzu::rules {

namespace {

Zone zone_of(const YamlNode& node, Problems& problems) {
  const std::optional<std::string> name = text_of(node, "time_zone", problems);
  if (!name) return {};
  Result<Zone> zone = Zone::find(*name);
  if (zone) return *zone;
  problems.error(node.mark, *name, zone.error().message, zone.error().field);
  return {};
}

bool flag_of(const YamlNode& node, Problems& problems) {
  if (node.is(YamlType::kScalar)) {
    const Scalar scalar = type_of(node);
    if (scalar.type == ScalarType::kBoolean) return scalar.boolean;
  }
  problems.error(node.mark, node.text, "homophones is true or false", "homophones: true");
  return false;
}

}  // namespace

Settings parse_settings(std::string_view bytes, Problems& problems) {
  Settings out;
  Sha256 hash;
  hash.add(bytes);
  out.hash = hash.hex();
  for (const YamlDocument& document : parse_yaml(bytes, problems)) {
    const YamlNode& root = *document.root;
    if (!root.is(YamlType::kMap)) {
      problems.error(root.mark, root.text, "pack.yml is a map of the pack's settings", "time_zone: Asia/Shanghai");
      continue;
    }
    for (const YamlEntry& entry : root.entries) {
      if (entry.key->text == "time_zone") {
        out.zone = zone_of(*entry.value, problems);
      } else if (entry.key->text == "homophones") {
        out.homophones = flag_of(*entry.value, problems);
      } else if (entry.key->text == "title") {
        problems.error(entry.key->mark, "title",
                       "pack.yml is for the pack's settings: give the rule's file another name");
      } else {
        unknown_key(*entry.key, "pack.yml", {"time_zone", "homophones"}, problems);
      }
    }
  }
  return out;
}

}  // namespace quanzu::rules
