#!/usr/bin/env bash
# starts LOTUS with one command on a machine that has nothing but bash, git and npm.
#
# it settles Node and the locked packages (scripts/settle-node.sh) and hands every word on to
# scripts/lotus.ts; only `help` is answered here, because it must work where nothing else does.
set -euo pipefail

self=$0
while [[ -L $self ]]; do
  target=$(readlink "$self")
  case $target in
    /*) self=$target ;;
    *) self=${self%/*}/$target ;;
  esac
done
[[ $self == */* ]] || self=./$self
root=$(CDPATH='' cd -- "${self%/*}" && pwd -P)

teach() {
  cat <<'TEXT'
LOTUS: state a goal in words; it is planned, done under a policy you can read,
remembered, and done again for nothing.

  ./start_lotus.sh              start in the background and show what is running
  ./start_lotus.sh status       what runs, how healthy it is, and why not if it isn't
  ./start_lotus.sh stop         finish what is under way, then stop; reports what was done
  ./start_lotus.sh restart      stop, then start
  ./start_lotus.sh foreground   run in this terminal, log to it, stop with Ctrl+C
  ./start_lotus.sh help         this text

Every other word is a command of LOTUS, and LOTUS is started first where it must run:

  ./start_lotus.sh run "how much space is left on this disk?"
  ./start_lotus.sh run "make a folder notes" --yes
  ./start_lotus.sh undo         take the last change back
  ./start_lotus.sh audit show   who did what, and which rule allowed it
  ./start_lotus.sh doctor       look for what is wrong with this installation
  scripts/lotus --help          all commands, each with its own --help

Options of start go without the word: ./start_lotus.sh --port 9000. State lies in ~/.lotus, or where
LOTUS_HOME points. The first start installs Node 24 (where there is none) and the locked
packages inside this folder; from then on no network is needed.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused or denied (status: not running),
4 needs your confirmation, 5 needs a model, 6 LOTUS can't be reached or started.
TEXT
}

case ${1-} in
  '') set -- start ;;
  help | -h | --help)
    if [[ $# -le 1 ]]; then
      teach
      exit 0
    fi
    ;;
  --version | -V) ;;
  -*) set -- start "$@" ;;
esac

# shellcheck source=scripts/settle-node.sh
. "$root/scripts/settle-node.sh"
settle_node "$root" production
exec "$node" "$root/scripts/lotus.ts" "$@"
