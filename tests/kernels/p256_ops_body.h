// Functions of P256Ops. Included by p256_ops_*.cpp inside a namespace of its own.

#include "kernels/gpu/fieldp256.h"
#include "kernels/gpu/scalarp256.h"

U256 load(const Words8& a) {
  U256 r;
  std::copy(a.begin(), a.end(), r.v);
  return r;
}

Words8 store(const U256& a) {
  Words8 words;
  std::copy(a.v, a.v + 8, words.begin());
  return words;
}

Words8 mul(const Words8& a, const Words8& b) { return store(fe_mul(load(a), load(b))); }
Words8 square(const Words8& a) { return store(fe_square(load(a))); }
Words8 add(const Words8& a, const Words8& b) { return store(fe_add(load(a), load(b))); }
Words8 subtract(const Words8& a, const Words8& b) { return store(fe_subtract(load(a), load(b))); }
Words8 mul_scalars(const Words8& a, const Words8& b) { return store(scalar_mul(load(a), load(b))); }
Words8 invert_scalar(const Words8& a) { return store(scalar_invert(load(a))); }

constexpr P256Ops make_ops(const char* name) {
  return {name, mul, square, add, subtract, mul_scalars, invert_scalar};
}
