// What a chain makes of one scalar: a function a family.
#include <arpa/inet.h>

#include <cmath>
#include <cstring>

#include "rules/lang/modifiers.h"
#include "rules/lang/scalar.h"
#include "rules/lang/value.h"

namespace quanzu::rules {

namespace {

using Values = std::optional<std::vector<Value>>;
using Parts = std::vector<StringPart>;

constexpr size_t kMostValues = 10'000;  // that one scalar may become

// One scalar on its way through a chain.
class Application {
 public:
  Application(const Chain& chain, const YamlNode& node, const ValueContext& context)
      : chain_(chain), node_(node), scalar_(type_of(node)), context_(context) {}

  Values run() {
    switch (chain_.family) {
      case Family::kPlain:
        return plain();
      case Family::kRegex:
        return regexes();
      case Family::kCidr:
        return networks();
      case Family::kExists:
        if (scalar_.type != ScalarType::kBoolean) return refused("exists takes true or false", "true");
        return one(Exists{scalar_.boolean});
      case Family::kCompare:
        if (!is_number()) return refused("a comparison takes a number", number_suggestion());
        return one(CompareValue{*compare(), scalar_.number});
      case Family::kTime:
        return time_part();
      case Family::kFieldRef:
        return field_reference();
      case Family::kInList:
        return in_list();
    }
    return std::nullopt;
  }

 private:
  std::nullopt_t refused(std::string reason, std::string suggestion = {}) const {
    context_.problems.error(node_.mark, shown(), std::move(reason), std::move(suggestion));
    return std::nullopt;
  }
  static Values one(Value value) {
    Values values(std::in_place);
    values->push_back(std::move(value));
    return values;
  }

  std::string_view shown() const { return node_.is(YamlType::kNull) ? std::string_view("null") : node_.text; }
  bool is_string() const { return scalar_.type == ScalarType::kString; }
  bool is_number() const { return scalar_.type == ScalarType::kNumber && std::isfinite(scalar_.number); }
  std::string in_quotes() const { return "'" + std::string(shown()) + "'"; }
  std::string number_suggestion() const { return is_string() && json_number(node_.text) ? node_.text : ""; }

  std::optional<Compare> compare() const {
    if (chain_.has(Modifier::kLt)) return Compare::kLess;
    if (chain_.has(Modifier::kLte)) return Compare::kLessEqual;
    if (chain_.has(Modifier::kGt)) return Compare::kGreater;
    if (chain_.has(Modifier::kGte)) return Compare::kGreaterEqual;
    return std::nullopt;
  }

  Values plain() {
    if (is_string()) return strings();
    if (chain_.transforms_text()) return refused("these modifiers take strings only", in_quotes());
    switch (scalar_.type) {
      case ScalarType::kBoolean:
        return one(scalar_.boolean);
      case ScalarType::kNumber:
        if (!is_number()) return refused("no event holds such a number", in_quotes());
        return one(NumberValue{scalar_.number, node_.text});
      default:
        return one(Null{});
    }
  }

  Values strings() {
    std::vector<Parts> texts = {parse_pattern(node_.text, chain_.has(Modifier::kExpand))};
    for (Modifier modifier : chain_.modifiers) {
      if (!transform(modifier, texts)) return std::nullopt;
    }
    Values values(std::in_place);
    for (Parts& parts : texts) {
      values->push_back(StringPattern{std::move(parts), chain_.has(Modifier::kCased), chain_.has(Modifier::kPhonetic)});
    }
    return values;
  }

  bool transform(Modifier modifier, std::vector<Parts>& texts) {
    switch (modifier) {
      case Modifier::kContains:
      case Modifier::kStartsWith:
      case Modifier::kEndsWith:
        for (Parts& parts : texts) {
          if (modifier != Modifier::kStartsWith) open_left(parts);
          if (modifier != Modifier::kEndsWith) open_right(parts);
        }
        return true;
      case Modifier::kExpand:
        return expand(texts);
      case Modifier::kWindash:
        return windash(texts);
      case Modifier::kBase64:
      case Modifier::kBase64Offset:
      case Modifier::kWide:
      case Modifier::kUtf16Le:
      case Modifier::kUtf16Be:
      case Modifier::kUtf16:
        return encode(modifier, texts);
      default:
        return true;
    }
  }

  bool encode(Modifier modifier, std::vector<Parts>& texts) {
    std::vector<Parts> encoded;
    for (const Parts& parts : texts) {
      const std::string* literal = parts.size() == 1 ? std::get_if<std::string>(&parts[0]) : nullptr;
      if (literal == nullptr) {
        refused(parts.empty() ? "nothing to encode"
                : has_placeholder(parts)
                    ? "a placeholder is encoded only where its list is known"
                    : "a wildcard cannot be encoded: escape it, or put contains behind the encoding");
        return false;
      }
      for (std::string& text : encodings(modifier, *literal)) encoded.push_back({std::move(text)});
    }
    if (encoded.empty()) {
      refused("too short for base64offset: nothing of it is the same at every offset");
      return false;
    }
    texts = std::move(encoded);
    return true;
  }

  static std::vector<std::string> encodings(Modifier modifier, std::string_view text) {
    switch (modifier) {
      case Modifier::kBase64:
        return {base64(text)};
      case Modifier::kBase64Offset:
        return base64_offsets(text);
      case Modifier::kUtf16Be:
        return {utf16(text, true)};
      case Modifier::kUtf16:
        return {"\xFF\xFE" + utf16(text, false)};
      default:
        return {utf16(text, false)};
    }
  }

  bool windash(std::vector<Parts>& texts) {
    std::vector<Parts> all;
    for (const Parts& parts : texts) {
      Result<std::vector<Parts>> variants = windash_variants(parts);
      if (!variants) {
        refused(variants.error().message);
        return false;
      }
      for (Parts& variant : *variants) all.push_back(std::move(variant));
    }
    return fits(all.size()) && (texts = std::move(all), true);
  }

  bool fits(size_t count) const {
    if (count <= kMostValues) return true;
    refused("becomes more than 10,000 values: use in_list for long lists");
    return false;
  }

  // Replaces each placeholder by each entry of its list.
  bool expand(std::vector<Parts>& texts) {
    std::vector<Parts> resolved;
    for (const Parts& parts : texts) {
      std::vector<Parts> some = {{}};
      for (const StringPart& part : parts) {
        const std::optional<std::vector<Parts>> choices = choices_of(part);
        if (!choices) return false;
        std::vector<Parts> longer;
        if (!fits(some.size() * choices->size())) return false;
        for (const Parts& begun : some) {
          for (const Parts& choice : *choices) longer.push_back(joined(begun, choice));
        }
        some = std::move(longer);
      }
      for (Parts& text : some) resolved.push_back(std::move(text));
    }
    texts = std::move(resolved);
    return true;
  }

  static Parts joined(Parts begun, const Parts& more) {
    for (const StringPart& part : more) {
      if (const auto* literal = std::get_if<std::string>(&part)) {
        append_literal(begun, *literal);
      } else if (part == StringPart(Wildcard::kAnyRun)) {
        open_right(begun);
      } else {
        begun.push_back(part);
      }
    }
    return begun;
  }

  std::optional<std::vector<Parts>> choices_of(const StringPart& part) const {
    const auto* placeholder = std::get_if<Placeholder>(&part);
    if (placeholder == nullptr) return std::vector<Parts>{{part}};
    const auto list = context_.lists.find(placeholder->name);
    if (list == context_.lists.end()) {
      if (context_.keep_placeholders) return std::vector<Parts>{{part}};
      return refused("no list resolves the placeholder %" + placeholder->name +
                     "%: " + missing_list(placeholder->name));
    }
    const std::optional<std::vector<std::string_view>> entries = entries_of(*list);
    if (!entries) return std::nullopt;
    std::vector<Parts> choices;
    for (std::string_view entry : *entries) choices.push_back(parse_pattern(entry, false));
    return choices;
  }

  // Those that still count. Where none does the item never holds: a list that ran out must not stop a server.
  std::optional<std::vector<std::string_view>> entries_of(const Lists::value_type& list) const {
    if (list.second.empty()) return refused("the list '" + list.first + "' has no entry");
    std::vector<std::string_view> out;
    for (const ListEntry& entry : list.second) {
      if (!entry.past) out.push_back(entry.value);
    }
    if (out.empty()) {
      context_.problems.warn(node_.mark, shown(), "no entry of the list '" + list.first + "' counts any longer");
    }
    return out;
  }

  std::string missing_list(std::string_view name) const {
    std::vector<std::string_view> known;
    for (const auto& [list, entries] : context_.lists) known.push_back(list);
    const std::string near = nearest(name, known);
    return near.empty() ? "add lists/" + std::string(name) + ".txt" : "is '" + near + "' meant?";
  }

  Values regexes() {
    if (!is_string()) return refused("a regular expression is a string", in_quotes());
    if (node_.text.empty()) return refused("an empty regular expression matches everything", "exists: true");
    std::vector<std::string> patterns = {node_.text};
    if (chain_.has(Modifier::kExpand) && !expand_regex(patterns)) return std::nullopt;
    Values values(std::in_place);
    for (std::string& pattern : patterns) {
      values->push_back(
          Regex{std::move(pattern), chain_.has(Modifier::kI), chain_.has(Modifier::kM), chain_.has(Modifier::kS)});
    }
    return values;
  }

  // %name% inside an expression: each entry literally, its wildcards as runs and single characters.
  bool expand_regex(std::vector<std::string>& patterns) {
    const std::string text = node_.text;
    patterns = {""};
    size_t copied = 0;
    for (size_t at = text.find('%'); at != std::string::npos; at = text.find('%', at + 1)) {
      if (at > 0 && text[at - 1] == '\\') continue;
      const Parts parts = parse_pattern(std::string_view(text).substr(at), true);
      if (parts.empty() || !std::holds_alternative<Placeholder>(parts[0])) continue;
      const std::string name = "%" + std::get<Placeholder>(parts[0]).name + "%";
      const std::optional<std::vector<Parts>> choices = choices_of(parts[0]);
      if (!choices || !fits(patterns.size() * choices->size())) return false;
      std::vector<std::string> longer;
      for (const std::string& begun : patterns) {
        for (const Parts& choice : *choices) {
          longer.push_back(begun + text.substr(copied, at - copied) + expression_of(choice));
        }
      }
      patterns = std::move(longer);
      copied = at + name.size();
      at = copied - 1;
    }
    for (std::string& pattern : patterns) pattern += text.substr(copied);
    return true;
  }

  static std::string expression_of(const Parts& parts) {
    std::string out;
    for (const StringPart& part : parts) {
      if (const auto* literal = std::get_if<std::string>(&part)) {
        for (char c : *literal) {
          if (std::strchr("\\^$.|?*+()[]{}-/", c) != nullptr && c != '\0') out.push_back('\\');
          out.push_back(c);
        }
      } else if (const auto* placeholder = std::get_if<Placeholder>(&part)) {
        out += "%" + placeholder->name + "%";
      } else {
        out += std::get<Wildcard>(part) == Wildcard::kAnyRun ? "(?s:.*)" : "(?s:.)";
      }
    }
    return out;
  }

  Values networks() {
    if (!is_string()) return refused("a network is text like '10.0.0.0/8'", is_number() ? in_quotes() : "");
    std::vector<Parts> texts = {parse_pattern(node_.text, chain_.has(Modifier::kExpand))};
    if (chain_.has(Modifier::kExpand) && !expand(texts)) return std::nullopt;
    Values values(std::in_place);
    for (const Parts& parts : texts) {
      if (has_placeholder(parts)) {
        values->push_back(StringPattern{parts});
        continue;
      }
      const std::string* text = parts.size() == 1 ? std::get_if<std::string>(&parts[0]) : nullptr;
      if (text == nullptr) return refused("a network has no wildcards", "10.0.0.0/8");
      std::optional<Cidr> network = network_of(*text);
      if (!network) return std::nullopt;
      values->push_back(*std::move(network));
    }
    return values;
  }

  std::optional<Cidr> network_of(const std::string& text) const {
    Cidr network;
    network.text = text;
    const size_t slash = text.find('/');
    const std::string address = text.substr(0, slash);
    network.v6 = address.find(':') != std::string::npos;
    if (inet_pton(network.v6 ? AF_INET6 : AF_INET, address.c_str(), network.address.data()) != 1) {
      return refused("'" + address + "' is no address of IPv4 or IPv6");
    }
    const int longest = network.v6 ? 128 : 32;
    network.prefix = longest;
    if (slash != std::string::npos) {
      const std::optional<double> length = json_number(text.substr(slash + 1));
      if (!length || *length < 0 || *length > longest || *length != std::floor(*length)) {
        return refused("the length of the network is a number from 0 to " + std::to_string(longest));
      }
      network.prefix = static_cast<int>(*length);
    }
    std::array<uint8_t, 16> masked = network.address;
    for (int i = 0; i < longest; ++i) {
      if (i >= network.prefix) masked[static_cast<size_t>(i / 8)] &= static_cast<uint8_t>(~(0x80U >> (i % 8)));
    }
    if (masked == network.address) return network;
    std::array<char, INET6_ADDRSTRLEN> shown{};
    inet_ntop(network.v6 ? AF_INET6 : AF_INET, masked.data(), shown.data(), shown.size());
    return refused("bits are set behind the length of the network",
                   std::string(shown.data()) + "/" + std::to_string(network.prefix));
  }

  Values time_part() {
    constexpr std::array<Modifier, 6> kUnits = {Modifier::kMinute, Modifier::kHour,  Modifier::kDay,
                                                Modifier::kWeek,   Modifier::kMonth, Modifier::kYear};
    constexpr std::array<std::pair<double, double>, 6> kRanges = {
        {{0, 59}, {0, 23}, {1, 31}, {1, 53}, {1, 12}, {0, 9999}}};
    size_t unit = 0;
    while (!chain_.has(kUnits[unit])) ++unit;
    if (!is_number() || scalar_.number != std::floor(scalar_.number)) {
      return refused("a part of a time is a whole number", number_suggestion());
    }
    const auto [least, most] = kRanges[unit];
    if (scalar_.number < least || scalar_.number > most) {
      return refused("out of range: this part of a time is " + std::to_string(static_cast<int>(least)) + " to " +
                     std::to_string(static_cast<int>(most)));
    }
    return one(TimePart{static_cast<TimeUnit>(unit), compare(), scalar_.number, context_.zone});
  }

  Values field_reference() {
    if (!is_string()) return refused("a field's name is text", in_quotes());
    if (node_.text.empty()) return refused("the name of the other field is missing");
    FieldRef reference{node_.text, FieldMatch::kWhole, chain_.has(Modifier::kCased)};
    if (chain_.has(Modifier::kContains)) reference.match = FieldMatch::kContains;
    if (chain_.has(Modifier::kStartsWith)) reference.match = FieldMatch::kStartsWith;
    if (chain_.has(Modifier::kEndsWith)) reference.match = FieldMatch::kEndsWith;
    return one(std::move(reference));
  }

  // Whole values, without wildcards: the matcher looks them up.
  Values in_list() {
    if (!is_string()) return refused("a list's name is text", in_quotes());
    const auto list = context_.lists.find(node_.text);
    if (list == context_.lists.end()) return refused("no such list: " + missing_list(node_.text));
    const std::optional<std::vector<std::string_view>> entries = entries_of(*list);
    if (!entries) return std::nullopt;
    Values values(std::in_place);
    for (std::string_view entry : *entries) {
      values->push_back(StringPattern{{std::string(entry)}, chain_.has(Modifier::kCased)});
    }
    return values;
  }

  const Chain& chain_;
  const YamlNode& node_;
  Scalar scalar_;
  const ValueContext& context_;
};

}  // namespace

std::optional<std::vector<Value>> apply_chain(const Chain& chain, const YamlNode& scalar, const ValueContext& context) {
  std::optional<std::vector<Value>> values = Application(chain, scalar, context).run();
  if (!values || !context.homophones) return values;
  for (Value& value : *values) {
    if (auto* pattern = std::get_if<StringPattern>(&value)) pattern->heard = !pattern->cased && !pattern->phonetic;
    if (auto* regex = std::get_if<Regex>(&value)) regex->heard = true;
  }
  return values;
}

}  // namespace quanzu::rules
