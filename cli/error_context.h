// Errors that say whose they are.
#pragma once

#include <string>

#include "engine/error.h"

namespace salus::cli {

/// Runs `work`; an `Error` that it throws gets "NAME: " in front of its message.
template <typename Work>
auto in_context(const std::string& name, const Work& work) {
  try {
    return work();
  } catch (const Error& error) {
    throw Error(error.kind(), name + ": " + error.what());
  }
}

}  // namespace salus::cli
