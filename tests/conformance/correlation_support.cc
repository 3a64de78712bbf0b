#include "tests/conformance/correlation_support.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <sstream>

#include "tests/catch.h"

namespace quanzu::rules::testing {
namespace {

namespace json = boost::json;

std::string text_of(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

Duration seconds(const json::value& value) {
  return Duration(static_cast<int64_t>(value.to_number<double>() * 1000));
}

CorrelationType type_of(const std::string& name) {
  static const std::map<std::string, CorrelationType> kTypes = {{"event_count", CorrelationType::kEventCount},
                                                                {"value_count", CorrelationType::kValueCount},
                                                                {"temporal", CorrelationType::kTemporal},
                                                                {"temporal_ordered", CorrelationType::kTemporalOrdered},
                                                                {"value_sum", CorrelationType::kValueSum},
                                                                {"value_avg", CorrelationType::kValueAvg},
                                                                {"value_percentile", CorrelationType::kValuePercentile},
                                                                {"value_median", CorrelationType::kValueMedian}};
  return kTypes.at(name);
}

BoundOp bound_of(const std::string& name) {
  static const std::map<std::string, BoundOp> kBounds = {{"gt", BoundOp::kGt}, {"gte", BoundOp::kGte},
                                                         {"lt", BoundOp::kLt}, {"lte", BoundOp::kLte},
                                                         {"eq", BoundOp::kEq}, {"neq", BoundOp::kNeq}};
  return kBounds.at(name);
}

std::unique_ptr<RuleNode> expression_of(const json::value& value, const Correlation& of) {
  auto out = std::make_unique<RuleNode>();
  if (value.is_string()) {
    const std::string name = text_of(value);
    while (out->rule < of.rules.size() && of.rules[out->rule].rule != name) ++out->rule;
    REQUIRE(out->rule < of.rules.size());
    return out;
  }
  const json::array& parts = value.as_array();
  const std::string op = text_of(parts[0]);
  out->type = op == "and" ? RuleNodeType::kAnd : op == "or" ? RuleNodeType::kOr : RuleNodeType::kNot;
  for (size_t i = 1; i < parts.size(); ++i) out->children.push_back(expression_of(parts[i], of));
  return out;
}

std::vector<std::string> names(const json::value& value) {
  if (value.is_string()) return {text_of(value)};
  std::vector<std::string> out;
  for (const json::value& each : value.as_array()) out.push_back(text_of(each));
  return out;
}

void read_condition(const json::value& value, Correlation& out) {
  if (!value.is_object()) {
    out.expression = expression_of(value, out);
    return;
  }
  for (const auto& [key, bound] : value.get_object()) out.bounds.push_back({bound_of(key), text_of(bound), {}});
}

void read_namespace(const json::object& json, Correlation& out) {
  if (const auto* window = json.if_contains("window")) {
    const json::object& of = window->as_object();
    out.window.emplace();
    if (of.contains("mode")) {
      out.window->mode = of.at("mode") == "arrival" ? WindowMode::kArrival : WindowMode::kSliding;
    }
    if (of.contains("lateness")) out.window->lateness = seconds(of.at("lateness"));
  }
  if (const auto* suppress = json.if_contains("suppress")) {
    out.suppress.emplace();
    out.suppress->period = seconds(suppress->as_object().at("for"));
    if (suppress->as_object().contains("by")) out.suppress->by = names(suppress->as_object().at("by"));
  }
}

// The fields of one event line.
class LineFields : public NamedFields {
 public:
  std::map<std::string, std::string, std::less<>> values;
  std::optional<std::string_view> text(std::string_view name) const override {
    const auto at = values.find(name);
    if (at == values.end()) return std::nullopt;
    return at->second;
  }
};

std::vector<RuleIndex> rules_of(const std::string& list, const Pack& pack) {
  std::vector<RuleIndex> out;
  for (RuleIndex i = 0; i < pack.rules.size(); ++i) {
    if (("," + list + ",").find("," + pack.rules[i].info.id + ",") != std::string::npos) out.push_back(i);
  }
  return out;
}

std::string shown(const OfflineLine& line, const OfflineAlert& alert, const Pack& pack) {
  std::ostringstream out;
  if (line.n) {
    out << '#' << *line.n;
  } else {
    out << '@' << static_cast<double>(to_ms(line.at)) / 1000;
  }
  out << ' ' << pack.correlations[alert.rule - pack.rules.size()].info.id;
  for (const auto& [name, value] : alert.group) out << ' ' << name << '=' << value;
  return out.str();
}

}  // namespace

Correlation correlation_from(const json::object& json) {
  Correlation out;
  out.file = "vector.yml";
  out.info.id = json.contains("id") ? text_of(json.at("id")) : "c";
  out.type = type_of(text_of(json.at("type")));
  for (const std::string& rule : names(json.at("rules"))) out.rules.push_back({rule, {}});
  if (json.contains("group-by")) out.group_by = names(json.at("group-by"));
  out.timespan = seconds(json.at("timespan"));
  if (json.contains("condition")) read_condition(json.at("condition"), out);
  if (json.contains("field")) out.fields = names(json.at("field"));
  if (json.contains("percentile")) out.percentile = text_of(json.at("percentile"));
  if (json.contains("generate")) out.generate = json.at("generate").as_bool();
  if (const auto* aliases = json.if_contains("aliases")) {
    for (const auto& [name, fields] : aliases->as_object()) {
      Alias alias;
      alias.name = name;
      for (const auto& [rule, field] : fields.as_object()) {
        alias.fields.push_back({{std::string(rule), {}}, text_of(field)});
      }
      out.aliases.push_back(std::move(alias));
    }
  }
  read_namespace(json, out);
  return out;
}

Pack pack_of(std::vector<Correlation> correlations) {
  Pack out;
  const auto is_known = [&](const std::string& name) {
    const auto has = [&](const Document& document) { return document.info.id == name; };
    return std::any_of(correlations.begin(), correlations.end(), has) ||
           std::any_of(out.rules.begin(), out.rules.end(), has);
  };
  for (const Correlation& each : correlations) {
    for (const RuleRef& ref : each.rules) {
      if (!is_known(ref.rule)) out.rules.emplace_back().info.id = ref.rule;
    }
  }
  out.correlations = std::move(correlations);
  return out;
}

std::vector<std::string> told(const Pack& pack, const std::vector<std::string>& events) {
  auto definitions = define(pack);
  INFO((definitions ? "" : definitions.error().message));
  REQUIRE(definitions.has_value());
  OfflineCorrelator correlator(std::move(*definitions));
  std::vector<OfflineLine> lines;
  for (const std::string& event : events) {
    std::istringstream in(event);
    std::string at;
    std::string list;
    in >> at >> list;
    LineFields fields;
    for (std::string field; in >> field;) {
      const size_t equals = field.find('=');
      fields.values[field.substr(0, equals)] = field.substr(equals + 1);
    }
    std::optional<Instant> time;
    if (at != "-") time = from_ms(static_cast<int64_t>(std::stod(at) * 1000));
    correlator.add(time, rules_of(list, pack), fields, lines);
  }
  correlator.finish(lines);
  std::vector<std::string> out;
  uint64_t next = 0;
  for (const OfflineLine& line : lines) {
    if (line.n) CHECK(*line.n == next++);
    for (const OfflineAlert& alert : line.alerts) out.push_back(shown(line, alert, pack));
  }
  CHECK(next == events.size());
  return out;
}

}  // namespace quanzu::rules::testing
