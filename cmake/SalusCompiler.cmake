# Language level, warnings and sanitizers for every target, in one place.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# In code that may become part of a shared library GCC calls a file's own functions as if another
# library could replace them, instead of inlining them; checking a SenML pack takes a fifth longer
# so. Clang does not.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT SALUS_SANITIZE)
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fno-semantic-interposition>)
endif()

find_program(SALUS_CCACHE ccache)
if(SALUS_CCACHE)
  # With paths relative to the checkout, what was compiled in one serves all others. The sloppiness is
  # what precompiled headers need; the table of inodes saves reading those for every object.
  set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
                                  CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_INODECACHE=1
                                  ${SALUS_CCACHE})
  set(CMAKE_CUDA_COMPILER_LAUNCHER ${CMAKE_CXX_COMPILER_LAUNCHER})
endif()

# A build links a hundred test programs, with sanitizers large ones: these are faster at it.
find_program(SALUS_LINKER NAMES ld.mold ld.lld)
if(SALUS_LINKER AND SALUS_TESTS AND NOT SALUS_PORTABLE)
  cmake_path(GET SALUS_LINKER EXTENSION LAST_ONLY linker)
  string(REPLACE "." "-fuse-ld=" linker ${linker})
  add_link_options(${linker})
endif()

add_library(salus_options INTERFACE)
target_compile_options(salus_options INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wconversion -Wshadow -Werror>
  # Clang counts a change of sign as a conversion, GCC does not.
  $<$<COMPILE_LANG_AND_ID:CXX,Clang>:-Wno-sign-conversion>)

if(SALUS_SANITIZE)
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fsanitize=address,undefined>
                      $<$<COMPILE_LANGUAGE:CXX>:-fno-sanitize-recover=all>
                      $<$<COMPILE_LANGUAGE:CXX>:-fno-omit-frame-pointer>)
  add_link_options(-fsanitize=address,undefined)
endif()
if(SALUS_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined)
  add_link_options(-fsanitize=address,undefined)
  # Parsers are what is fuzzed; kernels of thousands of instructions in a row, instrumented, take
  # Clang the best part of an hour.
  set(SALUS_KERNEL_OPTIONS -O1 -fno-sanitize=fuzzer-no-link,address,undefined)
endif()
if(SALUS_PORTABLE)
  set(OPENSSL_USE_STATIC_LIBS ON)
  # Shared libraries that come along must not find this program's OpenSSL before their own, and have
  # to find each other where the program finds them: by DT_RPATH, DT_RUNPATH is for the program's own.
  add_link_options(-static-libstdc++ -static-libgcc -Wl,--as-needed -Wl,--exclude-libs,ALL
                   -Wl,--disable-new-dtags)
endif()
