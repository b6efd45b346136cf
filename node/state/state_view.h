// The state as the rules see it, wherever it is kept.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "engine/bytes.h"
#include "node/state/key_record.h"

namespace salus::node {

/// So many of the last blocks have their validators in the state: the largest window that a chain
/// may have for its diversity rule.
inline constexpr std::size_t kMaxValidatorWindow = 256;

/// A number for each role, by the role's own number.
using RoleCounts = std::array<std::uint64_t, static_cast<std::size_t>(Role::authority) + 1>;

struct ValidatorEntry {
  std::uint64_t height = 0;
  KeyId validator{};

  friend bool operator==(const ValidatorEntry&, const ValidatorEntry&) = default;
};

/// Where the validator of a block is kept: 0 to kMaxValidatorWindow - 1.
constexpr std::size_t validator_slot(std::uint64_t height) {
  return static_cast<std::size_t>(height % kMaxValidatorWindow);
}

/// Reading has no side effect that another reader could see.
class StateView {
 public:
  StateView() = default;
  virtual ~StateView() = default;
  StateView(const StateView&) = default;
  StateView& operator=(const StateView&) = default;

  /// The record stays in place until the state is changed; nullptr where there is none.
  [[nodiscard]] virtual const KeyRecord* find_key(const KeyId& id) const = 0;

  /// Whether the body of this statement is to be erased.
  [[nodiscard]] virtual bool is_erased(const Digest& statement) const = 0;

  /// What is kept at `slot`, below kMaxValidatorWindow.
  [[nodiscard]] virtual std::optional<ValidatorEntry> validator_entry(std::size_t slot) const = 0;

  /// How many keys with this role are active.
  [[nodiscard]] virtual std::uint64_t active_keys(Role role) const = 0;

  /// Who signed the block at `height`; nothing where that is not one of the last
  /// kMaxValidatorWindow.
  [[nodiscard]] std::optional<KeyId> validator_at(std::uint64_t height) const {
    const std::optional<ValidatorEntry> entry = validator_entry(validator_slot(height));
    if (!entry || entry->height != height) return std::nullopt;
    return entry->validator;
  }
};

}  // namespace salus::node
