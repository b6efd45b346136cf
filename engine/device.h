// What a backend offers the engine: a device, and the primitive jobs that it does.
//
// To add a backend, implement `Device` and an `open_..._devices` function in a folder of its own
// and list it in engine/backends.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/bytes.h"
#include "engine/message_view.h"
#include "engine/signature/signature.h"
#include "kernels/mine_params.h"

namespace salus::engine {

enum class Backend { cpu, opencl, cuda };

/// Lower-case name as used on the command line.
const char* to_string(Backend backend);

/// The jobs that a device can be fast or slow at.
enum class Job { mine, hash, merkle, verify };
inline constexpr std::array kAllJobs = {Job::mine, Job::hash, Job::merkle, Job::verify};

const char* to_string(Job job);

/// The implementation that a device settled on for a job.
struct Variant {
  Job job;
  std::string name;    ///< For instance "avx512 x16, 8 versions".
  std::string reason;  ///< Why it was taken, in one line: "38.1 MH/s; sha-ni 13.9".
};

/// What a device is. Filled when the device is opened; constant after that.
struct DeviceInfo {
  Backend backend = Backend::cpu;
  unsigned index = 0;
  std::string name;
  std::string vendor;
  std::string driver;              ///< Driver or platform version; empty for the CPU.
  std::uint64_t memory_bytes = 0;  ///< Device memory, or what the process may use of the host's.
  unsigned compute_units = 0;      ///< Cores, compute units or streaming multiprocessors.
  unsigned clock_mhz = 0;          ///< Highest clock that the driver reports; 0 when unknown.
  std::string pci_bus_id;          ///< "0000:17:00.0"; empty where there is none.
  bool shares_host_cores = false;  ///< It computes on the CPU's own cores (an OpenCL CPU device).

  /// "cpu", "opencl:0", "cuda:1".
  [[nodiscard]] std::string id() const;
};

/// A stretch of nonces to scan for every version in `params`.
struct ScanRange {
  std::uint32_t nonce_begin = 0;
  std::uint64_t nonce_count = 0;  ///< nonce_begin + nonce_count <= 2^32.
  unsigned version_count = 1;     ///< 1 to SALUS_MINE_MAX_VERSIONS, the first ones of `params`.
};

/// A nonce whose hash passed the reject mask. The engine compares all 256 bits before it is a hit.
struct Candidate {
  std::uint32_t nonce = 0;
  std::uint32_t version_index = 0;
  friend auto operator<=>(const Candidate&, const Candidate&) = default;
};

/// Which tree: how leaves and nodes are hashed and what becomes of an odd node.
enum class TreeKind {
  rfc9162,  ///< Leaf SHA-256(0x00 || entry), node SHA-256(0x01 || l || r); odd nodes rise as they
            ///< are.
  bitcoin,  ///< Entries are 32-byte ids, taken as they are; node SHA-256d(l || r); odd nodes are
            ///< doubled.
};

/// One device. Methods may be called from one thread at a time, those of jobs that `is_concurrent`
/// names from any number; different devices from different threads. A method that cannot do its job
/// throws `Error` of kind `device` and leaves nothing half done that a caller could mistake for a
/// result.
class Device {
 public:
  virtual ~Device() = default;

  [[nodiscard]] virtual const DeviceInfo& info() const = 0;

  /// Whether the device can do this job at all. The engine gives it no other. Constant.
  [[nodiscard]] virtual bool can(Job job) const { return job != Job::verify; }

  /// Whether the methods of this job may be called from many threads at once, and beside any other
  /// method. Constant.
  [[nodiscard]] virtual bool is_concurrent(Job /*job*/) const { return false; }

  /// The variant in use for each job. Measuring the choice may take some milliseconds, once.
  [[nodiscard]] virtual std::vector<Variant> variants() = 0;

  /// Every candidate in the range, each exactly once, in ascending (nonce, version_index) order.
  /// None is ever lost: where a device's hit buffer overflows, it scans again in smaller parts.
  [[nodiscard]] virtual std::vector<Candidate> scan(const kernels::MineParams& params,
                                                    const ScanRange& range) = 0;

  /// out[i] = SHA-256(prefix || messages[i]); the prefix is one byte or nothing.
  /// `out.size()` equals `messages.count()`.
  virtual void hash_many(const MessageView& messages, std::optional<std::uint8_t> prefix,
                         std::span<Digest> out) = 0;

  /// Reduces `leaves` (leaf hashes; at least 1) to the root of a tree of that kind.
  ///
  /// With `levels` not empty every level above the leaves is stored there, lowest first, one after
  /// the other, ceil(n/2) digests each, the root last: `merkle_levels_size(leaves.size())` in all.
  virtual Digest merkle_reduce(TreeKind kind, std::span<const Digest> leaves,
                               std::span<Digest> levels) = 0;

  /// The root over entries: leaf hashes and reduction without an intermediate copy to the host.
  /// Bitcoin trees take entries of 32 bytes. `entries.count()` is at least 1.
  virtual Digest merkle_root(TreeKind kind, const MessageView& entries) = 0;

  // Job::verify. A device that `can` do it overrides verify_signatures; the others are optional.

  /// Decides items whose form is right, `signature::check_form` having said so: out[i] becomes
  /// `valid`, `key_not_on_curve` or `mismatch`, by the rule of docs/signatures.md. Algorithms are
  /// mixed, lengths are not sorted, keys and whole items may repeat. `out.size()` equals
  /// `items.size()`, which may be 0. The bytes that items refer to stay in place during the call.
  ///
  /// Keys that come back from call to call are the device's to notice: it keeps tables of their
  /// multiples in its own memory, within `limit_key_cache`. No verdict depends on that cache.
  virtual void verify_signatures(std::span<const signature::Item> items,
                                 std::span<signature::Reason> out);

  /// The most bytes that tables of keys may take up together in this device's memory; 0 keeps none.
  /// Called before the first verification or never; without it the device chooses by its memory.
  virtual void limit_key_cache(std::uint64_t /*bytes*/) {}

  /// Says that these keys will come back, so that their tables may be made at once. Any bytes are
  /// allowed; what is no key, or finds no room, is left out. Changes no verdict.
  virtual void register_keys(std::span<const signature::KeyView> /*keys*/) {}
};

/// Digests in all levels above `leaf_count` leaves: the sum of ceil(n/2), ceil(n/4), ..., 1.
std::size_t merkle_levels_size(std::size_t leaf_count);

/// Why a backend or one of its devices cannot be used, and what to do about it.
struct BackendStatus {
  Backend backend;
  bool available = false;
  std::string detail;  ///< "no OpenCL ICD installed", "driver 470 is too old for CUDA 13", ...
  std::string advice;  ///< "install pocl-opencl-icd or your GPU vendor's ICD"; may be empty.
};

}  // namespace salus::engine
