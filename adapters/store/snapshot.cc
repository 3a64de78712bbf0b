#include "adapters/store/snapshot.h"

#include <algorithm>
#include <cstdio>

#include "adapters/store/files.h"
#include "adapters/store/seal.h"
#include "engine/bytes.h"

namespace quanzu::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "quanzu snapshot 2\n";
constexpr std::string_view kMagicOfAny = "quanzu snapshot ";
constexpr std::string_view kExtension = ".snapshot";
constexpr size_t kKept = 2;
constexpr size_t kPart =
    size_t{16} << 20;  // a packed piece: LZ4 takes no more than 2 GiB at once, and memory is shared
constexpr uint64_t kMostState = uint64_t{64} << 30;

template <class Archive, class Head>
void visit(Archive& archive, Head& head) {
  archive(head.store_id, head.block, head.sequence, head.at, head.chain, head.digest, head.state_size);
}

Failure damaged(const char* what) {
  return fail(Code::kInternal, std::string("the snapshot is damaged: ") + what);
}

Failure in_file(const fs::path& file, Error error) {
  if (error.message.find(file.string()) == std::string::npos) error.message = file.string() + ": " + error.message;
  return Failure(std::move(error));
}

// By number of digits and then by digits: a name sorts as its block does.
fs::path name_of(uint64_t block) {
  char digits[24];
  std::snprintf(digits, sizeof digits, "%012llu", static_cast<unsigned long long>(block));
  return std::string(digits) + std::string(kExtension);
}

// What a part is tied to: its file's head, and its place in it.
std::string part_context(const SnapshotHead& head, uint64_t part) {
  std::string context;
  ByteWriter out(context);
  visit(out, head);
  out(part);
  return context;
}

std::string pack(const SnapshotHead& head, std::string_view state, Encryptor& encryptor) {
  std::string bytes(kMagic);
  ByteWriter out(bytes);
  visit(out, head);
  std::string packed;
  std::string encrypted;
  for (uint64_t part = 0; !state.empty(); ++part, state.remove_prefix(std::min(kPart, state.size()))) {
    pack_part(state.substr(0, kPart), packed);
    encryptor.encrypt(part_context(head, part), packed, encrypted);
    out(encrypted);
  }
  bytes += view(sha256(bytes));
  return bytes;
}

// The part of the file that its hash is over, behind the magic; nothing where it doesn't hold.
std::optional<std::string_view> proved(std::string_view bytes) {
  constexpr size_t kHash = sizeof(Hash);
  if (!bytes.starts_with(kMagic) || bytes.size() < kMagic.size() + kHash) return std::nullopt;
  const std::string_view body = bytes.substr(0, bytes.size() - kHash);
  if (view(sha256(body)) != bytes.substr(body.size())) return std::nullopt;
  return body.substr(kMagic.size());
}

// The head of a file whose hash holds; `state` is left before what follows it.
Result<SnapshotHead> read_head(std::string_view bytes, std::optional<ByteReader>& state) {
  if (bytes.starts_with(kMagicOfAny) && !bytes.starts_with(kMagic)) {
    return fail(Code::kFailedPrecondition, "the snapshot was written by another release");
  }
  const std::optional<std::string_view> body = proved(bytes);
  if (!body) return damaged("its bytes differ from its hash");
  ByteReader& in = state.emplace(*body);
  SnapshotHead head;
  visit(in, head);
  if (!in.ok()) return damaged(in.fault());
  return head;
}

Result<std::string> unpack(ByteReader& in, const SnapshotHead& head, Keyring& keys) {
  const uint64_t size = head.state_size;
  if (size > kMostState) return damaged("its state is larger than any");
  std::string state;
  std::string packed;
  std::string part;
  for (uint64_t number = 0; state.size() < size && in.ok(); ++number) {
    const uint64_t left = std::min<uint64_t>(kPart, size - state.size());
    Result<void> opened = keys.decrypt(Use::kSnapshot, part_context(head, number), in.bytes(), packed);
    if (opened) opened = unpack_part(packed, left, part);
    if (!opened) return Failure(opened.error());
    state += part;
  }
  if (!in.ok() || in.left() != 0) return damaged("its parts don't add up");
  return state;
}

}  // namespace

fs::path snapshots_folder(const fs::path& data) {
  return data / "snapshots";
}

std::vector<fs::path> find_snapshots(const fs::path& data) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator at(snapshots_folder(data), error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == kExtension) found.push_back(at->path());
  }
  std::sort(found.begin(), found.end(), std::greater<>());
  return found;
}

Result<SnapshotHead> write_snapshot(const fs::path& data, const rules::Pipeline& pipeline, uint64_t block,
                                    const Hash& chain, Encryptor& encryptor) {
  const Engine& engine = pipeline.engine();
  const std::string state = pipeline.snapshot();
  SnapshotHead head{engine.store_id(), block,       engine.last_sequence(), engine.now(), std::string(view(chain)),
                    pipeline.digest(), state.size()};
  std::error_code error;
  fs::create_directories(snapshots_folder(data), error);  // write_durably says what it comes to
  const fs::path file = snapshots_folder(data) / name_of(block);
  if (Result<void> written = write_durably(file, pack(head, state, encryptor)); !written)
    return Failure(written.error());
  size_t kept = 0;
  for (const fs::path& each : find_snapshots(data)) {
    const bool later = each.filename() > file.filename();
    if (later || ++kept > kKept) fs::remove(each, error);  // one too many does no harm
  }
  return head;
}

Result<SnapshotHead> read_snapshot_head(std::string_view bytes) {
  std::optional<ByteReader> state;
  return read_head(bytes, state);
}

Result<Snapshot> parse_snapshot(std::string_view bytes, Keyring& keys, Playbook playbook) {
  std::optional<ByteReader> in;
  Result<SnapshotHead> head = read_head(bytes, in);
  if (!head) return Failure(head.error());
  const Result<std::string> state = unpack(*in, *head, keys);
  if (!state) return Failure(state.error());
  Result<rules::Pipeline> pipeline = rules::Pipeline::restore(*state, std::move(playbook));
  if (!pipeline) return Failure(pipeline.error());
  if (pipeline->digest() != head->digest) {
    return fail(Code::kInternal, "the snapshot comes to the state " + pipeline->digest() + ", it was written at " +
                                     head->digest + ": this release reads it otherwise than it was written");
  }
  if (pipeline->engine().last_sequence() != head->sequence || pipeline->engine().store_id() != head->store_id) {
    return damaged("its head names another state than it holds");
  }
  return Snapshot{std::move(*head), std::move(*pipeline)};
}

Result<Snapshot> read_snapshot(const fs::path& file, Keyring& keys, Playbook playbook) {
  const Result<std::string> bytes = read_file(file);
  if (!bytes) return Failure(bytes.error());
  Result<Snapshot> snapshot = parse_snapshot(*bytes, keys, std::move(playbook));
  if (!snapshot) return in_file(file, snapshot.error());
  return snapshot;
}

}  // namespace quanzu::store
