// Bags (RFC 8493) made from a sealed study.
#pragma once

#include <filesystem>
#include <span>
#include <string_view>

#include "engine/engine.h"
#include "trial/manifest/manifest.h"

namespace salus::trial {

/// Makes the new folder `bag`, whose payload are copies of the files in `folder`. Every copy has
/// the digest in `files`, or nothing is left behind. `described_as` goes to bag-info.txt, on one
/// line. Throws `Error`: (usage) where `bag` is there already, (input) for a file that cannot be
/// read or is not as in `files`, (system); `Cancelled`.
void write_bag(std::span<const ManifestFile> files, const std::filesystem::path& folder,
               const std::filesystem::path& bag, std::string_view described_as,
               const engine::JobControl& control = {});

}  // namespace salus::trial
