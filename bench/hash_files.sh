#!/usr/bin/env bash
# Times `salus hash -c` beside sha256sum and rhash on the same files, in turn within each round, so
# that all of them meet the same machine. Files lie in memory (/dev/shm): what is compared is the
# programs, not a disk.
#
#   bench/hash_files.sh [--rounds N] [--small COUNT] [--large COUNT] [--large-mib SIZE] [SALUS]
#
# SALUS is the program to time (default build/release/cli/salus). Needs room in /dev/shm for
# COUNT x 4 KiB + COUNT x SIZE MiB; everything is removed at the end. Prints for each program the
# best and the median wall time, the rate of the best, the least CPU time of all its threads, which
# says more than the wall where others use the machine too, and its largest memory.
set -euo pipefail

rounds=5 small=100000 large=8 large_mib=256
salus=$(dirname "$0")/../build/release/cli/salus
while [ $# -gt 0 ]; do
  case $1 in
    --rounds) rounds=$2; shift 2 ;;
    --small) small=$2; shift 2 ;;
    --large) large=$2; shift 2 ;;
    --large-mib) large_mib=$2; shift 2 ;;
    --help) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;;
    -*) echo "$0: unknown option: $1 (see --help)" >&2; exit 2 ;;
    *) salus=$1; shift ;;
  esac
done
salus=$(realpath "$salus")
[ -x "$salus" ] || { echo "$0: no program at $salus" >&2; exit 2; }
[ -x /usr/bin/time ] || { echo "$0: needs /usr/bin/time (Debian package time)" >&2; exit 2; }
cores=$(nproc)

work=$(mktemp -d /dev/shm/salus-bench-XXXXXX)
trap 'rm -rf "$work"' EXIT
cd "$work"

echo "making $small files of 4 KiB and $large of $large_mib MiB ..."
mkdir small large parts
head -c $((small * 4096)) /dev/urandom | split -b 4096 -a 6 -d - small/f
for i in $(seq "$large"); do head -c $((large_mib << 20)) /dev/urandom > "large/f$i"; done
find small -type f | LC_ALL=C sort | xargs sha256sum > small.sha256
find large -type f | LC_ALL=C sort | xargs sha256sum > large.sha256
for set in small large; do split -n "l/$cores" "$set.sha256" "parts/$set."; done

# timed NAME SET COMMAND...: appends "wall user system KiB" to results/SET.NAME; the command must succeed.
mkdir results
timed() {
  local name=$1 set=$2
  shift 2
  /usr/bin/time -q -o time -f '%e %U %S %M' "$@" > output || { echo "$name failed" >&2; exit 1; }
  cat time >> "results/$set.$name"
}

have_rhash=$(command -v rhash || true)
for round in $(seq "$rounds"); do
  for set in small large; do
    timed salus "$set" "$salus" hash -c "$set.sha256"
    if [ -n "$have_rhash" ]; then
      timed rhash "$set" sh -c "ls parts/$set.* | xargs -P$cores -n1 rhash --sha256 -c"
    fi
    # One round is enough for the slow one.
    [ "$round" -gt 1 ] || timed sha256sum "$set" sha256sum -c "$set.sha256"
  done
  echo "round $round of $rounds done"
done

report() {  # SET AMOUNT UNIT TITLE
  printf '\n%s\n%-10s %8s %9s %17s %8s %8s\n' "$4" program 'best s' 'median s' "$3" 'CPU s' 'max MiB'
  for name in salus rhash sha256sum; do
    [ -f "results/$1.$name" ] || continue
    sort -n "results/$1.$name" | awk -v name="$name" -v amount="$2" '
      { wall[NR] = $1; cpu = $2 + $3; if (NR == 1 || cpu < least) least = cpu
        if ($4 > memory) memory = $4 }
      END { printf "%-10s %8.2f %9.2f %17.2f %8.2f %8.1f\n", name, wall[1], wall[int((NR + 1) / 2)],
            amount / wall[1], least, memory / 1024 }'
  done
}
report small "$((small / 1000))" 'thousand files/s' "$small files of 4 KiB, $cores cores"
report large "$(awk "BEGIN { print $large * $large_mib * 1048576 / 1e9 }")" 'GB/s' \
  "$large files of $large_mib MiB, $cores cores"
