#include "simulator/html.h"

namespace quanzu::simulator {
namespace {

constexpr std::string_view kStyle =
    "body{font:15px/1.5 system-ui,'Noto Sans CJK SC',sans-serif;max-width:70em;margin:2em auto;padding:0 "
    "1em;color:#1b2733}"
    "h1{font-size:1.5em}h2{font-size:1.15em;margin-top:2em}table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;padding:.25em .8em .25em 0;border-bottom:1px solid #d6dde3;vertical-align:top}"
    "td:not(:first-child){font-variant-numeric:tabular-nums}.bar{display:inline-block;height:.8em;background:#c2571a}"
    ".bar.before{background:#8aa3b5}p.note{color:#55636f}@media print{body{margin:0}}";

}  // namespace

std::string grouped(uint64_t number) {
  std::string digits = std::to_string(number);
  for (auto at = static_cast<ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<size_t>(at), 1, ',');
  }
  return digits;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out.push_back(c);
    }
  }
  return out;
}

std::string cell(std::string_view text, std::string_view tag) {
  return "<" + std::string(tag) + ">" + escaped(text) + "</" + std::string(tag) + ">";
}

std::string page_head(std::string_view title) {
  const std::string name = escaped(title);
  return "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'><title>" +
         name + "</title><style>" + std::string(kStyle) + "</style><h1>" + name + "</h1>";
}

std::string page_end() {
  return "</html>\n";
}

}  // namespace quanzu::simulator
