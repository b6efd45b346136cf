// What virtual devices measure: SenML packs in CBOR.
#pragma once

#include <cstdint>
#include <vector>

#include "cli/simulate/recording.h"

namespace salus::cli::simulate {

/// Safe from several threads.
class Packs {
 public:
  Packs() = default;
  virtual ~Packs() = default;
  Packs(const Packs&) = delete;
  Packs& operator=(const Packs&) = delete;

  /// The `number`-th pack of a device, whose first sample is from `time`: seconds since 1970 UTC.
  /// Replaces what is in `out`.
  virtual void make(std::size_t device, std::uint64_t number, double time,
                    std::vector<std::uint8_t>& out) const = 0;
};

/// Samples that somebody recorded, over and over; each device begins at another place of them.
class RecordedPacks final : public Packs {
 public:
  /// Throws `Error` (usage) for packs of less than one sample, and for such as would not fit a
  /// statement.
  RecordedPacks(Recording recording, double seconds);
  void make(std::size_t device, std::uint64_t number, double time,
            std::vector<std::uint8_t>& out) const override;

  [[nodiscard]] std::size_t samples_in_pack() const { return samples_in_pack_; }

 private:
  Recording recording_;
  std::size_t samples_in_pack_;
};

/// Four vital signs that nobody ever had: made up, for load of the size that monitors send.
class MadeUpPacks final : public Packs {
 public:
  void make(std::size_t device, std::uint64_t number, double time,
            std::vector<std::uint8_t>& out) const override;
};

}  // namespace salus::cli::simulate
