// The secret of a study, which the salts of its records are derived from.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "node/statement/secret.h"

namespace salus::trial {

/// 32 random bytes. Who has them can test guesses of records against a seal; without them nobody
/// can prove a record any more. Wiped from memory at the end; cannot be copied.
class StudySecret {
 public:
  static constexpr std::size_t kBytes = 32;

  static StudySecret generate();

  /// From a file as `save` writes it. Throws `Error` (input) naming it for anything else.
  static StudySecret load(const std::filesystem::path& path);

  /// Writes 64 hex digits and a newline to a new file that only its owner may read (mode 0600),
  /// synced. Throws `Error`: (usage) where the file is there already, (system).
  void save(const std::filesystem::path& path) const;

  [[nodiscard]] std::span<const std::uint8_t, kBytes> bytes() const;

 private:
  explicit StudySecret(node::Secret bytes) : bytes_(std::move(bytes)) {}

  node::Secret bytes_;
};

}  // namespace salus::trial
