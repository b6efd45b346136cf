// getwork: how miners have asked a node for work since 2010, as JSON-RPC over HTTP.
//
//   {"method": "getwork", "params": []}          -> {"data": ..., "target": ...}
//   {"method": "getwork", "params": ["<data>"]}  -> true, or false with X-Reject-Reason
//
// `data` is the header padded to two blocks of SHA-256 (128 bytes) with the bytes of each 32-bit
// word reversed, `target` a little-endian number; both in hex. docs/mining.md has the whole of it.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/bytes.h"
#include "node/api/reply.h"
#include "node/mining/work_source.h"

namespace salus::node::api {

struct GetworkUser {
  std::string name;
  Digest password_sha256{};
};

/// Longest request that is read.
inline constexpr std::size_t kMaxGetworkBytes = 4096;

/// Thread safe.
class Getwork {
 public:
  /// Without users everybody may ask.
  explicit Getwork(std::vector<GetworkUser> users) : users_(std::move(users)) {}

  /// Where work comes from; until then there is none. It outlives all calls. Once.
  void open(WorkSource& source) { source_ = &source; }

  /// By the Authorization header (RFC 7617); nothing when the sender may. Takes as long whichever
  /// part of it is wrong.
  [[nodiscard]] std::optional<Reply> refusal(std::string_view authorization) const;

  /// May wait for the disk.
  [[nodiscard]] Reply answer(Bytes request) const;

  /// Calls `ready` once, when there is other work than now; it must not block.
  void call_on_new_work(std::function<void()> ready) const;

 private:
  const std::vector<GetworkUser> users_;
  std::atomic<WorkSource*> source_ = nullptr;
};

}  // namespace salus::node::api
