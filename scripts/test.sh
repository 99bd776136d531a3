#!/usr/bin/env bash
# checks and tests everything; what continuous integration runs.
set -euo pipefail

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$root"
. scripts/settle-node.sh
. scripts/stages.sh

usage() {
  cat <<'TEXT'
usage: scripts/test.sh [--fast] [--without-data] [FILTER...]

  --fast           only format, lint, types and architecture (scripts/check.sh)
  --without-data   skip the suites that need the data folder, and say so at the end
  FILTER           run only the tests whose file name contains it (handed to vitest)

The data folder is ../shared/data, or where LOTUS_DATA points.
TEXT
}

filters=()
data=yes
for word in "$@"; do
  case $word in
    --fast) exec scripts/check.sh ;;
    --without-data) data=no ;;
    -h | --help)
      usage
      exit 0
      ;;
    -*)
      printf 'scripts/test.sh: unknown option %s\n\n' "$word" >&2
      usage >&2
      exit 2
      ;;
    *) filters+=("$word") ;;
  esac
done

if [[ $data == no ]]; then
  export LOTUS_WITHOUT_DATA=1
  unset LOTUS_DATA
else
  export LOTUS_DATA=${LOTUS_DATA:-$root/../shared/data}
  if [[ ! -d $LOTUS_DATA ]]; then
    printf 'scripts/test.sh: no data folder at %s: point LOTUS_DATA at it, or skip the suites that need it with --without-data\n' "$LOTUS_DATA" >&2
    exit 1
  fi
  LOTUS_DATA=$(cd -- "$LOTUS_DATA" && pwd -P)
fi

# programs that tests start, each with the Debian package that brings it
need() { # PROGRAM PACKAGE
  command -v "$1" >/dev/null || missing+=("$2")
}

find_missing() {
  missing=()
  # postgres' own programs lie beside the path, in a folder of their version
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || need initdb postgresql
  need redis-server redis-server
  need bwrap bubblewrap
  need promtool prometheus
  need wget wget
  need strace strace
  need faketime faketime
  need wrk wrk
  need systemd-analyze systemd
}

# runs as root, or through sudo where that asks nothing
install_debian() {
  local as_root=()
  [[ $(id -u) -eq 0 ]] || as_root=(sudo -n)
  # the tests start private servers; policy-rc.d keeps Debian from starting public ones now
  ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive sh -c '
    if [ ! -e /usr/sbin/policy-rc.d ]; then
      trap "rm -f /usr/sbin/policy-rc.d" EXIT
      printf "#!/bin/sh\nexit 101\n" >/usr/sbin/policy-rc.d
      chmod 755 /usr/sbin/policy-rc.d
    fi
    apt-get install -y -q --no-install-recommends "$@" || {
      apt-get update -q && apt-get install -y -q --no-install-recommends "$@"
    }' sh "$@"
}

find_missing
if [[ ${#missing[@]} -gt 0 ]]; then
  by_hand="sudo apt-get install -y --no-install-recommends ${missing[*]}"
  if ! command -v apt-get >/dev/null; then
    printf 'scripts/test.sh: the tests need programs that Debian calls: %s. install them, then run this again\n' "${missing[*]}" >&2
    exit 1
  elif [[ $(id -u) -ne 0 ]] && ! sudo -n true 2>/dev/null; then
    printf 'scripts/test.sh: the tests need more programs. type: %s\n' "$by_hand" >&2
    exit 1
  fi
  printf 'installing %s (Debian packages)\n' "${missing[*]}"
  stage 'programs' "try by hand: $by_hand" install_debian "${missing[@]}"
  find_missing
  if [[ ${#missing[@]} -gt 0 ]]; then
    printf 'scripts/test.sh: still missing after the installation: %s\n' "${missing[*]}" >&2
    exit 1
  fi
fi

settle_node "$root" all
fast_stages

printf 'tests\n'
begun=$(stage_clock)
PATH=${node%/*}:$PATH
# the second reporter prints the closing line with the numbers
node_modules/.bin/vitest run --reporter=default --reporter=./scripts/test-count-reporter.ts ${filters[@]+"${filters[@]}"} || {
  printf '\n%sfailed%s  %-13s %s\nhint: node_modules/.bin/vitest run FILE repeats one file, -t NAME one test\n' \
    "$stage_red" "$stage_plain" tests "$(stage_time "$begun")" >&2
  exit 1
}
