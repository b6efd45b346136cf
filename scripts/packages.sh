# Debian packages that Salus is built and tested with, and how they get here. Sourced by ./run and ./test.
# shellcheck shell=bash disable=SC2034  # the lists are used by those two

build_packages=(g++ cmake ninja-build ccache git
  libssl-dev libcli11-dev libfmt-dev libspdlog-dev nlohmann-json3-dev
  opencl-headers opencl-clhpp-headers ocl-icd-libopencl1
  librocksdb-dev libxxhash-dev libnats-dev libtomlplusplus-dev libboost-dev prometheus-cpp-dev
  libexpat1-dev)

test_packages=(libgtest-dev libgmock-dev libbenchmark-dev libsodium-dev libreadstat-dev
  ocl-icd-opencl-dev pocl-opencl-icd lld clang-format groff zsh fish openssl curl
  golang-go golang-golang-x-mod-dev hashdeep rhash libxml2-utils
  mosquitto mosquitto-clients libmosquitto-dev nats-server)

say() { printf 'salus: %s\n' "$*" >&2; }

# Installs those of the packages named that are not there. Leaves with 3 when it may not.
install_missing() {
  if ! command -v apt-get dpkg-query >/dev/null; then
    say "this is not a Debian system: going on with what is here"
    return
  fi
  local missing
  mapfile -t missing < <(
    comm -23 <(printf '%s\n' "$@" | sort) \
      <(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^ii *//p' | sort -u))
  [ ${#missing[@]} -eq 0 ] && return
  local -a as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null || { [ ! -t 0 ] && ! sudo -n true 2>/dev/null; }; then
      say "these Debian packages are missing, and installing them needs root's rights:"
      say "  apt-get install --no-install-recommends ${missing[*]}"
      exit 3
    fi
    as_root=(sudo)
  fi
  say "installing ${missing[*]}"
  local log
  log=$(mktemp)
  if ! { "${as_root[@]}" apt-get update &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    say "apt-get could not install them (its last lines stand above)"
    exit 3
  fi
  rm -f "$log"
}

# Configures a preset once and builds it; silent where this very commit was built before. Nothing goes
# to stdout.
build_preset() {
  local preset=$1 log=build/configure-$1.log stamp=build/$1/built-commit commit
  if [ ! -f "build/$preset/build.ninja" ]; then
    mkdir -p build
    if ! cmake --preset "$preset" >"$log" 2>&1; then
      cat "$log" >&2
      exit 3
    fi
    sed -n '/-- Salus/,$p' "$log" >&2
  fi
  commit=$(git rev-parse HEAD 2>/dev/null || echo unknown)
  if [ "$(cat "$stamp" 2>/dev/null)" = "$commit" ]; then
    ninja --quiet -C "build/$preset" >&2 || exit 3
  else
    say "building build/$preset (the first time takes some minutes)"
    ninja -C "build/$preset" >&2 || exit 3
    echo "$commit" >"$stamp"
  fi
}
