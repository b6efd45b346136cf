// The PTX instructions that take and give a carry (PTX ISA 8.0, "Extended-Precision Integer
// Arithmetic"), one function each. In a name, "c" behind the operation says that the carry of the
// instruction before is added (or the borrow subtracted), "_cc" that a carry is left for the next.
//
// The compiler keeps the order of volatile asm and has no other use for the carry. On the host shim
// the carry is a variable, and each function computes what the PTX manual says.
#pragma once

#ifndef SALUS_CUDA_SHIM

#define SALUS_PTX_2(name, instruction)                                       \
  SALUS_FN u32 name(u32 a, u32 b) {                                          \
    u32 r;                                                                   \
    asm volatile(instruction ".u32 %0, %1, %2;" : "=r"(r) : "r"(a), "r"(b)); \
    return r;                                                                \
  }
#define SALUS_PTX_3(name, instruction)                                                   \
  SALUS_FN u32 name(u32 a, u32 b, u32 c) {                                               \
    u32 r;                                                                               \
    asm volatile(instruction ".u32 %0, %1, %2, %3;" : "=r"(r) : "r"(a), "r"(b), "r"(c)); \
    return r;                                                                            \
  }
SALUS_PTX_2(add_cc, "add.cc")
SALUS_PTX_2(addc_cc, "addc.cc")
SALUS_PTX_2(addc, "addc")
SALUS_PTX_2(sub_cc, "sub.cc")
SALUS_PTX_2(subc_cc, "subc.cc")
SALUS_PTX_2(subc, "subc")
SALUS_PTX_3(mad_lo_cc, "mad.lo.cc")
SALUS_PTX_3(madc_lo_cc, "madc.lo.cc")
SALUS_PTX_3(madc_hi_cc, "madc.hi.cc")
SALUS_PTX_3(madc_hi, "madc.hi")
#undef SALUS_PTX_2
#undef SALUS_PTX_3

#else

static thread_local u32 carry_flag;  // CC.CF

SALUS_FN u32 carry_out(u64 sum) {
  carry_flag = (u32)(sum >> 32);
  return (u32)sum;
}
SALUS_FN u32 borrow_out(u64 difference) {
  carry_flag = (u32)(difference >> 63);
  return (u32)difference;
}
SALUS_FN u32 high_half(u32 a, u32 b) { return (u32)((u64)a * b >> 32); }

SALUS_FN u32 add_cc(u32 a, u32 b) { return carry_out((u64)a + b); }
SALUS_FN u32 addc_cc(u32 a, u32 b) { return carry_out((u64)a + b + carry_flag); }
SALUS_FN u32 addc(u32 a, u32 b) { return a + b + carry_flag; }
SALUS_FN u32 sub_cc(u32 a, u32 b) { return borrow_out((u64)a - b); }
SALUS_FN u32 subc_cc(u32 a, u32 b) { return borrow_out((u64)a - b - carry_flag); }
SALUS_FN u32 subc(u32 a, u32 b) { return a - b - carry_flag; }
SALUS_FN u32 mad_lo_cc(u32 a, u32 b, u32 c) { return carry_out((u64)(a * b) + c); }
SALUS_FN u32 madc_lo_cc(u32 a, u32 b, u32 c) { return carry_out((u64)(a * b) + c + carry_flag); }
SALUS_FN u32 madc_hi_cc(u32 a, u32 b, u32 c) {
  return carry_out((u64)high_half(a, b) + c + carry_flag);
}
SALUS_FN u32 madc_hi(u32 a, u32 b, u32 c) { return high_half(a, b) + c + carry_flag; }

#endif
