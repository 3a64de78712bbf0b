#include "engine/time.h"

#include <rapidcheck.h>

#include "tests/catch.h"

using namespace quanzu;

TEST_CASE("RFC 3339 times are read to the millisecond of UTC") {
  struct Form {
    const char* text;
    int64_t ms;
  };
  const Form form = GENERATE(values<Form>({
      {"1970-01-01T00:00:00Z", 0},
      {"2026-11-24T10:00:00+08:00", 1795485600000},
      {"2026-11-24T02:00:00Z", 1795485600000},
      {"2026-11-23T21:30:00-04:30", 1795485600000},
      {"2026-11-24t02:00:00z", 1795485600000},
      {"2026-11-24 02:00:00Z", 1795485600000},
      {"2026-11-24T02:00:00-00:00", 1795485600000},
      {"2026-11-24T02:00:00.5Z", 1795485600500},
      {"2026-11-24T02:00:00.123999999Z", 1795485600123},
      {"1969-12-31T23:59:59.999Z", -1},
      {"2024-02-29T00:00:00Z", 1709164800000},
      {"0000-01-01T00:00:00Z", -62167219200000},
      {"9999-12-31T23:59:59Z", 253402300799000},
  }));
  INFO(form.text);
  const Result<Instant> at = parse_rfc3339(form.text);
  REQUIRE(at);
  CHECK(to_ms(*at) == form.ms);
}

TEST_CASE("what is no RFC 3339 time is refused with the part that is wrong") {
  struct Refused {
    const char* text;
    const char* reason;
  };
  const Refused form = GENERATE(values<Refused>({
      {"", "year"},
      {"2026-11-24T10:00:00", "has no zone"},
      {"2026-11-24T10:00:00.123", "has no zone"},
      {"2026-11-24T10:00:00 08:00", "has no zone"},
      {"2026-02-29T10:00:00Z", "calendar"},
      {"2026-04-31T10:00:00Z", "calendar"},
      {"2026-00-10T10:00:00Z", "calendar"},
      {"2026-13-10T10:00:00Z", "month"},
      {"2026-12-32T10:00:00Z", "day"},
      {"2026-12-10T24:00:00Z", "hour"},
      {"2026-12-10T10:60:00Z", "minute"},
      {"2026-12-10T10:00:61Z", "second"},
      {"2016-12-31T23:59:60Z", "leap seconds"},
      {"2026-12-10T10:00:00.Z", "without digits"},
      {"2026-12-10T10:00:00+24:00", "hours of 00 to 23 in its offset"},
      {"2026-12-10T10:00:00+08:60", "minutes of 00 to 59 in its offset"},
      {"2026-12-10T10:00:00+0800", "':' in its offset"},
      {"2026-12-10T10:00:00+8:00", "offset"},
      {"2026-12-10T10:00:00Z ", "goes on"},
      {"26-12-10T10:00:00Z", "year"},
      {"2026/12/10T10:00:00Z", "'-' after the year"},
      {"1795485600", "'-' after the year"},
      {"2026-12-10", "'T'"},
  }));
  INFO(form.text);
  const Result<Instant> at = parse_rfc3339(form.text);
  REQUIRE_FALSE(at);
  CHECK(at.error().code == Code::kInvalidArgument);
  INFO(at.error().message);
  CHECK(at.error().message.find(form.reason) != std::string::npos);
  CHECK(at.error().message.find(quoted(form.text)) != std::string::npos);
}

TEST_CASE("times are written in UTC, with milliseconds only where there are any") {
  CHECK(format_rfc3339(from_ms(1795485600000)) == "2026-11-24T02:00:00Z");
  CHECK(format_rfc3339(from_ms(1795485600007)) == "2026-11-24T02:00:00.007Z");
  CHECK(format_rfc3339(from_ms(-1)) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("a time past the year 9999 is written as the last that can be") {
  CHECK(format_rfc3339(kNever) == "9999-12-31T23:59:59.999Z");
  CHECK(format_rfc3339(Instant::min()) == "0000-01-01T00:00:00Z");
}

TEST_CASE("a time that is written is read back") {
  REQUIRE(rc::check("parse(format(t)) == t", [] {
    const auto ms = *rc::gen::inRange<int64_t>(-62167219200000, 253402300800000);
    RC_ASSERT(parse_rfc3339(format_rfc3339(from_ms(ms))).value() == from_ms(ms));
  }));
}
