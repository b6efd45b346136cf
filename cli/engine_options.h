// From the command line's device options to the engine's.
#pragma once

#include "cli/command.h"
#include "engine/engine.h"

namespace salus::cli {

inline engine::EngineOptions engine_options(const Global& global) {
  return {.devices = global.devices,
          .cpu = {.threads = global.threads, .variant = global.cpu_variant}};
}

}  // namespace salus::cli
