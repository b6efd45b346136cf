// P-256's group in the kernels against OpenSSL's: sums that are exceptions of the usual formulas,
// and scalars whose digits are at the ends of their ranges.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

#include "tests/engine/signature/groupp256_ops.h"
#include "tests/engine/signature/p256_oracle.h"

namespace salus::engine::signature {
namespace {

/// What a complete sum of the kernels should be.
P256Sum expected(const EcPoint& sum) {
  if (sum.is_infinity()) return {true, {}};
  P256Sum out;
  out.point = sum.bytes();
  return out;
}

P256Scalar to_scalar(const Number& number) { return number.words(); }

/// Scalars below n: small, just below n, one bit, runs of ones, every digit of a window the same.
std::vector<Number> edge_scalars() {
  std::vector<Number> all;
  for (const unsigned small : {0U, 1U, 2U, 3U, 15U, 16U, 17U, 31U, 32U, 33U, 1023U, 1024U})
    all.push_back(Number(small));
  const std::size_t small_count = all.size();
  for (std::size_t i = 1; i < small_count; ++i) all.push_back(Number(0) - all[i]);  // modulo n
  for (unsigned bit = 5; bit < 255; bit += 10) {
    all.push_back(Number::power_of_2(bit));
    all.push_back(Number::power_of_2(bit) - Number(1));
  }
  all.push_back(Number::power_of_2(255));
  for (const unsigned bits : {4U, 5U, 8U, 10U}) {
    for (const unsigned digit : {1U << (bits - 1), (1U << (bits - 1)) - 1, (1U << bits) - 2}) {
      Number same(0);
      for (unsigned at = 0; at + bits <= 255; at += bits)
        same = same + Number::power_of_2(at) * Number(digit);
      all.push_back(same);
    }
  }
  return all;
}

class GroupP256Test : public testing::TestWithParam<const GroupP256Ops*> {
 protected:
  void SetUp() override {
    if (!ops().supported()) GTEST_SKIP() << "this CPU lacks the instructions";
  }
  [[nodiscard]] static const GroupP256Ops& ops() { return *GetParam(); }

  struct Task {
    EcPoint q;
    Number u1, u2;
  };

  /// Compares complete sums with OpenSSL's and fast ones with these, unless they met an exception;
  /// returns how many did.
  template <typename Fast, typename Complete>
  static std::size_t compare(const std::vector<Task>& tasks, Fast fast, Complete complete) {
    std::size_t exceptions = 0;
    const std::size_t lanes = ops().lanes;
    for (std::size_t begin = 0; begin < tasks.size(); begin += lanes) {
      std::vector<P256Point> q(lanes);
      std::vector<P256Scalar> u1(lanes);
      std::vector<P256Scalar> u2(lanes);
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        const Task& task = tasks[std::min(begin + lane, tasks.size() - 1)];
        q[lane] = task.q.bytes();
        u1[lane] = to_scalar(task.u1);
        u2[lane] = to_scalar(task.u2);
      }
      std::vector<P256Sum> fast_sums(lanes);
      std::vector<P256Sum> sums(lanes);
      fast(q.data(), u1.data(), u2.data(), fast_sums.data());
      complete(q.data(), u1.data(), u2.data(), sums.data());
      for (std::size_t lane = 0; lane < lanes && begin + lane < tasks.size(); ++lane) {
        const Task& task = tasks[begin + lane];
        EXPECT_EQ(sums[lane], expected(EcPoint::combine(task.u1, task.q, task.u2))) << begin + lane;
        if (fast_sums[lane].has_no_z)
          ++exceptions;
        else
          EXPECT_EQ(fast_sums[lane], sums[lane]) << begin + lane;
      }
    }
    return exceptions;
  }

  static std::size_t compare_all(const std::vector<Task>& tasks, std::span<const int> comb_bits) {
    std::size_t exceptions = compare(tasks, ops().straus, ops().straus_complete);
    for (const int bits : comb_bits)
      exceptions += compare(
          tasks, [&](auto... args) { ops().comb(bits, args...); },
          [&](auto... args) { ops().comb_complete(bits, args...); });
    return exceptions;
  }
};

TEST_P(GroupP256Test, SumsOfAllKinds) {
  const EcPoint g = EcPoint::base();
  const EcPoint p = EcPoint::random();
  const EcPoint minus_p = EcPoint::combine(Number(0), p, Number(0) - Number(1));
  const EcPoint twice_p = EcPoint::combine(Number(0), p, Number(2));
  struct Sum {
    EcPoint a, b;
    bool is_exception;
  };
  const std::vector<Sum> sums = {{p, g, false},      {g, p, false},       {p, p, true},
                                 {p, minus_p, true}, {p, twice_p, false}, {twice_p, p, false},
                                 {minus_p, p, true}, {g, g, true}};
  for (const Sum& sum : sums) {
    const std::vector<P256Point> a(ops().lanes, sum.a.bytes());
    const std::vector<P256Point> b(ops().lanes, sum.b.bytes());
    std::vector<P256Sum> out(ops().lanes);
    ops().add_complete(a.data(), b.data(), out.data());
    EXPECT_EQ(out.back(), expected(sum.a + sum.b));
    ops().add_affine(a.data(), b.data(), out.data());
    const P256Sum exception = {true, {}};
    EXPECT_EQ(out.back(), sum.is_exception ? exception : expected(sum.a + sum.b));
    ops().twice(a.data(), out.data());
    EXPECT_EQ(out.back(), expected(sum.a + sum.a));
  }
}

TEST_P(GroupP256Test, RandomKeysAndEdgesOfScalars) {
  const auto edges = edge_scalars();
  std::vector<Task> tasks;
  for (std::size_t i = 0; i < edges.size(); ++i)
    tasks.push_back({EcPoint::random(), edges[i], edges[(i * 5 + 3) % edges.size()]});
  compare_all(tasks, std::array{4, 5, 8});
}

// Sums of multiples of one point are equal, opposite and infinite on the way, and at the end.
TEST_P(GroupP256Test, KeysThatAreMultiplesOfTheBasePoint) {
  const auto edges = edge_scalars();
  std::vector<Task> tasks;
  for (const int factor : {1, -1, 2, -2, 3, 31, 32, -32, 1023, 1024}) {
    const Number f = factor > 0 ? Number(static_cast<unsigned>(factor))
                                : Number(0) - Number(static_cast<unsigned>(-factor));
    const EcPoint key = EcPoint::combine(f, EcPoint::base(), Number(0));
    for (std::size_t i = 0; i < edges.size(); i += 5) {
      tasks.push_back({key, edges[i], edges[i]});
      tasks.push_back({key, Number(0) - f * edges[i], edges[i]});  // infinity
      tasks.push_back({key, f * edges[i], edges[i]});
    }
  }
  EXPECT_GT(compare_all(tasks, std::array{4}), tasks.size() / 2);
}

std::vector<const GroupP256Ops*> compiled_ops() {
  std::vector<const GroupP256Ops*> all = {&kGroupP256PortableOps};
#if defined(__x86_64__)
  all.push_back(&kGroupP256IfmaOps);
#endif
  return all;
}

INSTANTIATE_TEST_SUITE_P(Kernels, GroupP256Test, testing::ValuesIn(compiled_ops()),
                         [](const testing::TestParamInfo<const GroupP256Ops*>& tested) {
                           return std::string(tested.param->name);
                         });

}  // namespace
}  // namespace salus::engine::signature
