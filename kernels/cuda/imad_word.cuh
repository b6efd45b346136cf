// A lane word that computes on the multiplier. From Volta on an SM has two 64-lane pipes for 32-bit
// integers: one for logic, shifts and adds, which SHA-256 alone would fill, and the one that
// multiplies. Here an addition is `a * 1 + b`, a rotation `x * 2^(32-n)`, and both use the second.
#pragma once

/// 2^i, in constant memory so that no compiler may assume the values and go back to shifts and
/// adds.
static __constant__ u32 kPowerOfTwo[32] = {
    0x1,       0x2,       0x4,       0x8,       0x10,       0x20,       0x40,       0x80,
    0x100,     0x200,     0x400,     0x800,     0x1000,     0x2000,     0x4000,     0x8000,
    0x10000,   0x20000,   0x40000,   0x80000,   0x100000,   0x200000,   0x400000,   0x800000,
    0x1000000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000, 0x80000000};

/// a * b + c in one IMAD, which the compiler does not take apart.
SALUS_FN u32 multiply_add(u32 a, u32 b, u32 c) {
#ifdef __CUDA_ARCH__
  u32 r;
  asm("mad.lo.u32 %0, %1, %2, %3;" : "=r"(r) : "r"(a), "r"(b), "r"(c));
  return r;
#else
  return a * b + c;
#endif
}

/// x times a power of two, its upper half added to its lower: a rotation in an IMAD.WIDE and an
/// IMAD.
SALUS_FN u32 multiply_rotate(u32 x, u32 power) {
#ifdef __CUDA_ARCH__
  u32 r;
  asm("{.reg .u64 product; .reg .u32 low, high;\n\t"
      "mul.wide.u32 product, %1, %2;\n\t"
      "mov.b64 {low, high}, product;\n\t"
      "mad.lo.u32 %0, high, %3, low;}"
      : "=r"(r)
      : "r"(x), "r"(power), "r"(kPowerOfTwo[0]));
  return r;
#else
  const u64 product = (u64)x * power;
  return (u32)(product >> 32) + (u32)product;
#endif
}

/// A u32 that knows, while it is being compiled, whether all threads hold the same value. What only
/// uniform words decide is left to the compiler, which folds it; `uniform` itself never reaches a
/// register.
struct W {
  u32 bits;
  bool uniform;

  W() = default;
  __device__ __forceinline__ W(u32 x) : bits(x), uniform(true) {}
  __device__ __forceinline__ W(u32 x, bool is_uniform) : bits(x), uniform(is_uniform) {}
};

/// A word that differs from thread to thread.
SALUS_FN W varying(u32 x) { return W(x, false); }
SALUS_FN u32 word_bits(W x) { return x.bits; }

// Both ways are written down and one chosen, rather than branched to: choosing by a constant folds
// early, where thousands of branches would keep the compiler busy for minutes.
SALUS_FN W operator+(W a, W b) {
  const bool uniform = a.uniform && b.uniform;
  const u32 multiplied = multiply_add(a.bits, kPowerOfTwo[0], b.bits);
  return W(uniform ? a.bits + b.bits : multiplied, uniform);
}
SALUS_FN W& operator+=(W& a, W b) { return a = a + b; }
SALUS_FN W operator|(W a, W b) { return W(a.bits | b.bits, a.uniform && b.uniform); }
SALUS_FN W operator&(W a, W b) { return W(a.bits & b.bits, a.uniform && b.uniform); }
SALUS_FN W operator<<(W a, u32 n) { return W(a.bits << n, a.uniform); }
SALUS_FN W operator>>(W a, u32 n) { return W(a.bits >> n, a.uniform); }

/// Rotates that go to the multiplier: the last of one or of both big sigmas (FIPS 180-4, 4.1.2).
/// How busy either pipe then is: docs/performance/cuda.md.
SALUS_FN bool rotates_by_multiplying(u32 n) {
  if (n == 25) return SALUS_CUDA_FORM >= 2;
  if (n == 22) return SALUS_CUDA_FORM >= 3;
  return false;
}

SALUS_FN W rotr(W x, u32 n) {
  const u32 shifted = __funnelshift_r(x.bits, x.bits, n);
  if (!rotates_by_multiplying(n)) return W(shifted, x.uniform);
  const u32 multiplied = multiply_rotate(x.bits, kPowerOfTwo[32 - n]);
  return W(x.uniform ? shifted : multiplied, x.uniform);
}

// ptxas turns each of these into one LOP3.
SALUS_FN W xor3(W a, W b, W c) {
  return W(a.bits ^ b.bits ^ c.bits, a.uniform && b.uniform && c.uniform);
}
SALUS_FN W ch(W e, W f, W g) {
  return W(g.bits ^ (e.bits & (f.bits ^ g.bits)), e.uniform && f.uniform && g.uniform);
}
SALUS_FN W maj(W a, W b, W c) {
  return W((a.bits & b.bits) | (c.bits & (a.bits | b.bits)), a.uniform && b.uniform && c.uniform);
}
SALUS_FN W bswap(W x) { return W(__byte_perm(x.bits, 0, 0x0123), x.uniform); }
