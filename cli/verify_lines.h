// `salus verify --jsonl FILE`: items as lines of JSON.
#pragma once

#include <string>

#include "cli/command.h"
#include "cli/encoded_text.h"
#include "cli/item_stream.h"

namespace salus::cli {

/// Puts the item of each line of a file on the stream; "-" is standard input. What has arrived is
/// verified as soon as nothing more is at hand, so that a slow source waits for no batch to fill.
/// Blank lines count as lines and hold nothing. Throws `Error` naming a file that cannot be read.
void verify_lines(const std::string& file, Encoding encoding, ItemStream& stream,
                  const Global& global);

}  // namespace salus::cli
