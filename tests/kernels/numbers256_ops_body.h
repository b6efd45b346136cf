// Functions of Numbers256Ops. Included by numbers256_ops_*.cpp inside a namespace of its own.

#include "kernels/gpu/field25519.h"
#include "kernels/gpu/scalar25519.h"

U256 load(const Words8& a) {
  U256 r;
  std::copy(a.begin(), a.end(), r.v);
  return r;
}

template <std::size_t Size, class Number>
std::array<u32, Size> store(const Number& a) {
  std::array<u32, Size> words;
  std::copy(a.v, a.v + Size, words.begin());
  return words;
}

std::array<u32, 9> with_ninth(const U256& a, u32 ninth) {
  std::array<u32, 9> words;
  std::copy(a.v, a.v + 8, words.begin());
  words[8] = ninth;
  return words;
}

std::array<u32, 9> add(const Words8& a, const Words8& b) {
  U256 r;
  const u32 carry = u256_add(&r, load(a), load(b));
  return with_ninth(r, carry);
}
std::array<u32, 9> add_word(const Words8& a, u32 b) {
  U256 r = load(a);
  const u32 carry = u256_add_word(&r, b);
  return with_ninth(r, carry);
}
std::array<u32, 9> subtract(const Words8& a, const Words8& b) {
  U256 r;
  const u32 borrow = u256_subtract(&r, load(a), load(b));
  return with_ninth(r, borrow);
}
std::array<u32, 9> subtract_word(const Words8& a, u32 b) {
  U256 r = load(a);
  const u32 borrow = u256_subtract_word(&r, b);
  return with_ninth(r, borrow);
}
std::array<u32, 9> multiply_add(const Words8& low, const Words8& high, u32 factor) {
  U256 r;
  const u32 above = u256_multiply_add(&r, low.data(), high.data(), factor);
  return with_ninth(r, above);
}
Words16 multiply(const Words8& a, const Words8& b) {
  return store<16>(u256_multiply(load(a), load(b)));
}
Words16 square(const Words8& a) { return store<16>(u256_square(load(a))); }

Words8 mul_25519(const Words8& a, const Words8& b) {
  return store<8>(fe_canonical(fe_mul(load(a), load(b))));
}
Words8 square_25519(const Words8& a) { return store<8>(fe_canonical(fe_square(load(a)))); }
Words8 add_25519(const Words8& a, const Words8& b) {
  return store<8>(fe_canonical(fe_add(load(a), load(b))));
}
Words8 subtract_25519(const Words8& a, const Words8& b) {
  return store<8>(fe_canonical(fe_subtract(load(a), load(b))));
}
Words8 canonical_25519(const Words8& a) { return store<8>(fe_canonical(load(a))); }
Words8 invert_25519(const Words8& a) { return store<8>(fe_canonical(fe_invert(load(a)))); }

Words8 reduce_order(const Words16& hash) {
  U512 number;
  std::copy(hash.begin(), hash.end(), number.v);
  return store<8>(scalar_reduce(number));
}

constexpr Numbers256Ops make_ops(const char* name) {
  return {name,
          add,
          add_word,
          subtract,
          subtract_word,
          multiply_add,
          multiply,
          square,
          mul_25519,
          square_25519,
          add_25519,
          subtract_25519,
          canonical_25519,
          invert_25519,
          reduce_order};
}
