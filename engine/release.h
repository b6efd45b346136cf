// Owners of what C libraries hand out.
#pragma once

namespace salus::engine {

/// A deleter for std::unique_ptr that calls `Free`.
template <auto Free>
struct Release {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};

}  // namespace salus::engine
