# Headers of others that many sources of a target read, compiled once for all of them: reading them is
# half the work of a build. None of this repository's own stand here, or a change of one would build
# everything again. Sources include what they use all the same; preset `debug`, which has no precompiled
# headers, shows what one forgot.
set(SALUS_STANDARD_HEADERS
  <algorithm> <array> <atomic> <bit> <chrono> <cmath> <condition_variable> <cstddef> <cstdint>
  <cstdlib> <cstring> <ctime> <deque> <filesystem> <fstream> <functional> <iterator> <limits> <map>
  <memory> <mutex> <numeric> <optional> <set> <span> <sstream> <stdexcept> <stop_token> <string>
  <string_view> <system_error> <thread> <tuple> <type_traits> <unordered_map> <unordered_set>
  <utility> <variant> <vector>)

# salus_precompile(TARGET more headers...)
# salus_precompile(TARGET REUSE_FROM target that is compiled with the same options)
function(salus_precompile target)
  if(CMAKE_DISABLE_PRECOMPILE_HEADERS)
    return()
  endif()
  if("${ARGV1}" STREQUAL REUSE_FROM)
    target_precompile_headers(${target} REUSE_FROM ${ARGV2})
  else()
    target_precompile_headers(${target} PRIVATE ${SALUS_STANDARD_HEADERS} ${ARGN})
  endif()
  # GCC's preprocessor then names the precompiled header, so that ccache can take it into account.
  target_compile_options(${target} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fpch-preprocess>)
endfunction()
