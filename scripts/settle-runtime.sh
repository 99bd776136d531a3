#!/usr/bin/env bash
# finds or installs Node 24 and the locked packages, then stamps what it found.
#
# called by settle-node.sh when the stamp doesn't hold. prints the path of node on stdout;
# progress and errors go to stderr. everything is made in a temporary folder and renamed, under
# a lock: a start that is killed, or two at once, leave nothing half done.
set -euo pipefail

root=$1
scope=$2
runtime=$root/.runtime
least=24

if [[ -t 2 && -z ${NO_COLOR:-} ]]; then
  dim=$'\e[2m' red=$'\e[31m' plain=$'\e[0m'
else
  dim='' red='' plain=''
fi

say() { printf '%slotus:%s %s\n' "$dim" "$plain" "$1" >&2; }
fail() {
  printf '%slotus: %s%s\n' "$red" "$1" "$plain" >&2
  exit 6
}

# seconds since a moment, for progress lines
since() { printf '%s s' "$((SECONDS - $1))"; }

working=
clean() { [[ -z $working ]] || rm -rf "$working"; }
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# where .runtime can't be written (a checkout owned by somebody else) everything still works
# when Node and packages are there already; it is only looked at anew each time.
writable=yes
mkdir -p "$runtime" 2>/dev/null && [[ -w $runtime ]] || writable=no

need_writable() {
  [[ $writable == yes ]] || fail "can't write $runtime to $1: start LOTUS as the owner of $root, or clone it into a folder of your own"
}

# one settle at a time
take_lock() {
  [[ $writable == yes ]] || return 0
  if command -v flock >/dev/null; then
    exec 9>"$runtime/settle.lock"
    if ! flock -n 9; then
      say 'another start is installing, waiting for it'
      flock -w 600 9 || fail "another start has been installing for ten minutes: see who holds $runtime/settle.lock, end it, start again"
    fi
    return 0
  fi
  # without flock (macOS) the lock is a link that names its holder
  local waited='' holder
  until ln -s "$$" "$runtime/settle.pid" 2>/dev/null; do
    holder=$(readlink "$runtime/settle.pid" || true)
    if [[ -n $holder ]] && ! kill -0 "$holder" 2>/dev/null; then
      rm -f "$runtime/settle.pid"
      continue
    fi
    [[ -n $waited ]] || say 'another start is installing, waiting for it'
    waited=yes
    sleep 0.2
  done
  trap 'clean; rm -f "$runtime/settle.pid"' EXIT
}

new_working() {
  working=$(mktemp -d "$runtime/incoming.XXXXXX") || fail "can't make a temporary folder in $runtime: is the disk full?"
}

hash_of() { # ALGORITHM (256, 512) FILE -> hex
  if command -v "sha${1}sum" >/dev/null; then
    "sha${1}sum" "$2" | cut -d ' ' -f 1
  else
    shasum -a "$1" "$2" | cut -d ' ' -f 1
  fi
}

integrity_of() { # FILE -> sha512-BASE64, as npm writes it
  local hex
  hex=$(hash_of 512 "$1")
  printf 'sha512-%s' "$(printf '%b' "$(sed 's/../\\x&/g' <<<"$hex")" | base64 | tr -d '\n')"
}

# says in one line why npm failed, with what to do about it
explain_npm() { # WHAT LOG
  local code
  # the last code is the one npm gave up on
  code=$(grep -oE 'ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED|ENOSPC|EACCES|EROFS|EINTEGRITY|ETARGET|E40[134]|EBADENGINE|EUSAGE|CERT_[A-Z_]*|SELF_SIGNED[A-Z_]*|UNABLE_TO[A-Z_]*' "$2" | tail -n 1 || true)
  case $code in
    ENOTFOUND | EAI_AGAIN | ECONN* | ETIMEDOUT | ERR_SOCKET_TIMEOUT | ENETUNREACH | EHOSTUNREACH | ENOTCACHED)
      fail "can't install $1: npm can't reach its registry ($code). connect to the network, or name a registry you can reach with \`npm config set registry URL\`, then start again; once installed LOTUS needs no network" ;;
    ENOSPC) fail "can't install $1: the disk that holds $root is full. free 600 MB, then start again" ;;
    EACCES | EROFS) fail "can't install $1: no permission to write ($code, see $2). start as the owner of $root and of npm's cache" ;;
    EINTEGRITY) fail "can't install $1: what the registry sent is not what the lock names (EINTEGRITY, see $2). \`npm cache clean --force\`, then start again; if it stays so, don't trust this registry" ;;
    CERT_* | SELF_SIGNED* | UNABLE_TO*) fail "can't install $1: the registry's certificate is not trusted ($code). set NODE_EXTRA_CA_CERTS to your network's certificate, then start again" ;;
    ETARGET | E404) fail "can't install $1: the registry doesn't have it ($code, see $2). check \`npm config get registry\`" ;;
    E401 | E403) fail "can't install $1: the registry refuses you ($code). \`npm login\`, or check \`npm config get registry\`" ;;
    EUSAGE) fail "can't install $1: package.json and package-lock.json don't agree (EUSAGE, see $2). \`git checkout package.json package-lock.json\`, or \`npm install\` if you changed them" ;;
    *)
      tail -n 15 "$2" >&2
      fail "can't install $1: npm failed with the words above; the whole of it is in $2" ;;
  esac
}

# a registry that does not answer is given up after seconds, not after the minute npm would take;
# what its cache has is used, since every version and hash is pinned
npm_patience=(--prefer-offline --fetch-retries=2 --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=4000 --no-audit --no-fund --no-update-notifier --loglevel=http)

need_npm() {
  command -v npm >/dev/null || fail "can't install $1: npm is not on the PATH. install it (Debian: sudo apt-get install npm), then start again"
}

# the true path of a node (a version manager's shim is another file) when it is new enough
accept_node() {
  "$1" -p "Number(process.versions.node.split('.')[0]) >= $least && !process.versions.bun ? process.execPath : ''" 2>/dev/null </dev/null || true
}

node_on_path() {
  local candidate found
  while IFS= read -r candidate; do
    found=$(accept_node "$candidate")
    if [[ -n $found ]]; then
      printf '%s' "$found"
      return 0
    fi
  done < <(type -ap node)
}

platform() {
  local system machine
  system=$(uname -s)
  machine=$(uname -m)
  case $machine in
    x86_64 | amd64) machine=x64 ;;
    aarch64 | arm64) machine=arm64 ;;
  esac
  printf '%s-%s' "$(tr '[:upper:]' '[:lower:]' <<<"$system")" "$machine"
}

# sets $node to the Node of runtime.lock: used when its binary is the one the lock names, else installed
node_of_runtime() {
  local wanted package version integrity binary begun home archive got
  wanted=$(platform)
  read -r _ package version integrity binary < <(grep -E "^$wanted " "$root/scripts/runtime.lock") ||
    fail "LOTUS needs Node $least or newer and brings none for $wanted. install it (your package manager, nvm or nodejs.org), put it on the PATH, then start again"
  home=$runtime/node-$version-$wanted
  if [[ -x $home/bin/node ]]; then
    if [[ $(hash_of 256 "$home/bin/node") == "$binary" ]]; then
      node=$(accept_node "$home/bin/node")
      [[ -n $node ]] || fail "Node $version in $home does not run on this machine. install Node $least or newer, put it on the PATH, then start again"
      return 0
    fi
    say "the Node in $home is not the one scripts/runtime.lock names: not using it, installing it anew"
  fi
  need_writable "install Node $version"
  need_npm "Node $version"
  begun=$SECONDS
  say "no Node $least or newer on the PATH: installing Node $version into .runtime (50 MB)"
  new_working
  (cd "$working" && npm pack "$package@$version" --ignore-scripts --pack-destination "$working" "${npm_patience[@]}" >/dev/null 2>"$runtime/npm.log") ||
    explain_npm "Node $version" "$runtime/npm.log"
  archive=$(find "$working" -name '*.tgz' -type f | head -n 1)
  [[ -n $archive ]] || explain_npm "Node $version" "$runtime/npm.log"
  got=$(integrity_of "$archive")
  [[ $got == "$integrity" ]] ||
    fail "refusing Node $version: the registry sent $got and scripts/runtime.lock names $integrity. check \`npm config get registry\`; don't use what it sends"
  mkdir "$working/node"
  tar -xzf "$archive" -C "$working/node" --strip-components=1 ||
    fail "can't unpack Node $version into $runtime: is the disk full? it needs 200 MB"
  rm -f "$working/node/CHANGELOG.md"
  rm -rf "$home"
  mv "$working/node" "$home"
  rm -rf "$working"
  working=
  node=$(accept_node "$home/bin/node")
  [[ -n $node ]] || fail "Node $version was installed into $home but does not run on this machine. install Node $least or newer, put it on the PATH, then start again"
  say "Node $version installed ($(since "$begun"))"
}

install_packages() { # REASON: why, for the person who waits
  local begun omit
  need_writable 'install the packages'
  need_npm 'the packages'
  begun=$SECONDS
  omit=()
  [[ $scope == all ]] || omit=(--omit=dev)
  say "installing the locked packages: $1"
  new_working
  cp "$root/package.json" "$root/package-lock.json" "$working/"
  [[ ! -f $root/.npmrc ]] || cp "$root/.npmrc" "$working/"
  # npm runs on the Node just settled: it refuses older ones, and binaries are chosen for it.
  # it works in a folder of its own, so that a running LOTUS keeps its packages until the rename.
  (cd "$working" && PATH="${node%/*}:$PATH" npm ci --ignore-scripts ${omit[@]+"${omit[@]}"} "${npm_patience[@]}" >"$runtime/npm.log" 2>&1) ||
    explain_npm 'the packages' "$runtime/npm.log"
  if [[ -e $root/node_modules || -L $root/node_modules ]]; then
    mv "$root/node_modules" "$working/replaced"
  fi
  mv "$working/node_modules" "$root/node_modules"
  rm -rf "$working"
  working=
  say "packages installed ($(since "$begun"))"
}

settle_packages() {
  local verdict there reason
  read -r verdict there reason < <("$node" "$root/scripts/packages-match.ts" "$root")
  # packages for development that are there are kept, whoever asks
  if [[ $verdict == differ ]]; then
    [[ $there != all ]] || scope=all
    install_packages "$reason"
  elif [[ $scope == all && $there != all ]]; then
    install_packages 'those for development are missing'
  else
    scope=$there
  fi
}

write_stamp() {
  [[ $writable == yes ]] || return 0
  mkdir -p "$runtime/compile-cache"
  . "$root/scripts/settle-node.sh"
  {
    printf '%s\n%s\n' "$scope" "$node"
    settle_look "$node" "$root/package-lock.json" "$root/node_modules/.package-lock.json"
  } >"$runtime/settled.$$"
  mv -f "$runtime/settled.$$" "$runtime/settled"
}

take_lock
# what a killed start left behind; nobody else works here while the lock is held
[[ $writable == no ]] || rm -rf "$runtime"/incoming.* "$runtime"/settled.[0-9]*

node=$(node_on_path)
[[ -n $node ]] || node_of_runtime
settle_packages
write_stamp
printf '%s\n' "$node"
