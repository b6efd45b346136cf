// The test that every kernel has to pass on a device before it is used there.
#pragma once

#include "engine/cuda/hasher.h"
#include "engine/cuda/miner.h"
#include "engine/cuda/tree_reducer.h"

namespace salus::engine::cuda {

/// Runs every kernel of every form on small inputs. Throws `Error` (device) that names the kernel
/// whose answer differs from OpenSSL's.
void run_known_answers(Miner& miner, Hasher& hasher, TreeReducer& reducer);

}  // namespace salus::engine::cuda
