// What a block of workload street-1 costs on its way to the disk, per signal, one core: packing, encrypting, hashing, and all of
// it; and a confidential column of some sizes, encrypted and decrypted.
#include <benchmark/benchmark.h>

#include "adapters/feed/event.h"
#include "adapters/feed/wire.h"
#include "adapters/store/keyring.h"
#include "adapters/store/seal.h"
#include "simulator/street.h"

namespace {

using namespace quanzu;
using namespace quanzu::store;

constexpr size_t kSignals = 5000;  // a full block

// The raw part: what the feeds sent.
const std::string& block() {
  static const std::string made = [] {
    simulator::Street street({.seed = 1, .rules = 1000, .planted_per_mille = 20});
    simulator::StreetMessage message;
    std::string out;
    for (size_t i = 0; i < kSignals; ++i) {
      street.next(message);
      std::string fields;
      feed::SignalWriter writer(fields);
      writer.kind(Kind::kSms);
      writer.at(from_ms(1795485600000 + static_cast<int64_t>(i)));
      writer.string(Field::kResidentNumber, feed::synthetic_number(i * 7919));
      writer.string(Field::kPeerNumber, message.peer);
      writer.string(Field::kText, message.text);
      feed::append_sized_signal(out, i + 1, fields);
    }
    return out;
  }();
  return made;
}

void per_signal(benchmark::State& state, size_t bytes) {
  state.counters["ns"] =
      benchmark::Counter(1e-9 * static_cast<double>(kSignals),
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
  state.counters["bytes"] = static_cast<double>(bytes) / kSignals;
}

void BM_pack(benchmark::State& state) {
  std::string packed;
  for (auto _ : state) pack_part(block(), packed);
  per_signal(state, packed.size());
}
BENCHMARK(BM_pack);

void BM_encrypt(benchmark::State& state) {
  std::string packed;
  std::string encrypted;
  pack_part(block(), packed);
  Encryptor encryptor({1, SecretKey::random()}, Use::kBlock);
  for (auto _ : state) encryptor.encrypt("context", packed, encrypted);
  per_signal(state, encrypted.size());
}
BENCHMARK(BM_encrypt);

void BM_hash(benchmark::State& state) {
  std::string packed;
  pack_part(block(), packed);
  for (auto _ : state) benchmark::DoNotOptimize(sha256(packed));
  per_signal(state, packed.size());
}
BENCHMARK(BM_hash);

void BM_pack_encrypt_hash(benchmark::State& state) {
  std::string packed;
  std::string encrypted;
  Encryptor encryptor({1, SecretKey::random()}, Use::kBlock);
  for (auto _ : state) {
    pack_part(block(), packed);
    encryptor.encrypt("context", packed, encrypted);
    benchmark::DoNotOptimize(sha256(encrypted));
  }
  per_signal(state, encrypted.size());
}
BENCHMARK(BM_pack_encrypt_hash);

void BM_column(benchmark::State& state) {
  const DataKey key{1, SecretKey::random()};
  Encryptor encryptor(key, Use::kColumn);
  Keyring keys(key, LookupKey(SecretKey::random()));
  const std::string plain(static_cast<size_t>(state.range(0)), 'x');
  std::string encrypted;
  std::string opened;
  for (auto _ : state) {
    encryptor.encrypt("table cases, 17", plain, encrypted);
    if (state.range(1) != 0) benchmark::DoNotOptimize(keys.decrypt(Use::kColumn, "table cases, 17", encrypted, opened));
  }
}
BENCHMARK(BM_column)->ArgNames({"bytes", "opened"})->ArgsProduct({{13, 300, 4000}, {0, 1}});

}  // namespace

BENCHMARK_MAIN();
