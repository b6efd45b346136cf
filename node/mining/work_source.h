// Work for miners outside of the node: headers to search for nonces, and the blocks that they find.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "engine/pow/header.h"
#include "node/chain/chain.h"
#include "node/ingest/mempool.h"
#include "node/mining/block_making.h"

namespace salus::node {

struct WorkOptions {
  ContentLimits limits;
  /// After so long a block is put together anew, with what has come meanwhile.
  std::chrono::milliseconds template_age{5000};
  /// The same while it is empty and something waits.
  std::chrono::milliseconds empty_age{200};
  /// Blocks of which work is out at once, the oldest are forgotten.
  std::size_t max_templates = 4;
  /// Callers that wait for another tip at once.
  std::size_t max_waiting = 64;
  Clock clock = system_clock();
};

/// What became of a header that a miner brought.
enum class WorkVerdict : std::uint8_t {
  accepted,           ///< It is on the chain.
  insufficient_work,  ///< It does not meet its target.
  unknown_work,       ///< Nobody was given this, or it is too long ago.
  stale,              ///< Another block was faster.
  refused,            ///< The block is not valid.
};

/// "accepted", "insufficient_work", "unknown_work", "stale", "refused".
std::string_view to_string(WorkVerdict verdict);

struct WorkStats {
  std::uint64_t templates = 0;              ///< Blocks put together.
  std::uint64_t handed_out = 0;             ///< Headers.
  std::array<std::uint64_t, 5> verdicts{};  ///< By `WorkVerdict`.
};

/// Thread safe.
class WorkSource {
 public:
  /// All outlive the source. `engine` builds trees; `validator` is the id of the key that `sign`
  /// signs by.
  WorkSource(Chain& chain, engine::Engine& engine, Mempool& mempool, const KeyId& validator,
             SignValidatorStatement sign, WorkOptions options = {});

  /// A header that nobody else was given: of the same block, others have other version bits (BIP
  /// 320). Only the nonce, and the version's free bits, may be changed: the time is signed. Nothing
  /// while the rules do not let this validator make the next block.
  std::optional<pow::Header> next();

  /// Takes a header that was mined: its block is validated and stored like any other.
  WorkVerdict submit(const pow::Header& header);

  /// To be called when there is another tip; does not wait.
  void on_new_tip();

  /// Calls `ready` once, as soon as there is another tip than now, from the thread that adds the
  /// block: it must not block. At once where too many wait already. Dropped uncalled at the end.
  void call_on_new_tip(std::function<void()> ready);

  [[nodiscard]] WorkStats stats() const;

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;
  struct Template {
    PreparedBlock prepared;
    SteadyTime made;
    std::uint32_t handed_out = 0;  // headers; of the builder
  };
  using TemplatePtr = std::shared_ptr<Template>;

  [[nodiscard]] bool is_fresh(const Template& made) const;
  TemplatePtr build();
  [[nodiscard]] TemplatePtr find(const pow::Header& header) const;
  WorkVerdict add(const Template& made, const pow::Header& header);

  Chain& chain_;
  engine::Engine& engine_;
  Mempool& mempool_;
  const KeyId validator_;
  const SignValidatorStatement sign_;
  const WorkOptions options_;

  std::mutex building_;  // one block is put together at a time
  mutable std::mutex mutex_;
  std::deque<TemplatePtr> templates_;  // the newest last
  std::vector<std::function<void()>> waiting_;
  WorkStats stats_;
};

}  // namespace salus::node
