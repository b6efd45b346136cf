// The arithmetic of kernels/gpu/fieldp256.h and scalarp256.h behind plain functions, one set for
// each form. Numbers are words, the least significant first.
#pragma once

#include "tests/kernels/numbers256_ops.h"

namespace salus::kernels {

struct P256Ops {
  const char* name;
  // Elements below p, in Montgomery form or not: a product is divided by 2^256.
  Words8 (*mul)(const Words8& a, const Words8& b);
  Words8 (*square)(const Words8& a);
  Words8 (*add)(const Words8& a, const Words8& b);
  Words8 (*subtract)(const Words8& a, const Words8& b);
  /// a b / 2^256 modulo n for b below n and any a.
  Words8 (*scalar_mul)(const Words8& a, const Words8& b);
  /// 2^256 / a modulo n.
  Words8 (*scalar_invert)(const Words8& a);
};

extern const P256Ops kP256PortableOps;
extern const P256Ops kP256ChainOps;

}  // namespace salus::kernels
