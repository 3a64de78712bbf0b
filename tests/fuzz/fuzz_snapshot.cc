// A snapshot's reader on hostile bytes: as a file with a wrong hash, as a file whose hash is right and whose state is hostile, and
// as the state alone. What it takes for sound must come to the same when it is written and read again.
#include "adapters/store/keyring.h"
#include "adapters/store/seal.h"
#include "adapters/store/snapshot.h"
#include "engine/bytes.h"

using namespace quanzu;
using namespace quanzu::store;

namespace {

void go_on_from(const rules::Pipeline& pipeline) {
  const Result<rules::Pipeline> again = rules::Pipeline::restore(pipeline.snapshot(), Playbook::defaults());
  ENSURE(again.has_value(), "what was restored can be restored again");
  ENSURE(again->digest() == pipeline.digest(), "and is the same");
}

const DataKey kKey{1, SecretKey()};  // whoever damages a file has no key; who has it may hold hostile state

void parse(std::string_view file) {
  Keyring keys(kKey, LookupKey(SecretKey()));
  const Result<Snapshot> read = parse_snapshot(file, keys, Playbook::defaults());
  ENSURE(read.has_value() || !read.error().message.empty(), "it is taken, or an error says why not");
  if (read) go_on_from(read->pipeline);
}

std::string file_of(std::string_view state) {
  std::string head;
  ByteWriter of_head(head);
  of_head(std::string_view("store"), uint64_t{1}, Sequence(1), Instant(), std::string(32, 'c'), std::string("digest"),
          uint64_t{state.size()});
  std::string context = head;
  ByteWriter of_context(context);
  of_context(uint64_t{0});  // the first part
  std::string packed;
  std::string encrypted;
  pack_part(state, packed);
  Encryptor(kKey, Use::kSnapshot).encrypt(context, packed, encrypted);
  std::string file = "quanzu snapshot 2\n" + head;
  ByteWriter out(file);
  out(encrypted);
  file += view(sha256(file));
  return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 4 == 0) {
    parse(bytes);
  } else if (data[0] % 4 == 1) {
    std::string file = "quanzu snapshot 2\n" + std::string(bytes);
    file += view(sha256(file));
    parse(file);
  } else if (data[0] % 4 == 2) {
    parse(file_of(bytes));
  } else {
    const Result<rules::Pipeline> restored = rules::Pipeline::restore(bytes, Playbook::defaults());
    if (restored) go_on_from(*restored);
  }
  return 0;
}
