#!/usr/bin/env bash
# nats-servers for trying things out and for tests: one, or a cluster of three, with the
# configuration of deploy/nats, on free ports of the loopback, with certificates and passwords that
# are made up and a store that is thrown away.
#
#   scripts/nats-servers.sh [1|3]               until it is stopped (Ctrl-C, SIGTERM)
#   scripts/nats-servers.sh [1|3] COMMAND...    until the command ends, whose exit code it has
#
# Writes what clients need to stdout once the servers are there, as lines NAME=value, which the
# command has in its environment:
#
#   SALUS_NATS_FOLDER      everything is below it; validator-1.password, ca.pem, ...
#   SALUS_NATS_SERVERS     their URLs, with commas between
#   SALUS_NATS_AUTHORITY   PEM file for TLS
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
servers=1
case ${1-} in 1 | 3)
  servers=$1
  shift
  ;;
esac
PATH=$PATH:/usr/sbin
for program in nats-server openssl; do
  if ! command -v "$program" >/dev/null; then
    echo "nats-servers: $program is not installed" >&2
    exit 3
  fi
done

folder=$(mktemp -d "${TMPDIR:-/tmp}/salus-nats.XXXXXX")
chmod 700 "$folder"
running=()
stop_all() {
  trap - EXIT
  [ ${#running[@]} -eq 0 ] || kill "${running[@]}" 2>/dev/null || true
  wait || true
  rm -rf "$folder"
}
trap stop_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

make_certificates() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
    -subj "/CN=Salus test authority" -keyout "$folder/ca.key" -out "$folder/ca.pem"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
    -subj "/CN=localhost" -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" \
    -addext "extendedKeyUsage=serverAuth,clientAuth" -addext "basicConstraints=critical,CA:FALSE" \
    -CA "$folder/ca.pem" -CAkey "$folder/ca.key" -keyout "$folder/server.key" -out "$folder/server.pem"
}

make_password() { # USER VARIABLE
  local password
  password=$(openssl rand -hex 24)
  (umask 077 && printf '%s\n' "$password" >"$folder/$1.password")
  export "$2=\"$password\""
}

free_ports() { # COUNT
  # Ports of the range that the system gives to clients are left alone.
  local port found=0
  while [ "$found" -lt "$1" ]; do
    port=$((20000 + RANDOM % 10000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && continue
    echo "$port"
    found=$((found + 1))
  done
}

start_server() { # NUMBER PORT CLUSTER-PORT
  local configuration=server.conf
  [ "$servers" -eq 1 ] || configuration=cluster.conf
  SALUS_NATS_NAME="salus-$1" SALUS_NATS_ADDRESS="\"127.0.0.1:$2\"" SALUS_NATS_STORE="\"$folder/store-$1\"" \
    SALUS_NATS_CLUSTER_ADDRESS="\"127.0.0.1:$3\"" \
    nats-server -c "$here/deploy/nats/$configuration" -l "$folder/server-$1.log" 2>"$folder/server-$1.err" &
  running+=($!)
}

wait_for_line() { # PATTERN NUMBER
  local tries
  for ((tries = 0; tries < 300; tries++)); do
    grep -qE "$1" "$folder/server-$2.log" 2>/dev/null && return
    kill -0 "${running[$2 - 1]}" 2>/dev/null || break
    sleep 0.1
  done
  echo "nats-servers: server $2 did not start; the last that it said:" >&2
  tail -q -n 5 "$folder/server-$2.err" "$folder/server-$2.log" >&2 2>/dev/null || true
  exit 1
}

make_certificates 2>"$folder/openssl.log" || {
  cat "$folder/openssl.log" >&2
  exit 1
}
for user in telemetry validator-1 validator-2 operator system; do
  variable=SALUS_NATS_${user^^}_PASSWORD
  make_password "$user" "${variable//-/_}"
done
export SALUS_NATS_CERTIFICATE="\"$folder/server.pem\"" SALUS_NATS_KEY="\"$folder/server.key\""
export SALUS_NATS_AUTHORITY="\"$folder/ca.pem\""

mapfile -t ports < <(free_ports $((2 * servers)) | sort -u)
[ ${#ports[@]} -eq $((2 * servers)) ] || mapfile -t ports < <(free_ports $((2 * servers)))
routes=
urls=
for ((i = 0; i < servers; i++)); do
  routes+="${routes:+, }\"nats-route://127.0.0.1:${ports[servers + i]}\""
  urls+="${urls:+,}nats://localhost:${ports[i]}"
done
export SALUS_NATS_ROUTES="[$routes]"
for ((i = 0; i < servers; i++)); do start_server $((i + 1)) "${ports[i]}" "${ports[servers + i]}"; done
for ((i = 0; i < servers; i++)); do wait_for_line "Server is ready" $((i + 1)); done
if [ "$servers" -gt 1 ]; then
  # Streams can be made once the servers have agreed on a leader for that, which one of them is.
  wait_for_line "JetStream cluster new metadata leader|Self is new JetStream cluster metadata leader" 1
fi

export SALUS_NATS_FOLDER=$folder SALUS_NATS_SERVERS=$urls SALUS_NATS_AUTHORITY=$folder/ca.pem
printf 'SALUS_NATS_FOLDER=%s\nSALUS_NATS_SERVERS=%s\nSALUS_NATS_AUTHORITY=%s\n' \
  "$folder" "$urls" "$SALUS_NATS_AUTHORITY"
if [ $# -gt 0 ]; then
  "$@"
else
  wait "${running[@]}"
fi
