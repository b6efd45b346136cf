#!/usr/bin/env bash
# Checks Salus on a machine with an NVIDIA GPU and records what it does there.
#
#   scripts/gpu-check.sh pack BUILD_DIR OUT_DIR     where it was built: puts all that is needed into OUT_DIR
#   OUT_DIR/gpu-check.sh [RESULTS_DIR]              on the GPU's machine
#   scripts/gpu-check.sh [RESULTS_DIR]              on the GPU's machine, with a build in place
#
# The GPU's machine needs the NVIDIA driver and a C library no older than the building machine's; no compiler,
# headers or network. BUILD_DIR is best one of the preset `portable` (`cmake --build --preset gpu-check`
# builds what is packed, and no more). Measures what the hardware can do (multiply-adds, field operations,
# copies), runs every kernel test on the device (and once more under compute-sanitizer, where it is
# installed), `salus doctor`, and all benchmarks, those of signatures over batch sizes and numbers of keys.
# Figures are written to RESULTS_DIR (default: bench/results, or where OUT_DIR is: results).
#
# SALUS_GPU picks another device than cuda:0 for the benchmarks; SALUS_DURATION the seconds for each row.
#
# Exit codes: 0 all good, 1 a check said no, 2 wrong usage or files missing, 3 no usable GPU.
set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
device=${SALUS_GPU:-cuda:0}
duration=${SALUS_DURATION:-3}
# Small tests that touch every kernel; under a sanitizer the others would take hours.
sanitized='CudaHash.*:CudaScan.NoCandidate*:CudaScan.HitsBeyond*:CudaScan.TheLast*:CudaMerkle.RootsOfMany*:CudaMerkle.Scattered*'

signatures_sanitized='Keys/DeviceSignatures.BothAlgorithms*:Keys/DeviceSignatures.Tables*:Keys/DeviceSignatures.LongMessages*:Keys/DeviceSignatures.P256AtTheEdges*'

say() { printf 'gpu-check: %s\n' "$*"; }
give_up() {
  local code=$1
  shift
  say "$*" >&2
  exit "$code"
}

pack() {
  local build=$1 out=$2 program
  mkdir -p "$out/lib" || give_up 2 "cannot make $out"
  for program in cli/salus bench/gpu/gpu_rates tests/engine/cuda/engine_cuda_tests \
    tests/engine/cuda/engine_cuda_signature_tests; do
    [ -x "$build/$program" ] || give_up 2 "there is no $build/$program: build it, with nvcc, first"
    cp "$build/$program" "$out/" || give_up 2 "cannot copy $build/$program"
    # What the C library's own package brings has to be the other machine's.
    ldd "$build/$program" | awk '$2 == "=>" && $3 ~ /^\// { print $3 }' |
      grep -Ev '/(libc|libm|libdl|libpthread|librt)\.so' | xargs -r cp -L -t "$out/lib"
  done
  cp "$here/gpu-check.sh" "$out/"
  say "packed into $out ($(du -sh "$out" | cut -f1)); copy it to the GPU's machine and run $(basename "$out")/gpu-check.sh"
}

# Sets `salus`, `rates`, `tests` and `signature_tests`.
find_programs() {
  local root build
  if [ -x "$here/salus" ] && [ -x "$here/engine_cuda_tests" ]; then
    salus=$here/salus rates=$here/gpu_rates
    tests=$here/engine_cuda_tests signature_tests=$here/engine_cuda_signature_tests
    results=${1:-$here/results}
    export LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
    return
  fi
  root=$(dirname "$here")
  results=${1:-$root/bench/results}
  for build in portable test; do
    salus=$root/build/$build/cli/salus
    rates=$root/build/$build/bench/gpu/gpu_rates
    tests=$root/build/$build/tests/engine/cuda/engine_cuda_tests
    signature_tests=$root/build/$build/tests/engine/cuda/engine_cuda_signature_tests
    [ -x "$salus" ] && [ -x "$tests" ] && return
  done
  give_up 2 "found neither packed programs beside this script nor a build with nvcc in $root/build/{portable,test}"
}

# The name that the device has in Salus, as a file name.
device_file_name() {
  "$salus" devices --json 2>/dev/null |
    awk -v id="\"$device\"" '
      $1 == "\"id\":" { ours = index($0, id) }
      ours && /^      "name":/ { sub(/^ *"name": "/, ""); sub(/",?$/, ""); print; exit }' |
    tr '[:upper:] ' '[:lower:]-' | tr -cd 'a-z0-9-'
}

failures=0
# step NAME COMMAND...: runs it, says how it went, and counts a failure.
step() {
  local name=$1 code
  shift
  say "== $name"
  "$@"
  code=$?
  if [ "$code" -eq 0 ]; then
    say "== $name: good"
  else
    say "== $name: FAILED (exit code $code)"
    failures=$((failures + 1))
  fi
}

# bench_verify TITLE FILE OPTION...: both algorithms from host memory, over batch sizes unless --batch is given.
bench_verify() {
  local title=$1 file=$2
  shift 2
  step "signatures, $title" "$salus" bench verify --device "$device" --duration "$duration" --verify \
    --json "$results/$name-$file.json" "$@"
}

sanitize() {
  local tool=$1 program=$2 filter=$3
  if ! command -v compute-sanitizer >/dev/null; then
    say "== compute-sanitizer $tool: skipped, it is not installed here"
    return
  fi
  step "compute-sanitizer $tool, $(basename "$program")" compute-sanitizer --tool "$tool" --error-exitcode 9 \
    "$program" --gtest_filter="$filter" --gtest_brief=1
}

if [ "${1:-}" = pack ]; then
  [ $# -eq 3 ] || give_up 2 "usage: gpu-check.sh pack BUILD_DIR OUT_DIR"
  pack "$2" "$3"
  exit
fi
[ $# -le 1 ] || give_up 2 "usage: gpu-check.sh [RESULTS_DIR]"

find_programs "$@"
"$salus" --version >/dev/null || give_up 2 "$salus does not start on this machine (its message stands above)"
name=$(device_file_name)
if [ -z "$name" ]; then
  "$salus" devices || true
  give_up 3 "Salus sees no $device here (the table above says why)"
fi
mkdir -p "$results" || give_up 2 "cannot make $results"
say "device $device: $name"
command -v nvidia-smi >/dev/null &&
  nvidia-smi --query-gpu=name,driver_version,power.limit,pcie.link.gen.current,pcie.link.width.current --format=csv

step "rates of the hardware" "$rates" "${device#cuda:}" "$results/$name-rates.json"
step "kernel tests on the device" "$tests" --gtest_brief=1
step "signature tests on the device" "$signature_tests" --gtest_brief=1
for tool in memcheck racecheck; do
  sanitize "$tool" "$tests" "$sanitized"
  sanitize "$tool" "$signature_tests" "$signatures_sanitized"
done
step "salus doctor" "$salus" doctor
step "benchmarks" "$salus" bench all --device "cpu,$device" --impl all --duration "$duration" --verify \
  --json "$results/$name.json"
bench_verify "any keys" verify
bench_verify "1000 known keys" verify-1000-keys --keys 1000
bench_verify "10000 known keys, large batches" verify-10000-keys --keys 10000 --batch 262144
bench_verify "any keys, large batches" verify-large --batch 262144
bench_verify "one in ten bad, large batches" verify-bad --batch 262144 --bad 0.1

if [ "$failures" -ne 0 ]; then
  give_up 1 "$failures of the checks failed"
fi
say "all good; the figures are in $results/$name*.json"
