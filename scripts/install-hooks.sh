#!/usr/bin/env bash
# installs the pre-commit hook that runs scripts/check.sh; nothing else installs it.
set -euo pipefail

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$root"

# git knows where hooks lie: core.hooksPath, a worktree's common folder, or .git/hooks
if ! hooks=$(git rev-parse --git-path hooks 2>/dev/null); then
  printf 'scripts/install-hooks.sh: %s is not a git checkout, there is nothing to hook into\n' "$root" >&2
  exit 1
fi
hook=$hooks/pre-commit
mark='installed by scripts/install-hooks.sh of LOTUS'

if [[ -e $hook ]] && ! grep -q "$mark" "$hook"; then
  printf 'scripts/install-hooks.sh: %s exists and is not ours; add the line scripts/check.sh to it yourself, or move it away\n' "$hook" >&2
  exit 1
fi

mkdir -p "$hooks"
# the hook finds the checkout it runs in, so that a shared hooks folder serves other repositories too
cat >"$hook.new" <<HOOK
#!/usr/bin/env bash
# $mark
root=\$(git rev-parse --show-toplevel)
[[ ! -x \$root/scripts/check.sh ]] || exec "\$root/scripts/check.sh"
HOOK
chmod 755 "$hook.new"
mv -f "$hook.new" "$hook"
printf 'pre-commit hook installed: %s\n' "$hook"
