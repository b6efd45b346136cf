#include <cuda_runtime.h>  // the host shim

#include <algorithm>

#include "tests/kernels/numbers256_ops.h"

namespace salus::kernels {
namespace {
#include "tests/kernels/numbers256_ops_body.h"
}  // namespace

constinit const Numbers256Ops kChainOps = make_ops("CarryChains");

}  // namespace salus::kernels
