#include "adapters/api/measure_rows.h"

#include "adapters/api/rows.h"

namespace quanzu::api {
namespace {

namespace json = boost::json;

std::optional<Instant> instant(const store::Row& row, size_t column) {
  const auto* ms = std::get_if<int64_t>(&row.values.at(column));
  return ms == nullptr ? std::nullopt : std::optional<Instant>(from_ms(*ms));
}

// exposures: case_id, resident_id, fraud_type, level, area, t0, lost_at, reached_at, contacted_at, truth,
// no_loss_at_horizon, excluded, closed.
Exposure exposure_of_row(const store::Row& row) {
  Exposure out;
  out.id = CaseId(static_cast<uint64_t>(integer(row, 0)));
  out.resident = ResidentId(static_cast<uint32_t>(integer(row, 1)));
  out.fraud_type = find_fraud_type(text(row, 2)).value_or(FraudType::kNone);
  out.level = find_level(text(row, 3)).value_or(Level::kNone);
  out.area = text(row, 4);
  out.t0 = from_ms(integer(row, 5));
  out.lost_at = instant(row, 6);
  out.reached_at = instant(row, 7);
  out.contacted_at = instant(row, 8);
  out.truth = find_truth(text(row, 9)).value_or(Truth::kUnlabelled);
  out.no_loss_at_horizon = integer(row, 10) != 0;
  out.excluded = text(row, 11);
  out.closed = integer(row, 12) != 0;
  return out;
}

std::string word(const json::object& of, std::string_view key) {
  const json::value* value = of.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}
std::optional<Instant> time(const json::object& of, std::string_view key) {
  const Result<Instant> at = parse_rfc3339(word(of, key));
  return at ? std::optional<Instant>(*at) : std::nullopt;
}

ClosedLoop closed_loop_of_document(const json::object& of) {
  ClosedLoop out;
  out.area = word(of, "area");
  out.fraud_type = find_fraud_type(word(of, "fraud_type")).value_or(FraudType::kNone);
  out.level = find_level(word(of, "level")).value_or(Level::kNone);
  out.issued_at = time(of, "issued_at").value_or(Instant());
  out.due = time(of, "feedback_due").value_or(Instant());
  out.fed_back_at = time(of, "fed_back_at");
  return out;
}

}  // namespace

Result<MeasureInput> read_measure_input(store::Reader& reader, const std::string& fed_back_by) {
  MeasureInput input;
  Result<void> read = reader.scan(store::Table::kExposures, [&input](const store::Row& row) -> Result<void> {
    input.exposures.push_back(exposure_of_row(row));
    return {};
  });
  if (!read) return Failure(read.error());
  read = reader.scan(store::Table::kInstructions, [&](const store::Row& row) -> Result<void> {
    const Result<json::object> of = document(text(row, column::kInstructionDoc));
    if (!of) return Failure(of.error());
    if (!fed_back_by.empty() && word(*of, "fed_back_by") != fed_back_by) return {};
    input.loops.push_back(closed_loop_of_document(*of));
    input.loops.back().id = InstructionId(static_cast<uint32_t>(integer(row, 0)));
    return {};
  });
  if (!read) return Failure(read.error());
  return input;
}

}  // namespace quanzu::api
