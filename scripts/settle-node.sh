# settles which Node runs LOTUS and that its packages are there; sourced by every command.
#
# it is on the way of every goal, so while nothing changed it costs one call of stat: the stamp
# in .runtime/ holds the path of node and what node, the lock and the installed tree looked like
# when all three were last found right. anything else is left to settle-runtime.sh, which takes
# the time it needs and says what it does.
#
# plain sh, so that the smallest shell of the machine can run it.

# variables are not named LOTUS_…: those are settings, and unknown ones are refused.

# one line a file (device, inode, size, modified, changed), or nothing where one is missing
settle_look() {
  stat -L -c '%d:%i:%s:%.9Y:%.9Z' "$@" 2>/dev/null || stat -L -f '%d:%i:%z:%Fm:%Fc' "$@" 2>/dev/null
}

# settle_node ROOT SCOPE: sets $node, or ends the calling script with the reason said.
# SCOPE is `production`, or `all` where the packages for development are needed too.
settle_node() {
  settle_root=$1
  settle_scope=$2
  node=
  settled_scope=
  settled_node=
  settled_1=
  settled_2=
  settled_3=
  if [ -r "$settle_root/.runtime/settled" ]; then
    {
      read -r settled_scope
      read -r settled_node
      read -r settled_1
      read -r settled_2
      read -r settled_3
    } <"$settle_root/.runtime/settled" || : # a stamp cut short just doesn't match
    case $settled_scope in
      all | "$settle_scope")
        settled_look="$settled_1
$settled_2
$settled_3"
        settle_tree=$settle_root/node_modules/.package-lock.json
        if [ "$settled_look" = "$(settle_look "$settled_node" "$settle_root/package-lock.json" "$settle_tree")" ]; then
          node=$settled_node
        fi
        ;;
    esac
  fi
  if [ -z "$node" ]; then
    # 6 is the exit code for "LOTUS can't be reached or started"; an interrupt keeps its own
    node=$(bash "$settle_root/scripts/settle-runtime.sh" "$settle_root" "$settle_scope") || {
      settle_code=$?
      [ "$settle_code" -gt 128 ] && exit "$settle_code"
      exit 6
    }
  fi
  # compiled code is kept between calls: a third of the time a command takes to start
  if [ -z "${NODE_COMPILE_CACHE:-}" ] && [ -w "$settle_root/.runtime/compile-cache" ]; then
    NODE_COMPILE_CACHE=$settle_root/.runtime/compile-cache
    export NODE_COMPILE_CACHE
  fi
}
