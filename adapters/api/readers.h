// A few store readers, lent to one request at a time. Opening one costs a connection; a reader serves one
// thread.
#pragma once
#include <memory>
#include <mutex>
#include <vector>

#include "adapters/api/ports.h"

namespace quanzu::api {

class Readers {
 public:
  explicit Readers(const Backend& backend) : backend_(backend) {}

  // Gives its reader back when it goes.
  class Loan {
   public:
    Loan(Readers& owner, std::unique_ptr<store::Reader> reader) : owner_(&owner), reader_(std::move(reader)) {}
    Loan(Loan&&) = default;
    Loan& operator=(Loan&&) = delete;
    ~Loan() {
      if (reader_ != nullptr) owner_->give_back(std::move(reader_));
    }
    store::Reader* operator->() const { return reader_.get(); }
    store::Reader& operator*() const { return *reader_; }

   private:
    Readers* owner_;
    std::unique_ptr<store::Reader> reader_;
  };
  Result<Loan> lend();

 private:
  static constexpr size_t kKept = 4;
  void give_back(std::unique_ptr<store::Reader> reader);

  const Backend& backend_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<store::Reader>> idle_;
};

}  // namespace quanzu::api
