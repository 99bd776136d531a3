# runs the stages of check.sh and test.sh; sourced by both.
#
# each stage prints its name and seconds; the first that fails shows its output and a hint, and
# ends the run. a stage that passes keeps its output to itself.

if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
  stage_green=$'\e[32m' stage_red=$'\e[31m' stage_plain=$'\e[0m'
else
  stage_green='' stage_red='' stage_plain=''
fi

# tenths of a second; whole seconds where bash is older than 5 and has no finer clock
stage_clock() {
  local now=${EPOCHREALTIME:-$SECONDS.0}
  # some locales write the fraction with a comma
  now=${now/,/.}
  local fraction=${now#*.}
  printf '%s' "$((${now%.*} * 10 + ${fraction:0:1}))"
}

stage_time() { # BEGUN
  local tenths=$(($(stage_clock) - $1))
  printf '%d.%d s' "$((tenths / 10))" "$((tenths % 10))"
}

# stage NAME HINT COMMAND...
stage() {
  local name=$1 hint=$2 begun output code=0
  shift 2
  begun=$(stage_clock)
  output=$("$@" 2>&1) || code=$?
  if [[ $code -eq 0 ]]; then
    printf '%sok%s      %-13s %s\n' "$stage_green" "$stage_plain" "$name" "$(stage_time "$begun")"
    return 0
  fi
  printf '%sfailed%s  %-13s %s\n\n%s\n\nhint: %s\n' "$stage_red" "$stage_plain" "$name" "$(stage_time "$begun")" "$output" "$hint"
  exit 1
}

# the four stages that need no running program; they expect $node and the folder to be settled
fast_stages() {
  local bin=node_modules/.bin
  PATH=${node%/*}:$PATH
  stage 'format' '`npm run format` formats everything, `npx oxfmt FILE` one file' "$bin/oxfmt" --check
  stage 'lint' 'a rule that is wrong in one place is switched off there, with the reason: // oxlint-disable-next-line RULE -- why' "$bin/oxlint"
  stage 'types' 'node_modules/.bin/tsc --noEmit shows these again' "$bin/tsc" --noEmit --pretty false
  stage 'architecture' 'each line names the remedy; node scripts/check-architecture.ts shows these again' "$node" scripts/check-architecture.ts
}
