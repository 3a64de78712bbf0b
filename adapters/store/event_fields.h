// What each event is made of, once for writing, reading and hashing: fields(archive, x) visits x's fields in the order of
// the journal's format. The order and the tags are the format: append new tags, never change what one means.
#pragma once
#include "engine/event.h"
#include "engine/state_fields.h"

namespace quanzu::store {

enum class Tag : uint8_t {
  kGenesis = 1,
  kUserAdded = 2,
  kUserDisabled = 3,
  kUserReset = 4,
  kPackLive = 5,
  kStreamOpened = 6,
  kSignalBatch = 7,
  kTick = 8,
  kOutcomeMark = 9,
  kOpenCase = 32,  // commands from here
  kClaimNext = 33,
  kClaimTask = 34,
  kRenewLease = 35,
  kReleaseTask = 36,
  kRecordAttempt = 37,
  kCloseCase = 38,
  kRecordFollowUp = 39,
  kCorrectCase = 40,
  kDecideTruth = 41,
  kSignInstruction = 42,
  kFeedBackInstruction = 43,
  kAdvanceClock = 44,
  kSwitchRule = 45,
  kCreateInstruction = 46,
};

template <class T>
constexpr Tag kTagOf = Tag{};
template <>
inline constexpr Tag kTagOf<Genesis> = Tag::kGenesis;
template <>
inline constexpr Tag kTagOf<UserAdded> = Tag::kUserAdded;
template <>
inline constexpr Tag kTagOf<UserDisabled> = Tag::kUserDisabled;
template <>
inline constexpr Tag kTagOf<UserReset> = Tag::kUserReset;
template <>
inline constexpr Tag kTagOf<PackLive> = Tag::kPackLive;
template <>
inline constexpr Tag kTagOf<StreamOpened> = Tag::kStreamOpened;
template <>
inline constexpr Tag kTagOf<SignalBatch> = Tag::kSignalBatch;
template <>
inline constexpr Tag kTagOf<Tick> = Tag::kTick;
template <>
inline constexpr Tag kTagOf<OutcomeMark> = Tag::kOutcomeMark;
template <>
inline constexpr Tag kTagOf<OpenCase> = Tag::kOpenCase;
template <>
inline constexpr Tag kTagOf<ClaimNext> = Tag::kClaimNext;
template <>
inline constexpr Tag kTagOf<ClaimTask> = Tag::kClaimTask;
template <>
inline constexpr Tag kTagOf<RenewLease> = Tag::kRenewLease;
template <>
inline constexpr Tag kTagOf<ReleaseTask> = Tag::kReleaseTask;
template <>
inline constexpr Tag kTagOf<RecordAttempt> = Tag::kRecordAttempt;
template <>
inline constexpr Tag kTagOf<CloseCase> = Tag::kCloseCase;
template <>
inline constexpr Tag kTagOf<RecordFollowUp> = Tag::kRecordFollowUp;
template <>
inline constexpr Tag kTagOf<CorrectCase> = Tag::kCorrectCase;
template <>
inline constexpr Tag kTagOf<DecideTruth> = Tag::kDecideTruth;
template <>
inline constexpr Tag kTagOf<SignInstruction> = Tag::kSignInstruction;
template <>
inline constexpr Tag kTagOf<FeedBackInstruction> = Tag::kFeedBackInstruction;
template <>
inline constexpr Tag kTagOf<AdvanceClock> = Tag::kAdvanceClock;
template <>
inline constexpr Tag kTagOf<SwitchRule> = Tag::kSwitchRule;
template <>
inline constexpr Tag kTagOf<CreateInstruction> = Tag::kCreateInstruction;

template <class A>
void fields(A& a, In<A, Genesis>& e) {
  a(e.store_id, e.hash_seed[0], e.hash_seed[1]);
}
template <class A>
void fields(A& a, In<A, UserAdded>& e) {
  a(e.user.name, e.user.role, e.user.disabled, e.user.token_hash, e.user.password_hash, e.user.totp_secret);
}
template <class A>
void fields(A& a, In<A, UserDisabled>& e) {
  a(e.name, e.disabled);
}
template <class A>
void fields(A& a, In<A, UserReset>& e) {
  a(e.name, e.token_hash, e.password_hash, e.totp_secret);
}
template <class A>
void fields(A& a, In<A, PackLive>& e) {
  a(e.version, e.hash, e.rules, e.correlations, e.folder_hash);
}
template <class A>
void fields(A& a, In<A, StreamOpened>& e) {
  a(e.feed, e.stream);
}
template <class A>
void fields(A&, In<A, Tick>&) {}
template <class A>
void fields(A& a, In<A, OutcomeMark>& e) {
  a(e.outcome);
}
template <class A>
void fields(A& a, In<A, OpenCase>& e) {
  a(e.resident, e.number, e.place, e.kind, e.fraud_type, e.level, e.text, e.source);
}
template <class A>
void fields(A& a, In<A, ClaimNext>& e) {
  a(e.types);
}
template <class A>
void fields(A& a, In<A, ClaimTask>& e) {
  a(e.task, e.version);
}
template <class A>
void fields(A& a, In<A, RenewLease>& e) {
  a(e.task);
}
template <class A>
void fields(A& a, In<A, ReleaseTask>& e) {
  a(e.task);
}
template <class A>
void fields(A& a, In<A, RecordAttempt>& e) {
  a(e.task, e.version, e.result, e.identity, e.line_cut, e.stopped_by, e.note);
}
template <class A>
void fields(A& a, In<A, CloseCase>& e) {
  a(e.case_id, e.version, e.reason, e.proof, e.second_person);
}
template <class A>
void fields(A& a, In<A, RecordFollowUp>& e) {
  a(e.case_id, e.version, e.point, e.verdict, e.loss, e.lost_at, e.source);
}
template <class A>
void fields(A& a, In<A, CorrectCase>& e) {
  a(e.case_id, e.field, e.value, e.why);
}
template <class A>
void fields(A& a, In<A, DecideTruth>& e) {
  a(e.case_id, e.truth, e.criteria);
}
template <class A>
void fields(A& a, In<A, SignInstruction>& e) {
  a(e.instruction);
}
template <class A>
void fields(A& a, In<A, FeedBackInstruction>& e) {
  a(e.instruction, e.text, e.action);
}
template <class A>
void fields(A& a, In<A, AdvanceClock>& e) {
  a(e.by);
}
template <class A>
void fields(A& a, In<A, SwitchRule>& e) {
  a(e.rule, e.on, e.why);
}
template <class A>
void fields(A& a, In<A, CreateInstruction>& e) {
  a(e.upstream_id, e.unit, e.action, e.fraud_type, e.level, e.resident, e.peer, e.text, e.issued_at);
}

// Before a command's own fields.
template <class A>
void command_header(A& a, In<A, Command>& e) {
  a(e.user, e.idempotency_key, e.body_hash);
}

}  // namespace quanzu::store
