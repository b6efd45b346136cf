// Checks blocks and headers: proof of work, linkage and Merkle roots.
//
//   Verifier verifier(engine, {}, [](const Failure& failure) { ... });
//   InputSummary summary;
//   verifier.verify(0, *open_block_file("blk00000.dat"), summary);
//   verifier.finish();
//
// Not checked: difficulty adjustment, times, signatures, amounts, witness commitments. Those need
// the whole chain, or the coins that it spends.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/bitcoin/block.h"
#include "engine/bitcoin/block_reader.h"
#include "engine/engine.h"

namespace salus::bitcoin {

/// One block that is not as it should be.
struct Failure {
  std::size_t input = 0;     ///< The caller's number for the input.
  std::uint64_t index = 0;   ///< Which block or header of that input, from 0.
  std::uint64_t offset = 0;  ///< Where it begins in the input, in bytes.
  std::optional<Digest> id;  ///< Nothing when not even a header could be read.
  std::string reason;        ///< All that is wrong, in one line.
};

/// What one input held.
struct InputSummary {
  Format format = Format::headers;
  const Network* network = nullptr;  ///< nullptr where the format does not say.
  std::uint64_t headers = 0;         ///< Of blocks, or alone.
  std::uint64_t transactions = 0;
  std::uint64_t bytes = 0;
  pow::Uint256 work;  ///< Expected hashes behind the headers whose work is there.
};

struct VerifyOptions {
  /// A block whose parent is in none of the inputs is no failure. (The first one of an input never
  /// is.)
  bool allow_gaps = false;
  /// Called with the bytes of the current input that are done.
  std::function<void(std::uint64_t)> progress;
  std::stop_token stop;  ///< `verify` throws `Cancelled` soon after it asks to stop.
};

/// One thread at a time. Keeps 32 bytes for each header seen, and the inputs' bytes only while they
/// are looked at.
class Verifier {
 public:
  /// `engine` must outlive the verifier. `on_failure` is called from within `verify` and `finish`.
  Verifier(engine::Engine& engine, VerifyOptions options,
           std::function<void(const Failure&)> on_failure);

  /// Reads and checks one input; `input` is for the failures found. Throws `Error` when it cannot
  /// be read to its end: (input) for what is neither blocks nor headers. `summary` counts what was
  /// read before that as well.
  void verify(std::size_t input, ByteSource& source, InputSummary& summary);

  /// Reports the blocks whose parents came in no input: block files are not in chain order, so that
  /// nobody knows earlier.
  void finish();

 private:
  struct Unlinked {
    std::size_t input;
    std::uint64_t index;
    std::uint64_t offset;
    Digest id;
    Digest previous;
  };
  /// A record taken apart.
  struct Opened {
    Block block;  ///< Without transactions where `fault` says why.
    std::string fault;
    std::optional<Digest> id;  ///< Nothing without a header.
  };

  void check_headers(std::span<const Record> records);
  void check_blocks(std::span<const Record> records);
  void check_block(const Record& record, const Opened& opened, std::span<const Digest> txids);
  [[nodiscard]] Opened open(const Record& record) const;
  void identify(std::span<const Record> records, std::vector<Opened>& opened);
  [[nodiscard]] std::vector<Digest> transaction_ids(const std::vector<Opened>& opened);
  [[nodiscard]] std::vector<Digest> double_hash(const engine::MessageView& messages);

  // What is wrong, or nothing.
  [[nodiscard]] std::string work_fault(const pow::Header& header, const Digest& id);
  [[nodiscard]] std::string link_fault(const pow::Header& header, const Digest& id,
                                       const Record& record);
  [[nodiscard]] std::string root_fault(const Block& block, std::span<const Digest> txids);

  void take_bits(std::uint32_t bits);
  void report(const Record& record, const std::optional<Digest>& id, std::string reason) const;

  engine::Engine& engine_;
  VerifyOptions options_;
  std::function<void(const Failure&)> on_failure_;

  // Of the input that is being read.
  std::size_t input_ = 0;
  InputSummary* summary_ = nullptr;
  std::optional<Digest> last_id_;  ///< Of the record before, where it has one.
  std::vector<Digest> known_;      ///< Every id seen.
  std::vector<Unlinked> unlinked_;

  // Headers in a row mostly share their bits: what follows from those is worked out once.
  std::uint32_t bits_ = 0;
  pow::Target target_;
  pow::Uint256 work_;
  std::string bits_fault_;
};

}  // namespace salus::bitcoin
