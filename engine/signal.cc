#include "engine/signal.h"

#include <initializer_list>

#include "engine/names.h"

namespace quanzu {
namespace {

constexpr Names<kKindCount> kKindNames = {"sms", "call", "url", "app", "transfer", "report", "instruction"};

constexpr uint8_t kinds(std::initializer_list<Kind> list) {
  unsigned bits = 0;
  for (const Kind kind : list) bits |= 1U << static_cast<unsigned>(kind);
  return static_cast<uint8_t>(bits);
}

constexpr uint8_t kAll = (1U << kKindCount) - 1;
constexpr uint8_t kSms = kinds({Kind::kSms});
constexpr uint8_t kCall = kinds({Kind::kCall});
constexpr uint8_t kUrl = kinds({Kind::kUrl});
constexpr uint8_t kApp = kinds({Kind::kApp});
constexpr uint8_t kTransfer = kinds({Kind::kTransfer});
constexpr uint8_t kReport = kinds({Kind::kReport});
constexpr uint8_t kInstruction = kinds({Kind::kInstruction});

constexpr std::array<FieldInfo, kFieldCount> kFields = {{
    {Field::kResidentNumber, "resident.number", FieldType::kString, kAll},
    {Field::kPeerNumber, "peer.number", FieldType::kString, kSms | kCall},
    {Field::kText, "text", FieldType::kString, kSms | kCall | kReport | kInstruction},
    {Field::kDirection, "direction", FieldType::kString, kSms | kCall},
    {Field::kState, "state", FieldType::kString, kCall},
    {Field::kCallId, "call.id", FieldType::kString, kCall},
    {Field::kCallMedium, "call.medium", FieldType::kString, kCall},
    {Field::kUrl, "url", FieldType::kString, kUrl},
    {Field::kUrlHost, "url.host", FieldType::kString, kUrl},
    {Field::kUrlScheme, "url.scheme", FieldType::kString, kUrl},
    {Field::kTitle, "title", FieldType::kString, kUrl},
    {Field::kAppName, "app.name", FieldType::kString, kApp},
    {Field::kAppPackage, "app.package", FieldType::kString, kUrl | kApp},
    {Field::kAppAction, "app.action", FieldType::kString, kApp},
    {Field::kPeerAccount, "peer.account", FieldType::kString, kTransfer},
    {Field::kPeerName, "peer.name", FieldType::kString, kTransfer},
    {Field::kTransferChannel, "transfer.channel", FieldType::kString, kTransfer},
    {Field::kTransferState, "transfer.state", FieldType::kString, kTransfer},
    {Field::kChannel, "channel", FieldType::kString, kReport},
    {Field::kCategory, "category", FieldType::kString, kReport},
    {Field::kPlace, "place", FieldType::kString, kReport},
    {Field::kInstructionId, "instruction.id", FieldType::kString, kInstruction},
    {Field::kInstructionUpstream, "instruction.upstream", FieldType::kString, kInstruction},
    {Field::kInstructionUnit, "instruction.unit", FieldType::kString, kInstruction},
    {Field::kLevel, "level", FieldType::kString, kInstruction},
    {Field::kFraudType, "fraud.type", FieldType::kString, kInstruction},
    {Field::kRequiredAction, "required_action", FieldType::kString, kInstruction},
    {Field::kDurationS, "duration_s", FieldType::kNumber, kCall},
    {Field::kAmountFen, "amount_fen", FieldType::kNumber, kTransfer},
    {Field::kForwardingSet, "forwarding_set", FieldType::kBoolean, kCall},
    {Field::kRoaming, "roaming", FieldType::kBoolean, kCall},
    {Field::kIssuedAt, "issued_at", FieldType::kTime, kInstruction},
}};

constexpr bool in_field_order() {
  for (size_t i = 0; i < kFieldCount; ++i) {
    if (static_cast<size_t>(kFields[i].field) != i) return false;
    if ((kFields[i].type == FieldType::kString) != (i < kStringFieldCount)) return false;
  }
  return true;
}
static_assert(in_field_order(), "field_info() indexes the table by Field");

}  // namespace

std::string_view kind_name(Kind kind) {
  return name_in(kKindNames, kind);
}
std::optional<Kind> find_kind(std::string_view name) {
  return find_in<Kind>(kKindNames, name);
}

const std::array<FieldInfo, kFieldCount>& field_table() {
  return kFields;
}

std::optional<Field> find_field(std::string_view name) {
  for (const FieldInfo& info : kFields) {
    if (info.name == name) return info.field;
  }
  return std::nullopt;
}

}  // namespace quanzu
