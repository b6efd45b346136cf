// Whether this build is slowed down by a sanitizer.
#pragma once

#include <cstddef>

namespace salus::engine::signature {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kIsSanitized = true;
#else
inline constexpr bool kIsSanitized = false;
#endif

/// So many, or a twentieth under a sanitizer.
constexpr std::size_t scaled(std::size_t count) { return kIsSanitized ? count / 20 : count; }

}  // namespace salus::engine::signature
