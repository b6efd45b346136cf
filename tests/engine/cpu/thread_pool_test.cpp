#include "engine/cpu/thread_pool.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <atomic>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace salus::engine::cpu {
namespace {

TEST(ThreadPool, DoesEachPartOnce) {
  for (const unsigned threads : {1U, 2U, 5U}) {
    ThreadPool pool(threads);
    EXPECT_EQ(pool.threads(), threads);
    for (const std::size_t parts : {0UL, 1UL, 2UL, 4UL, 1000UL}) {
      std::vector<std::atomic<int>> done(parts);
      pool.run(parts, [&](std::size_t part) { ++done[part]; });
      for (const std::atomic<int>& count : done) EXPECT_EQ(count, 1);
    }
  }
}

TEST(ThreadPool, WorksOnSeveralThreadsAtOnce) {
  ThreadPool pool(3);
  std::atomic<int> arrived = 0;
  std::mutex mutex;
  std::set<std::thread::id> threads;
  // Each part waits for the others, which ends only when they run side by side.
  pool.run(3, [&](std::size_t) {
    {
      const std::lock_guard lock(mutex);
      threads.insert(std::this_thread::get_id());
    }
    ++arrived;
    while (arrived < 3) std::this_thread::yield();
  });
  EXPECT_EQ(threads.size(), 3U);
}

TEST(ThreadPool, DoesASmallJobBesideALargeOne) {
  for (const unsigned threads : {1U, 3U}) {
    ThreadPool pool(threads);
    std::atomic<bool> has_begun = false;
    std::atomic<bool> is_small_done = false;
    // Each part of the large job waits for the small one, which ends only when it need not wait.
    std::jthread large([&] {
      pool.run(8, [&](std::size_t) {
        has_begun = true;
        while (!is_small_done) std::this_thread::yield();
      });
    });
    while (!has_begun) std::this_thread::yield();
    std::atomic<int> done = 0;
    pool.run(16, [&](std::size_t) { ++done; });
    EXPECT_EQ(done, 16);
    is_small_done = true;
  }
}

TEST(ThreadPool, KeepsTheJobsOfManyCallersApart) {
  ThreadPool pool(3);
  std::vector<std::jthread> callers;
  for (std::size_t caller = 0; caller < 4; ++caller) {
    callers.emplace_back([&pool, caller] {
      for (std::size_t repeat = 0; repeat < 200; ++repeat) {
        std::vector<std::atomic<int>> done(1 + (caller * 7 + repeat) % 20);
        const bool fails = repeat % 3 == caller % 3;
        try {
          pool.run(done.size(), [&](std::size_t part) {
            ++done[part];
            if (fails && part == done.size() / 2) throw caller;
          });
          EXPECT_FALSE(fails);
          for (const std::atomic<int>& count : done) EXPECT_EQ(count, 1);
        } catch (const std::size_t thrown) {
          EXPECT_TRUE(fails);
          EXPECT_EQ(thrown, caller);
        }
      }
    });
  }
}

TEST(ThreadPool, HandsAnExceptionToTheCallerAndGoesOnWorking) {
  for (const unsigned threads : {1U, 4U}) {
    ThreadPool pool(threads);
    for (int repeat = 0; repeat < 50; ++repeat) {
      std::atomic<int> begun = 0;
      try {
        pool.run(10'000, [&](std::size_t part) {
          ++begun;
          if (part == 20) throw std::runtime_error("part 20");
        });
        FAIL() << "did not throw";
      } catch (const std::runtime_error& error) {
        EXPECT_EQ(std::string(error.what()), "part 20");
      }
      EXPECT_GE(begun, 21);
      std::atomic<int> done = 0;
      pool.run(100, [&](std::size_t) { ++done; });
      EXPECT_EQ(done, 100);
    }
  }
}

TEST(ThreadPool, ThrowsOneOfSeveralExceptions) {
  ThreadPool pool(4);
  EXPECT_THROW(pool.run(100, [](std::size_t) { throw std::runtime_error("all fail"); }),
               std::runtime_error);
}

TEST(ThreadPool, KeepsTheAffinityOfItsMaker) {
  cpu_set_t before;
  ASSERT_EQ(sched_getaffinity(0, sizeof before, &before), 0);
  int allowed = 0;
  while (!CPU_ISSET(allowed, &before)) ++allowed;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(allowed, &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  {
    ThreadPool pool(4);
    pool.run(64, [&](std::size_t) { EXPECT_EQ(sched_getcpu(), allowed); });
  }
  ASSERT_EQ(sched_setaffinity(0, sizeof before, &before), 0);
}

}  // namespace
}  // namespace salus::engine::cpu
