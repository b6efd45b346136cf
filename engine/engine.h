// The engine: one or several devices used together for hashing, Merkle trees, mining and batch
// verification of signatures.
//
//   Engine engine({.devices = "auto"});
//   std::vector<Digest> digests(messages.size());
//   engine.hash_many(MessageView::scattered(messages), digests);
//
// Thread safety: every method of `Engine` may be called from any thread. Jobs that need the same
// device wait for each other.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/cpu/cpu_backend.h"
#include "engine/device.h"
#include "engine/merkle/tree.h"
#include "engine/pow/header.h"
#include "engine/pow/target.h"
#include "engine/signature/signature.h"

namespace salus::engine {

/// Called now and then, never from two threads at once, with units done and in total (messages,
/// leaves or hashes). Must not throw or call the engine.
using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// What every job takes beside its data.
struct JobControl {
  std::stop_token stop;  ///< When it asks to stop, the job throws `Cancelled` soon after.
  Progress progress;     ///< May be empty.
};

struct EngineOptions {
  /// "auto", "all", or a comma list of ids: "cpu", "opencl:0", "cuda:1". "auto" opens every
  /// device, except one that shares its cores or board with another, and takes for each job those
  /// that a measurement shows to be worth it. "all" opens every one.
  std::string devices = "auto";
  CpuOptions cpu = {};
  /// Compare a sample of every device's output with OpenSSL's; a device that errs is dropped.
  bool self_check = false;
  /// The most bytes that tables of public keys may take up on each device, in its own memory; 0
  /// keeps none. Without it each device chooses by the memory that it has.
  std::optional<std::uint64_t> key_cache_bytes = std::nullopt;
};

/// What to mine: a header whose nonce, time and version bits may be changed within limits.
struct MineRequest {
  pow::Header header;
  pow::Target target;
  /// Version bits that may be rolled (BIP 320: 0x1fffe000); 0 keeps the version as it is. They
  /// count up from the header's own and wrap.
  std::uint32_t version_mask = 0;
  /// When nonces and versions are used up, time goes up by one second at a time to at most this.
  /// Below header.time means that time stays as it is.
  std::uint32_t time_max = 0;
  std::uint32_t nonce_begin = 0;  ///< The first nonce tried, for the first time and versions only.
};

struct MineResult {
  /// The first header in search order that meets the target, the same on every set of devices;
  /// checked with OpenSSL. Nothing when the search space ended or the job was stopped.
  std::optional<pow::Header> header;
  std::uint64_t hashes = 0;  ///< Hashes tried by all devices.
  bool exhausted = false;    ///< The whole space was searched.
  /// The first header not yet tried when the job was stopped: where to go on.
  pow::Header next;
};

/// How long a device has worked since it was opened. Small batches that run side by side count
/// each, so that it may be more than the time that went by.
struct DeviceLoad {
  std::string id;
  double busy_seconds = 0;
};

class Engine {
 public:
  /// Opens the devices. Throws `Error` (usage) for a device that does not exist and (device) when a
  /// named one cannot be opened; "auto" and "all" drop such a device with a warning in the log.
  explicit Engine(const EngineOptions& options = {});
  /// Uses these devices. For tests and for callers with a backend of their own.
  Engine(std::vector<std::unique_ptr<Device>> devices, const EngineOptions& options);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Devices in use; those dropped since are not among them.
  [[nodiscard]] std::vector<DeviceInfo> devices() const;
  /// Of the same devices, in the same order.
  [[nodiscard]] std::vector<DeviceLoad> loads() const;

  /// For each job and each device how fast it was measured, who takes part, and why, a line each.
  [[nodiscard]] std::vector<std::string> explain();

  /// out[i] = SHA-256(messages[i]). Sizes must agree.
  void hash_many(const MessageView& messages, std::span<Digest> out,
                 const JobControl& control = {});

  /// Root over entries. The empty tree's root is SHA-256("") for RFC 9162; Bitcoin has none:
  /// throws.
  Digest merkle_root(TreeKind kind, const MessageView& entries, const JobControl& control = {});

  /// The same with every level kept, for proofs.
  merkle::Tree merkle_tree(TreeKind kind, const MessageView& entries,
                           const JobControl& control = {});

  /// The same from leaf hashes (for Bitcoin: ids) that the caller has already.
  merkle::Tree merkle_tree_of_leaves(TreeKind kind, std::vector<Digest> leaves,
                                     const JobControl& control = {});

  /// Decides each signature by itself, by the rule of docs/signatures.md; the same on every set of
  /// devices. Algorithms may be mixed, and the batch may be empty. An item that a failing device
  /// leaves undecided is decided elsewhere, by OpenSSL in the end: no item is ever refused for
  /// that. Small batches from many threads run side by side.
  signature::Verdicts verify_batch(std::span<const signature::Item> items,
                                   const signature::Policy& policy = {},
                                   const JobControl& control = {});

  /// Says that signatures by these keys are to be expected, so that tables for them are made now
  /// rather than after some signatures. Bytes that are no key are passed over.
  void register_keys(std::span<const signature::KeyView> keys);

  /// Searches by nonce, then version bits, then time. Does not throw `Cancelled`: the result says
  /// how far it came. `progress` counts hashes; its total is 0.
  MineResult mine(const MineRequest& request, const JobControl& control = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Every device of every backend that can be seen, and what is wrong with those that cannot.
struct Inventory {
  std::vector<DeviceInfo> devices;
  std::vector<BackendStatus> backends;
};
Inventory list_devices();

/// Opens a single device by id, for `salus doctor` and benchmarks. Throws `Error`.
std::unique_ptr<Device> open_device(const std::string& id, const CpuOptions& cpu = {});

}  // namespace salus::engine
