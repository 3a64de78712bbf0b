// Instructions/List: the newest first. Sign and FeedBack are commands.
#include "adapters/api/methods.h"
#include "adapters/api/rows.h"

namespace quanzu::api {
namespace {

Result<std::string> list(Context& context, Call& call) {
  const Page page = take_page(call.fields);
  Filter filter;
  filter.equals("state", call.fields.text("state", Need::kOptional));
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

}  // namespace

void instructions_list(Context& context, Call call) {
  call.reply(list(context, call));
}

}  // namespace quanzu::api
