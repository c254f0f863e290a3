#!/bin/bash
# lint.sh: style and types, of the Python and of the TypeScript.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
bash "$root/.make/setup.sh" python client
export PATH="$tools/bin:$PATH"
cd "$root"
say "ruff"
"$venv/bin/ruff" check .
"$venv/bin/ruff" format --check .
say "mypy"
"$venv/bin/mypy"
say "tsc"
client/node_modules/.bin/tsc -p client
say "eslint"
client/node_modules/.bin/eslint -c client/eslint.config.js client tests/e2e
