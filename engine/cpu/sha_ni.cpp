// The SHA extensions: one message a register pair, several of them interleaved.
#include "engine/cpu/cpu_info.h"
#include "engine/cpu/sha_ni_mine.h"
#include "engine/cpu/sha_ni_streams.h"
#include "engine/cpu/variant.h"

namespace salus::engine::cpu {

constinit const CpuVariant kShaNiVariant = {"sha-ni",     sha_ni::kStreams, cpu_has_sha_ni,
                                            sha_ni::scan, sha_ni::compress, sha_ni::leaves32,
                                            sha_ni::nodes};

}  // namespace salus::engine::cpu
