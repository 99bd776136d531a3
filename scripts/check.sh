#!/usr/bin/env bash
# the fast checks (`npm run check`, and the pre-commit hook): format, lint, types, architecture.
set -euo pipefail

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$root"
. scripts/settle-node.sh
. scripts/stages.sh

settle_node "$root" all
fast_stages
