#include "engine/cuda/runtime.h"

#include <string>

#include "engine/error.h"

namespace salus::engine::cuda {

void check(cudaError_t status, const char* what) {
  if (status == cudaSuccess) return;
  static_cast<void>(cudaGetLastError());  // or the next call, which may be fine, reports it again
  throw Error(ErrorKind::device, std::string(what) + ": " + cudaGetErrorString(status) + " (" +
                                     cudaGetErrorName(status) + ")");
}

Stream::Stream() {
  check(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "create a stream");
}

Stream::~Stream() { static_cast<void>(cudaStreamDestroy(stream_)); }

void Stream::synchronize() const { check(cudaStreamSynchronize(stream_), "wait for the device"); }

Event::Event(Timing timing) {
  check(cudaEventCreateWithFlags(&event_,
                                 timing == Timing::on ? cudaEventDefault : cudaEventDisableTiming),
        "create an event");
}

Event::~Event() { static_cast<void>(cudaEventDestroy(event_)); }

void Event::record(const Stream& stream) {
  check(cudaEventRecord(event_, stream.get()), "record an event");
}

void Event::synchronize() const { check(cudaEventSynchronize(event_), "wait for the device"); }

void Event::block(const Stream& stream) const {
  check(cudaStreamWaitEvent(stream.get(), event_, 0), "order two streams");
}

float Event::milliseconds_since(const Event& start) const {
  float milliseconds = 0;
  check(cudaEventElapsedTime(&milliseconds, start.event_, event_), "time a kernel");
  return milliseconds;
}

void copy_to_device(std::uint8_t* to, const std::uint8_t* from, std::size_t bytes,
                    const Stream& stream) {
  if (bytes == 0) return;
  check(cudaMemcpyAsync(to, from, bytes, cudaMemcpyHostToDevice, stream.get()),
        "copy to the device");
}

void copy_to_host(std::uint8_t* to, const std::uint8_t* from, std::size_t bytes,
                  const Stream& stream) {
  if (bytes == 0) return;
  check(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToHost, stream.get()),
        "copy from the device");
}

void copy_on_device(std::uint8_t* to, const std::uint8_t* from, std::size_t bytes,
                    const Stream& stream) {
  if (bytes == 0) return;
  check(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToDevice, stream.get()),
        "copy on the device");
}

void fill_zero(std::uint8_t* to, std::size_t bytes, const Stream& stream) {
  check(cudaMemsetAsync(to, 0, bytes, stream.get()), "clear memory on the device");
}

}  // namespace salus::engine::cuda
