// Since when a seal is stamped: what `salus trial verify` says of its time stamp.
#pragma once

#include <string>

#include "trial/seal/seal_folder.h"

namespace salus::cli {

/// What is known of a seal's time stamp.
struct StampFinding {
  bool holds = true;  ///< False when one was asked for and is missing, or is not of whom to trust.
  std::string text;   ///< A line for people; empty where there is nothing to say.
};

/// Holds a seal's time stamp against `authorities`, a file of certificates (PEM); empty, and nobody
/// asks for a stamp, nor whose it is. Throws `Error` where the certificates cannot be used.
StampFinding check_stamp(const trial::SealFolder& seal, const std::string& authorities);

}  // namespace salus::cli
