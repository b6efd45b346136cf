// Hashes a list of files of a study and waits for the end, with progress and the wish to stop.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string_view>

#include "engine/engine.h"
#include "trial/content/content_hasher.h"

namespace salus::trial {

/// A list of paths by number. `path` is called by one thread at a time, and gives nothing for a
/// number that is to be passed over; `done` by several at once.
struct FileList {
  std::uint64_t size = 0;
  std::function<std::string_view(std::uint64_t)> path;
  std::function<void(std::uint64_t, ContentResult&&)> done;
  /// How far somebody came with a file before, or nothing. As `path`; may be empty.
  std::function<const BegunFile*(std::uint64_t)> begun{};
};

/// What goes on meanwhile, on the calling thread.
struct Meanwhile {
  std::function<void()> at_once;  ///< Once, when the files have begun.
  /// Every few seconds, and when the run is stopped: time to keep how far it came.
  std::function<void(ContentHasher&)> save;
};

/// `bytes_before` counts in for `control.progress`. How many bytes were read. Throws `Cancelled`,
/// and what hashing or the functions throw.
std::uint64_t hash_list(const StudyFolder& study, const FileList& list,
                        const ContentOptions& options, const engine::LaneHasher& hasher,
                        const engine::JobControl& control, std::uint64_t bytes_before,
                        const Meanwhile& meanwhile);

}  // namespace salus::trial
