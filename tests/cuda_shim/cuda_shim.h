// What tests ask of the CUDA stand-in: faults, counts, and the order of work.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>

namespace cuda_shim {

/// When queued work runs; see cuda_runtime.h.
enum class Order { late, early };

/// A machine with one small device that works, no faults armed, counts at zero. What was allocated
/// before still counts as live.
void reset(Order order = Order::late);

/// What the driver queries answer from now on.
struct Driver {
  cudaError_t status = cudaSuccess;
  int device_count = 1;
  int version = 13000;
};
void set_driver(const Driver& driver);

/// The call with that number, counted from 1 since `reset`, returns `error` and does nothing. Frees
/// and destructions count as well. A sticky error is returned by every call after it, too.
void fail_call(std::size_t number, cudaError_t error, bool sticky);
/// Calls since `reset`.
std::size_t calls();

/// The copy to the host with that number, counted from 1, arrives with one bit changed.
void corrupt_copy_to_host(std::size_t number);
std::size_t copies_to_host();

/// Allocations, streams and events that were made and not released.
std::size_t live_resources();
/// Bytes that the device may hold.
void set_memory_limit(std::size_t bytes);

}  // namespace cuda_shim
