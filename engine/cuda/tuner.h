// Chooses kernels by timing them on the device.
#pragma once

#include <string>
#include <vector>

#include "engine/cuda/kernel_choice.h"
#include "engine/cuda/runtime.h"
#include "engine/cuda/sizes.h"

namespace salus::engine::cuda {

/// A choice and how it compares: "10.4 GH/s; interleaved x4, plain, 256 threads 8.1 GH/s".
template <class Choice>
struct Tuned {
  Choice choice;
  std::string reason;
};

/// Times kernels on data that is in device memory already, by events on the compute stream.
class Tuner {
 public:
  /// With a `form` only kernels of that form are timed.
  Tuner(const Sizes& sizes, Stream& compute, std::string form);

  Tuned<MineChoice> mine(unsigned versions);
  Tuned<HashChoice> hash();
  Tuned<HashChoice> merkle();

 private:
  /// How long what `queue` queues takes, in seconds.
  template <class Queue>
  double seconds(const Queue& queue);
  /// Keeps the device busy until it has left its idle clock.
  template <class Queue>
  void warm_up(const Queue& queue);
  template <class Choice, class Queue>
  Tuned<Choice> fastest(const std::vector<Choice>& choices, double units, const char* unit,
                        const Queue& queue);

  Sizes sizes_;
  Stream& compute_;
  std::string form_;
  Event start_{Event::Timing::on};
  Event stop_{Event::Timing::on};
};

}  // namespace salus::engine::cuda
