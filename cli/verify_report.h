// What `salus verify` says: a line for each item, in the order of the input.
#pragma once

#include <cstdint>
#include <string>

#include "cli/command.h"
#include "engine/signature/signature.h"

namespace salus::cli {

/// Where an item is from: a file that is signed, or a line that holds it.
struct ItemOrigin {
  std::string file;
  std::uint64_t line = 0;  ///< Counted from 1; 0 for a file.
};

/// One thread at a time. Throws `Error` (system) when standard output cannot be written.
class VerifyReport {
 public:
  /// `json`: an object a line in place of "ORIGIN: VERDICT".
  explicit VerifyReport(bool json) : json_(json) {}

  void verdict(const ItemOrigin& origin, engine::signature::Reason reason);
  /// There is no item. A line says so in the place of its verdict; a file that cannot be read has a
  /// complaint on standard error, which `problem` is the whole of.
  void no_item(const ItemOrigin& origin, const std::string& problem);

  [[nodiscard]] std::uint64_t valid() const { return valid_; }
  [[nodiscard]] std::uint64_t invalid() const { return invalid_; }
  [[nodiscard]] std::uint64_t without_item() const { return without_item_; }

  /// 1 when an item is not valid, else 2 when something held none.
  [[nodiscard]] ExitCode exit_code() const;

 private:
  bool json_;
  std::uint64_t valid_ = 0;
  std::uint64_t invalid_ = 0;
  std::uint64_t without_item_ = 0;
};

}  // namespace salus::cli
