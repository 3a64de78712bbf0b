// What the API asks of the server that it stands in. Declared here, where it is used; adapters/runtime implements it.
// Any thread may call; answers come after the commit, on the committer's thread.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/accounts/directory.h"
#include "adapters/feed/ingress.h"
#include "adapters/store/store.h"
#include "engine/event.h"

namespace quanzu::api {

// Called once, after the commit, on the committer's thread: post to your own io_context and return at once.
using Reply = std::function<void(Result<std::string>)>;  // the JSON body of the reply

// Of rule packs: take up what the folder holds now, or say what that would mean; go back to the version before; match the
// pack of the shadow folder beside the live one, or no longer, or say what it has counted.
enum class PackRequest : uint8_t { kReload, kPreview, kRollback, kShadowOn, kShadowOff, kShadowReport };

class Backend {
 public:
  virtual ~Backend() = default;
  // Ordered, journaled, and answered after the commit; a repeat of the user's idempotency key gets the first reply.
  virtual void command(Command command, Reply reply) = 0;
  // UserAdded, UserDisabled, UserReset: answered {} after the commit.
  virtual void account(EventBody change, Reply reply) = 0;
  virtual void packs(PackRequest request, Reply reply) = 0;

  // A copy of the data folder as the file `to`, beside all that goes on; answered when it is durable.
  virtual void backup(std::string to, Reply reply) = 0;

  virtual std::shared_ptr<const accounts::Directory> directory() const = 0;
  virtual Result<std::unique_ptr<store::Reader>> reader() const = 0;
  virtual Instant now() const = 0;
  virtual bool manual_clock() const = 0;
  virtual feed::Ingress& ingress() = 0;                    // Feed/Push
  virtual std::vector<std::string> not_ready() const = 0;  // reasons; empty: serving
  // The bytes of `text` that the rule's words matched, as [begin, end) offsets into the original.
  virtual std::vector<std::pair<uint32_t, uint32_t>> spans(const std::string& rule_id,
                                                           const std::string& text) const = 0;
};

}  // namespace quanzu::api
