#include "adapters/api/readers.h"

namespace quanzu::api {

Result<Readers::Loan> Readers::lend() {
  {
    const std::scoped_lock lock(mutex_);
    if (!idle_.empty()) {
      Loan loan(*this, std::move(idle_.back()));
      idle_.pop_back();
      return loan;
    }
  }
  Result<std::unique_ptr<store::Reader>> reader = backend_.reader();
  if (!reader) return Failure(reader.error());
  return Loan(*this, std::move(*reader));
}

void Readers::give_back(std::unique_ptr<store::Reader> reader) {
  const std::scoped_lock lock(mutex_);
  if (idle_.size() < kKept) idle_.push_back(std::move(reader));
}

}  // namespace quanzu::api
