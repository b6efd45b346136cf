// From the command line's device options to the engine's.
#pragma once

#include "cli/command.h"
#include "engine/engine.h"

namespace salus::cli {

engine::CpuOptions cpu_options(const Global& global);
engine::EngineOptions engine_options(const Global& global);

/// With --verbose says on stderr which device does what and why.
void log_choice(engine::Engine& engine, const Global& global);

}  // namespace salus::cli
