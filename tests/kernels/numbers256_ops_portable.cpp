#include <algorithm>

#include "tests/kernels/numbers256_ops.h"

namespace salus::kernels {
namespace {
#include "tests/kernels/numbers256_ops_body.h"
}  // namespace

constinit const Numbers256Ops kPortableOps = make_ops("Portable");

}  // namespace salus::kernels
