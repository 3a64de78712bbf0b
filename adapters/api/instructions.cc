// Instructions/List, the newest first, and Paste, which reads a text and changes nothing. The others are commands.
#include "adapters/api/instruction_text.h"
#include "adapters/api/methods.h"
#include "adapters/api/rows.h"

namespace quanzu::api {
namespace {

namespace json = boost::json;

Result<std::string> list(Context& context, Call& call) {
  const Page page = take_page(call.fields);
  Filter filter;
  filter.equals("state", call.fields.text("state", Need::kOptional));
  const CaseId of_case = call.fields.id<CaseId>("case_id", Need::kOptional);
  if (of_case) filter.add("case_id = ?", {static_cast<int64_t>(of_case.value())});
  if (const Result<void> done = call.fields.finish(); !done) return Failure(done.error());
  const std::string filters = "instructions" + filter.text;
  if (!page.cursor.empty()) {
    const Result<std::vector<int64_t>> position = decode_cursor(page.cursor, filters, 1);
    if (!position) return Failure(position.error());
    filter.add("instruction_id < ?", {position->front()});
  }
  Result<Readers::Loan> reader = context.readers.lend();
  if (!reader) return Failure(reader.error());
  Result<std::vector<store::Row>> rows =
      (*reader)->select(store::Table::kInstructions, filter.where, filter.values, "instruction_id DESC", page.size + 1);
  if (!rows) return Failure(rows.error());
  std::string next;
  if (rows->size() > page.size) {
    rows->resize(page.size);
    next = encode_cursor(filters, {integer(rows->back(), 0)});
  }
  return render_page("instructions", *rows, column::kInstructionDoc, next);
}

json::value or_null(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

// With the whole numbers: who pastes a text has them before their eyes.
json::object render_pasted(const PastedInstruction& of, const std::string& text) {
  json::array deadlines;
  for (const PastedInstruction::Deadline& each : of.deadlines) {
    deadlines.emplace_back(json::object{
        {"action", each.action}, {"seconds", std::chrono::duration_cast<std::chrono::seconds>(each.within).count()}});
  }
  const std::optional<Instant> issued_at = of.issued_at.value;
  const std::optional<Level> level = of.level.value;
  return {{"upstream_id", or_null(of.upstream_id.value)},
          {"unit", or_null(of.unit.value)},
          {"issued_at", issued_at ? json::value(format_rfc3339(*issued_at)) : json::value(nullptr)},
          {"level", level ? json::value(level_name(*level)) : json::value(nullptr)},
          {"fraud_type", or_null(std::string(fraud_type_name(of.fraud_type.value)))},
          {"number", or_null(std::string(of.number.value.view()))},
          {"peer", or_null(std::string(of.peer.value.view()))},
          {"action", or_null(of.action.value)},
          {"text", text},
          {"deadlines", std::move(deadlines)}};
}

json::object render_confidence(const PastedInstruction& of) {
  return {{"upstream_id", confidence_name(of.upstream_id.confidence)},
          {"unit", confidence_name(of.unit.confidence)},
          {"issued_at", confidence_name(of.issued_at.confidence)},
          {"level", confidence_name(of.level.confidence)},
          {"fraud_type", confidence_name(of.fraud_type.confidence)},
          {"number", confidence_name(of.number.confidence)},
          {"peer", confidence_name(of.peer.confidence)},
          {"action", confidence_name(of.action.confidence)}};
}

// The instruction that is here under the issuer's number already.
Result<json::value> find_known(Context& context, const std::string& upstream_id) {
  if (upstream_id.empty()) return json::value(nullptr);
  Result<Readers::Loan> reader = context.readers.lend();
  if (!reader) return Failure(reader.error());
  const Result<std::vector<store::Row>> rows =
      (*reader)->select(store::Table::kInstructions, "upstream_id = ?", {upstream_id}, "instruction_id", 1);
  if (!rows) return Failure(rows.error());
  if (rows->empty()) return json::value(nullptr);
  return json::value(id_text(InstructionId(static_cast<uint64_t>(integer(rows->front(), 0)))));
}

Result<std::string> paste(Context& context, Call& call) {
  const std::string text = call.fields.text("text", Need::kRequired);
  if (const Result<void> done = call.fields.finish(); !done) return Failure(done.error());
  const PastedInstruction pasted = read_instruction(text, context.backend.now());
  if (!pasted.is_instruction()) {
    return fail(Code::kInvalidArgument,
                "this looks like no instruction: it has no resident's number, no number of an issuer and no level",
                "text");
  }
  Result<json::value> known = find_known(context, pasted.upstream_id.value);
  if (!known) return Failure(known.error());
  return json::serialize(json::object{{"parsed", render_pasted(pasted, text)},
                                      {"confidence", render_confidence(pasted)},
                                      {"known", std::move(*known)}});
}

}  // namespace

void instructions_paste(Context& context, Call call) {
  call.reply(paste(context, call));
}

void instructions_list(Context& context, Call call) {
  call.reply(list(context, call));
}

}  // namespace quanzu::api
