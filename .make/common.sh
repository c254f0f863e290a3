# Shared by every script of this folder: where things are, and steps that are done only once.
# shellcheck shell=bash
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/.build
# Another folder can be named, so that several work trees share one set of tools.
tools=${SHAPELENS_TOOLS:-$build/tools}
venv=$root/.venv

NODE_VERSION=24.19.0
CODE_SERVER_VERSION=4.139.1

say() { printf '== %s (%ss)\n' "$1" "$SECONDS"; }

fail() {
  printf 'error: %s\n' "$1" >&2
  exit 1
}

# run_once STAMP INPUT... -- COMMAND...: runs the command unless the stamp already holds this
# hash of the inputs (files, or plain words such as a version).
run_once() {
  local stamp=$1 input hash
  shift
  local inputs=()
  while [ "$1" != -- ]; do
    inputs+=("$1")
    shift
  done
  shift
  hash=$(
    for input in "${inputs[@]}"; do
      if [ -f "$input" ]; then cat "$input"; else printf '%s\n' "$input"; fi
    done | git hash-object --stdin
  )
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$hash" ]; then return; fi
  "$@"
  mkdir -p "$(dirname "$stamp")"
  printf '%s\n' "$hash" >"$stamp"
}

# What client/workbench/ needs to open a VS Code of its own.
workbench_environment() {
  export PATH="$tools/bin:$PATH"
  export SHAPELENS_CODE_SERVER="$tools/code-server/node_modules/.bin/code-server"
  export SHAPELENS_CHROMIUM="${SHAPELENS_CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}"
  export SHAPELENS_PYTHON="$venv/bin/python"
  export SHAPELENS_VSCE="$root/client/node_modules/.bin/vsce"
  export SHAPELENS_PICTURES="$build/pictures"
  export SHAPELENS_VSIX=$1
}
