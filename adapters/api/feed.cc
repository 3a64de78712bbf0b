// Feed/Push, Status and Rejects: the feed as people see it.
#include <map>

#include "adapters/api/methods.h"
#include "adapters/api/rows.h"

namespace quanzu::api {
namespace {

namespace json = boost::json;
using store::Table;

// streams: stream_id, feed, stream, next_seq, accepted, rejected, latest_at.
json::object render_stream(const store::Row& row, Instant now) {
  const Instant latest = from_ms(integer(row, 6));
  const bool any = latest != Instant();
  json::object out;
  out["feed"] = text(row, 1);
  out["stream"] = text(row, 2);
  out["next_seq"] = integer(row, 3);
  out["accepted"] = integer(row, 4);
  out["rejected"] = integer(row, 5);
  out["latest_at"] = any ? json::value(format_rfc3339(latest)) : json::value(nullptr);
  out["behind_ms"] =
      any ? json::value((now - latest).count()) : json::value(nullptr);  // below zero: its clock is ahead
  return out;
}

Result<std::string> status(Context& context, Call& call) {
  if (const Result<void> done = call.fields.finish(); !done) return Failure(done.error());
  Result<Readers::Loan> reader = context.readers.lend();
  if (!reader) return Failure(reader.error());
  const Instant now = context.backend.now();
  json::array streams;
  const Result<void> read = (*reader)->scan(Table::kStreams, [&](const store::Row& row) -> Result<void> {
    streams.emplace_back(render_stream(row, now));
    return {};
  });
  if (!read) return Failure(read.error());
  return json::serialize(json::object{{"now", format_rfc3339(now)}, {"streams", std::move(streams)}});
}

using StreamNames = std::map<int64_t, std::pair<std::string, std::string>>;
Result<StreamNames> stream_names(store::Reader& reader) {
  StreamNames names;
  const Result<void> read = reader.scan(Table::kStreams, [&names](const store::Row& row) -> Result<void> {
    names[integer(row, 0)] = {text(row, 1), text(row, 2)};
    return {};
  });
  if (!read) return Failure(read.error());
  return names;
}

// rejects: stream_id, seq, reason, detail, payload, received_at. The payload is a resident's message: how
// many bytes it has is enough to find it in the sender's own log.
json::object render_reject(const store::Row& row, const StreamNames& names) {
  json::object out;
  const auto name = names.find(integer(row, 0));
  out["feed"] = name == names.end() ? std::string() : name->second.first;
  out["stream"] = name == names.end() ? std::string() : name->second.second;
  out["seq"] = integer(row, 1);
  out["reason"] = text(row, 2);
  out["detail"] = text(row, 3);
  out["payload_bytes"] = text(row, 4).size();
  out["received_at"] = format_rfc3339(from_ms(integer(row, 5)));
  return out;
}

Result<std::string> rejects(Context& context, Call& call) {
  const Page page = take_page(call.fields);
  Filter filter;
  filter.equals("reason", call.fields.text("reason", Need::kOptional));
  const std::string feed = call.fields.text("feed", Need::kOptional);
  const std::string stream = call.fields.text("stream", Need::kOptional);
  if (!feed.empty()) filter.add("stream_id IN (SELECT stream_id FROM streams WHERE feed = ?)", {feed});
  if (!stream.empty()) filter.add("stream_id IN (SELECT stream_id FROM streams WHERE stream = ?)", {stream});
  if (const Result<void> done = call.fields.finish(); !done) return Failure(done.error());
  const std::string filters = "rejects" + filter.text;
  if (!page.cursor.empty()) {
    const Result<std::vector<int64_t>> position = decode_cursor(page.cursor, filters, 2);
    if (!position) return Failure(position.error());
    filter.add("(stream_id, seq) < (?, ?)", {position->begin(), position->end()});
  }
  Result<Readers::Loan> reader = context.readers.lend();
  if (!reader) return Failure(reader.error());
  const Result<StreamNames> names = stream_names(**reader);
  if (!names) return Failure(names.error());
  Result<std::vector<store::Row>> rows =
      (*reader)->select(Table::kRejects, filter.where, filter.values, "stream_id DESC, seq DESC", page.size + 1);
  if (!rows) return Failure(rows.error());
  std::string next;
  if (rows->size() > page.size) {
    rows->resize(page.size);
    next = encode_cursor(filters, {integer(rows->back(), 0), integer(rows->back(), 1)});
  }
  json::array out;
  for (const store::Row& row : *rows) out.emplace_back(render_reject(row, *names));
  return json::serialize(json::object{{"rejects", std::move(out)}, {"next_cursor", next}});
}

}  // namespace

void feed_push(Context& context, Call call) {
  json::value signals = call.fields.raw("signals", Need::kRequired);
  if (!signals.is_null() && !signals.is_array()) call.fields.wrong("signals", "must be a list of flat JSON objects");
  if (const Result<void> done = call.fields.finish(); !done) return call.refuse(done.error());
  if (!context.push) return call.refuse(Error{Code::kUnavailable, "this server takes no pushed signals", {}, {}, 0});
  context.push(call.caller, call.key, std::move(signals.get_array()), call.reply);
}
void feed_status(Context& context, Call call) {
  call.reply(status(context, call));
}
void feed_rejects(Context& context, Call call) {
  call.reply(rejects(context, call));
}

}  // namespace quanzu::api
