// What `salus merkle` builds its trees over.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "engine/byte_source.h"
#include "engine/merkle/leaf_hasher.h"

namespace salus::cli {

/// How inputs are taken apart into entries.
enum class EntryKind {
  lines,    ///< Each line of the inputs, without its line end.
  files,    ///< Each input as a whole.
  digests,  ///< Each line's 64 hex digits, as 32 bytes; what follows behind a blank is ignored.
};

/// Reads the inputs ("-" is standard input) into `leaves`, in order. Throws `Error` (input), naming
/// input and line. Shows a progress bar.
void add_entries(const Global& global, EntryKind kind, engine::TreeKind tree,
                 const std::vector<std::string>& inputs, merkle::LeafHasher& leaves);

/// Reads `inputs` one after the other as lines; calls `take` for each, without its end. A last line
/// may lack its end. Exposed for tests.
void for_each_line(ByteSource& source, const std::function<void(std::string_view)>& take);

}  // namespace salus::cli
