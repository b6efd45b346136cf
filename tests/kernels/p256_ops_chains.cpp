#include <cuda_runtime.h>  // the host shim

#include <algorithm>

#include "tests/kernels/p256_ops.h"

namespace salus::kernels {
namespace {
#include "tests/kernels/p256_ops_body.h"
}  // namespace

constinit const P256Ops kP256ChainOps = make_ops("CarryChains");

}  // namespace salus::kernels
