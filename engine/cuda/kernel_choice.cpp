#include "engine/cuda/kernel_choice.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace salus::engine::cuda {
namespace {

// 96 registers a thread, the most that any kernel takes (scripts/check-kernel-registers.sh), leave
// room for 512 threads everywhere.
constexpr std::array kBlocks = {128u, 256u, 512u};

constexpr const char* kPlain = "plain";
constexpr const char* kAdds = "adds on the multiplier";
constexpr const char* kOneRotate = "adds and one rotate on the multiplier";
constexpr const char* kTwoRotates = "adds and two rotates on the multiplier";

template <class Choice>
std::vector<Choice> with_every_block(const std::vector<Choice>& kernels, std::string_view form) {
  std::vector<Choice> choices;
  for (Choice choice : kernels) {
    if (!form.empty() && choice.form != form) continue;
    for (const unsigned block : kBlocks) {
      choice.block = block;
      choices.push_back(choice);
    }
  }
  return choices;
}

}  // namespace

std::string MineChoice::name() const {
  const std::string versions = entry.versions == 0 ? "" : fmt::format(" x{}", entry.versions);
  return fmt::format("{}{}, {}, {} threads", entry.arrangement, versions, form, block);
}

std::string HashChoice::name() const { return fmt::format("{}, {} threads", form, block); }

std::vector<MineChoice> mine_kernels(unsigned versions) {
  const std::array forms = {std::pair{kPlain, kernels::cuda::mine_entries_plain()},
                            std::pair{kAdds, kernels::cuda::mine_entries_adds()},
                            std::pair{kOneRotate, kernels::cuda::mine_entries_one_rotate()},
                            std::pair{kTwoRotates, kernels::cuda::mine_entries_two_rotates()}};
  std::vector<MineChoice> all;
  for (const auto& [form, entries] : forms)
    for (const kernels::cuda::MineEntry& entry : entries)
      if (entry.versions <= versions) all.push_back({form, entry});
  return all;
}

std::vector<HashChoice> hash_kernels() {
  return {{kPlain, kernels::cuda::hash_entries_plain()},
          {kAdds, kernels::cuda::hash_entries_adds()}};
}

std::vector<MineChoice> mine_choices(unsigned versions, std::string_view form) {
  return with_every_block(mine_kernels(versions), form);
}

std::vector<HashChoice> hash_choices(std::string_view form) {
  return with_every_block(hash_kernels(), form);
}

std::vector<std::string> forms() { return {kPlain, kAdds, kOneRotate, kTwoRotates}; }

MineChoice fitting(const MineChoice& choice, unsigned versions) {
  if (choice.entry.versions <= versions) return choice;
  MineChoice best = choice;
  for (const MineChoice& other : mine_kernels(versions)) {
    const bool same_form = other.form == choice.form && other.entry.versions != 0;
    if (same_form && (best.entry.versions > versions || other.entry.versions > best.entry.versions))
      best = {other.form, other.entry, choice.block};
  }
  return best;
}

}  // namespace salus::engine::cuda
