#include "cli/engine_options.h"

#include "engine/log.h"

namespace salus::cli {

engine::CpuOptions cpu_options(const Global& global) {
  engine::CpuOptions options;
  options.threads = global.threads;
  options.variant = global.cpu_variant;
  options.verify_variant = global.verify_variant;
  return options;
}

engine::EngineOptions engine_options(const Global& global) {
  engine::EngineOptions options;
  options.devices = global.devices;
  options.cpu = cpu_options(global);
  options.self_check = global.self_check;
  return options;
}

void log_choice(engine::Engine& engine, const Global& global) {
  if (!global.verbose) return;
  for (const std::string& line : engine.explain()) logging::info("{}", line);
}

}  // namespace salus::cli
