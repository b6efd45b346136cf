// Which kernel a device uses for a job: the candidates, and what was measured.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kernels/cuda/entry_points.h"

namespace salus::engine::cuda {

/// A mining kernel and how it is launched.
struct MineChoice {
  const char* form;  ///< "plain", "adds on the multiplier", ...
  kernels::cuda::MineEntry entry;
  unsigned block = 256;  ///< Threads in a block.

  /// "interleaved x4, plain, 256 threads".
  [[nodiscard]] std::string name() const;
};

/// A form of the hashing and Merkle kernels and how it is launched.
struct HashChoice {
  const char* form;
  kernels::cuda::HashEntries entries;
  unsigned block = 256;

  [[nodiscard]] std::string name() const;
};

/// Every mining kernel that takes at most `versions` rolled versions at once, in every form.
std::vector<MineChoice> mine_kernels(unsigned versions);
std::vector<HashChoice> hash_kernels();

/// The same with every block size: what the tuner chooses from. With a `form` only kernels of that
/// form; hashing does not have each.
std::vector<MineChoice> mine_choices(unsigned versions, std::string_view form = {});
std::vector<HashChoice> hash_choices(std::string_view form = {});

/// The names of all forms.
std::vector<std::string> forms();

/// `choice` if its kernel takes at most `versions`, else the largest of the same form that does.
MineChoice fitting(const MineChoice& choice, unsigned versions);

}  // namespace salus::engine::cuda
