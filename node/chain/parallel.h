// A loop cut into as many parts as there are threads.
#pragma once

#include <algorithm>
#include <cstddef>
#include <exception>
#include <thread>
#include <vector>

namespace salus::node {

/// Where part `part` of `parts` about equal ones begins.
constexpr std::size_t part_begin(std::size_t count, std::size_t part, std::size_t parts) {
  return count / parts * part + std::min(part, count % parts);
}

/// Calls `work(part, first, end)` for each of `parts` parts of [0, count), each on a thread of its
/// own, the first on this one. Throws what `work` threw for the first part that failed.
template <typename Work>
void for_parts(std::size_t count, std::size_t parts, const Work& work) {
  std::vector<std::exception_ptr> failures(parts);
  const auto run = [&](std::size_t part) {
    try {
      work(part, part_begin(count, part, parts), part_begin(count, part + 1, parts));
    } catch (...) {
      failures[part] = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t part = 1; part < parts; ++part) threads.emplace_back(run, part);
    run(0);
  }
  for (const std::exception_ptr& failure : failures)
    if (failure) std::rethrow_exception(failure);
}

}  // namespace salus::node
