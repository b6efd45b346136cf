#!/usr/bin/env bash
# Checks a proof that `salus trial prove` wrote, without Salus: with bash, OpenSSL (3.0 or later) and GNU
# coreutils alone.
#
#   check-tlog-proof.sh PROOF SIGNER.pem LINE-FILE
#
# LINE-FILE holds the line of SHA256SUMS that is proved, with or without its newline; for a file that
# somebody has, that is what `sha256sum PATH` prints in the study's folder. The formats: C2SP tlog-proof,
# tlog-checkpoint and signed-note; the tree: RFC 9162, 2.1.3.2. Exit code 0 when the signer signed a tree
# that has this line, 1 when not, 2 when something cannot be read.
set -euo pipefail

refuse() {
  printf 'INVALID: %s\n' "$1"
  exit 1
}
if [ $# -ne 3 ]; then
  echo 'usage: check-tlog-proof.sh PROOF SIGNER.pem LINE-FILE' >&2
  exit 2
fi
for file in "$@"; do
  if [ ! -r "$file" ]; then
    printf 'check-tlog-proof.sh: %s cannot be read\n' "$file" >&2
    exit 2
  fi
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Each is read more than once, and may be a pipe.
cat "$1" >"$work/proof"
cat "$2" >"$work/key"
cat "$3" >"$work/line"

# SHA-256 of standard input, and the hash of an inner node, all in hex.
hash() { openssl dgst -sha256 -r | cut -c1-64; }
node() { printf '01%s%s' "$1" "$2" | tr a-f A-F | basenc -d --base16 | hash; }
# Sets `hex` to the digest that is given in base64.
read_digest() {
  hex=$(printf '%s' "$1" | base64 -d 2>"$work/errors" | basenc -w0 --base16 | tr A-F a-f) || true
  [ ${#hex} -eq 64 ] || refuse 'a hash is not 32 bytes in base64'
}

# The proof: its first part up to the empty line, then the checkpoint: text, empty line, signatures.
mapfile -t lines <"$work/proof"
[ "${lines[0]:-}" = 'c2sp.org/tlog-proof@v1' ] || refuse 'not a tlog-proof'
at=1
case ${lines[at]:-} in extra\ *) at=$((at + 1)) ;; esac
case ${lines[at]:-} in index\ *) index=${lines[at]#index } ;; *) refuse 'it has no index' ;; esac
at=$((at + 1))
path=()
while [ -n "${lines[at]:-}" ]; do
  read_digest "${lines[at]}"
  path+=("$hex")
  at=$((at + 1))
done
origin=${lines[at + 1]:-} size=${lines[at + 2]:-}
read_digest "${lines[at + 3]:-}"
root=$hex
[[ $index =~ ^(0|[1-9][0-9]{0,17})$ && $size =~ ^[1-9][0-9]{0,17}$ ]] || refuse 'a number is malformed'
[ -z "${lines[at + 4]-}" ] || refuse 'the checkpoint has more lines than three'

# The signature: over the three lines, by the key that is trusted.
printf '%s\n' "${lines[@]:at+1:3}" >"$work/text"
good=no
for line in "${lines[@]:at+5}"; do
  case $line in "— $origin "*) ;; *) continue ;; esac
  printf '%s' "${line##* }" | base64 -d 2>"$work/errors" | tail -c +5 >"$work/signature"
  if openssl pkey -pubin -in "$work/key" -noout -text 2>"$work/errors" | grep -q ED25519; then
    openssl pkeyutl -verify -pubin -inkey "$work/key" -rawin -in "$work/text" -sigfile "$work/signature" \
      >"$work/errors" 2>&1 && good=yes
  else
    openssl dgst -sha256 -verify "$work/key" -signature "$work/signature" "$work/text" >"$work/errors" 2>&1 && good=yes
  fi
done
[ $good = yes ] || refuse 'this key did not sign the checkpoint'

# The path from the line's leaf to the root.
[ "$index" -lt "$size" ] || refuse 'the tree has no such line'
hash_now=$({ printf '\0'; head -c -1 "$work/line"; tail -c 1 "$work/line" | tr -d '\n'; } | hash)
fn=$index sn=$((size - 1))
for sibling in "${path[@]}"; do
  [ "$sn" -ne 0 ] || refuse 'the path is too long'
  if [ $((fn & 1)) -eq 1 ] || [ "$fn" -eq "$sn" ]; then
    hash_now=$(node "$sibling" "$hash_now")
    while [ $((fn & 1)) -eq 0 ] && [ "$fn" -ne 0 ]; do fn=$((fn >> 1)) sn=$((sn >> 1)); done
  else
    hash_now=$(node "$hash_now" "$sibling")
  fi
  fn=$((fn >> 1)) sn=$((sn >> 1))
done
[ "$sn" -eq 0 ] || refuse 'the path is too short'
[ "$hash_now" = "$root" ] || refuse 'the line is not in the signed tree'
printf 'OK: line %s of %s in the seal of %s\n' "$index" "$size" "$origin"
