// Finds the few bytes of a text that mean something: 64 bytes become one word with a bit for each.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace salus::trial::csv {

/// Three kinds of bytes in a text that is followed by `kSlack` readable bytes.
class StructuralScan {
 public:
  static constexpr std::size_t kSlack = 64;

  StructuralScan(const char* text, std::size_t size, char delimiter)
      : text_(text), size_(size), delimiter_(delimiter) {
    load(0);
  }

  /// The first delimiter, quote or line feed at or after `from`, which never goes back; the size of
  /// the text where there is none.
  std::size_t next(std::size_t from) {
    if (from >= size_) return size_;
    if (from >= begin_ + 64) load(from & ~std::size_t{63});
    std::uint64_t bits = from > begin_ ? mask_ & (~std::uint64_t{0} << (from - begin_)) : mask_;
    while (bits == 0) {
      if (begin_ + 64 >= size_) return size_;
      load(begin_ + 64);
      bits = mask_;
    }
    const std::size_t found = begin_ + static_cast<std::size_t>(std::countr_zero(bits));
    return found < size_ ? found : size_;
  }

 private:
  void load(std::size_t begin) {
    begin_ = begin;
    mask_ = begin < size_ ? mask_at(text_ + begin) : 0;
  }

#if defined(__SSE2__)
  [[nodiscard]] std::uint64_t mask_at(const char* bytes) const {
    const __m128i delimiter = _mm_set1_epi8(delimiter_);
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i line_feed = _mm_set1_epi8('\n');
    std::uint64_t mask = 0;
    for (unsigned i = 0; i < 4; ++i) {
      const __m128i part = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 16 * i));
      const __m128i found =
          _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(part, delimiter), _mm_cmpeq_epi8(part, quote)),
                       _mm_cmpeq_epi8(part, line_feed));
      mask |= static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(found)))
              << (16 * i);
    }
    return mask;
  }
#else
  [[nodiscard]] std::uint64_t mask_at(const char* bytes) const {
    std::uint64_t mask = 0;
    for (unsigned i = 0; i < 64; ++i)
      if (bytes[i] == delimiter_ || bytes[i] == '"' || bytes[i] == '\n')
        mask |= std::uint64_t{1} << i;
    return mask;
  }
#endif

  const char* text_;
  std::size_t size_;
  char delimiter_;
  std::size_t begin_ = 0;
  std::uint64_t mask_ = 0;
};

}  // namespace salus::trial::csv
