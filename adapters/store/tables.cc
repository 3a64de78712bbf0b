// The port's view of the tables that adapters/store/schema.cc makes; a test holds the two together.
#include <array>

#include "adapters/store/store.h"

namespace quanzu::store {
namespace {

// column:type; ? may be null; ! is personal data or a secret; # is one by which rows are found
struct Spec {
  std::string_view name;
  size_t keys;
  std::string_view columns;
};
constexpr std::array<Spec, kTableCount> kSpecs = {{
    {"meta", 1, "key:text value:text"},
    {"cases", 1,
     "case_id:int version:int kind:text state:text level:text score:int fraud_type:text area:text resident_id:int? "
     "opened_at:int due_at:int? lead:text closed_by:text closed_at:int? doc:text!"},
    {"exposures", 1,
     "case_id:int resident_id:int? fraud_type:text level:text area:text t0:int lost_at:int? reached_at:int? "
     "contacted_at:int? truth:text no_loss_at_horizon:int excluded:text closed:int"},
    {"instructions", 1, "instruction_id:int upstream_id:text state:text issued_at:int case_id:int? doc:text!"},
    {"residents", 1, "resident_id:int number:text# area:text birth_year:int? provisional:int doc:text!"},
    {"users", 1, "user_id:int name:text role:text disabled:int token_hash:text! password_hash:text! totp_secret:text!"},
    {"streams", 1, "stream_id:int feed:text stream:text next_seq:int accepted:int rejected:int latest_at:int"},
    {"packs", 1, "version:int hash:text rules:text"},
    {"alerts", 2, "sequence:int ordinal:int stream_id:int seq:int rule:text rule_version:text resident_id:int? at:int"},
    {"rejects", 2, "stream_id:int seq:int reason:text detail:text! payload:blob! received_at:int"},
    {"outbox", 1, "outreach_id:int case_id:int channel:text template:text at:int"},
    {"rules", 1, "rule:text state:text why:text switched_by:int? day:int? alerts:int held_back:int"},
    {"replies", 2, "user_id:int idempotency_key:text body_hash:text! sequence:int reply:text!"},
}};

ColumnType type_of(std::string_view word) {
  if (word == "int") return ColumnType::kInteger;
  if (word == "text") return ColumnType::kText;
  ENSURE(word == "blob", "a column is int, text or blob");
  return ColumnType::kBlob;
}

TableInfo describe(const Spec& spec) {
  TableInfo info;
  info.name = spec.name;
  info.key_columns = spec.keys;
  for (std::string_view rest = spec.columns; !rest.empty();) {
    std::string_view column = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(rest.size(), column.size() + 1));
    info.nullable.push_back(column.ends_with('?'));
    if (column.ends_with('#')) info.looked_up = info.columns.size();
    info.confidential.push_back(column.ends_with('!') || column.ends_with('#'));
    if (info.nullable.back() || info.confidential.back()) column.remove_suffix(1);
    const size_t colon = column.find(':');
    info.columns.push_back(column.substr(0, colon));
    info.types.push_back(type_of(column.substr(colon + 1)));
  }
  return info;
}

std::array<TableInfo, kTableCount> describe_all() {
  std::array<TableInfo, kTableCount> tables;
  for (size_t i = 0; i < kTableCount; ++i) tables[i] = describe(kSpecs[i]);
  return tables;
}

}  // namespace

const TableInfo& table_info(Table table) {
  static const std::array<TableInfo, kTableCount> tables = describe_all();
  return tables[static_cast<size_t>(table)];
}

}  // namespace quanzu::store
