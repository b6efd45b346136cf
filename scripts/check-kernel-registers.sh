#!/bin/sh
# Fails when a kernel of mining or signatures spills registers or uses local memory on any of three architectures:
# Turing, Hopper and Blackwell stand for those in between.
#
#   scripts/check-kernel-registers.sh NVCC SOURCE_DIR WORK_DIR
#
# Exits with 77, which CTest shows as skipped, when there is no program NVCC.
set -eu

nvcc=$1
if [ ! -x "$nvcc" ]; then
  echo "skipped: no nvcc, so the kernels' register use cannot be checked"
  exit 77
fi
source_dir=$2
report=$3/kernel-registers.txt

rm -f "$report"*
files="mine_plain mine_adds mine_one_rotate mine_two_rotates ed25519 p256"
for file in $files; do
  "$nvcc" -std=c++20 -O3 -I "$source_dir" -Xptxas -v -fatbin -o "$report.$file.fatbin" \
    --generate-code=arch=compute_75,code='[sm_75,sm_90,sm_120]' \
    "$source_dir/kernels/cuda/$file.cu" >"$report.$file" 2>&1 &
done
wait
for file in $files; do cat "$report.$file"; done >"$report"

kernels=$(grep -c 'bytes stack frame' "$report" || true)
if [ "$kernels" -lt 87 ]; then
  echo "expected a report on 87 kernels (on 3 architectures 4 x 5 of mining and 4 + 5 of signatures), found $kernels:"
  cat "$report"
  exit 1
fi
if grep 'bytes stack frame' "$report" |
    grep -v '^ *0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads$'; then
  echo "a kernel uses local memory; the whole report:"
  cat "$report"
  exit 1
fi
echo "$kernels kernels: no stack frame, no spills"
grep -o 'Used [0-9]* registers' "$report" | sort | uniq -c
