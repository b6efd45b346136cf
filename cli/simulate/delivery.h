// Everything that waits in feeds, brought to a node by a thread a lane.
#pragma once

#include <functional>
#include <stop_token>

#include "cli/simulate/feeds.h"
#include "cli/simulate/tally.h"
#include "cli/simulate/way.h"

namespace salus::cli::simulate {

/// Delivers until every lane is done, and calls `each_second` meanwhile. When `stop` asks, nothing
/// new is sent, and answers are waited for shortly. The feeds are stopped afterwards. Returns the
/// CPU seconds that the lanes' threads took. Throws what a lane threw, after all have ended.
double deliver_all(Way& way, Feeds& feeds, Tally& tally, const std::stop_token& stop,
                   const std::function<void()>& each_second);

/// CPU seconds of the calling thread.
double thread_cpu_seconds();

}  // namespace salus::cli::simulate
