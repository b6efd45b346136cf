// A source that gives little at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include "engine/byte_source.h"

namespace salus::test {

/// Bytes in memory, in pieces as pipes give them: each read has at most so many.
class Trickle : public ByteSource {
 public:
  Trickle(Bytes bytes, std::size_t piece) : inner_(bytes), piece_(piece) {}
  std::size_t read(std::span<std::uint8_t> out) override {
    return inner_.read(out.first(std::min(out.size(), piece_)));
  }

 private:
  MemorySource inner_;
  std::size_t piece_;
};

}  // namespace salus::test
