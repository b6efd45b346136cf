#include <algorithm>

#include "tests/kernels/p256_ops.h"

namespace salus::kernels {
namespace {
#include "tests/kernels/p256_ops_body.h"
}  // namespace

constinit const P256Ops kP256PortableOps = make_ops("Portable");

}  // namespace salus::kernels
